"""One's own account: sessions each of which can be ended, password, one-time codes, tokens for programs."""

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import delete, select, update

from models.account import Account, Membership, SignInAttempt
from models.message import Message

GOOD, BETTER = "walnut-otter-lantern-quay", "ferry-otter-lantern-quay"
HALF_MINUTE = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def afresh(two_schools):
    """Each test begins without one-time codes and without failures remembered."""
    with two_schools.database.writing() as session:
        session.execute(update(Account).values(code_secret=None, code_confirmed=False, code_last_step=None))
        session.execute(delete(SignInAttempt))


def with_password(pages, ref="clerk1", email="clerk@invented.example"):
    """Somebody who signed in through the form."""
    page = pages.nobody()
    page.post(f"/invitation/{pages.invite(ref)}", password=GOOD)
    assert page.post("/sign-in", email=email, password=GOOD).status_code == 303
    return page


def again(pages, email="clerk@invented.example", password=GOOD):
    """The same person at another computer."""
    page = pages.nobody()
    assert page.post("/sign-in", email=email, password=password).status_code == 303
    return page


def ends(page, path="/account"):
    """The buttons that end something, by their addresses."""
    return re.findall(r'action="(/account/(?:sessions|tokens)/\d+/end)"', page.get(path).text)


def test_every_session_is_listed_and_each_can_be_ended(pages):
    here = with_password(pages)
    pages.clock.at += timedelta(minutes=3)
    there = again(pages)
    text = here.get("/account").text
    assert len(ends(here)) == 2 and text.count("this one") == 1
    assert "10:20am" in text and "10:23am" in text
    other = next(path for path in ends(here) if path not in _own_end(here))
    assert here.post(other, "/account").headers["location"] == "/account?done=session"
    assert there.get("/clerk").status_code == 303
    assert here.get("/clerk").status_code == 200


def _own_end(page):
    row = next(row for row in re.findall(r"<tr.*?</tr>", page.get("/account").text, re.S) if "this one" in row)
    return re.findall(r'action="([^"]+)"', row)


def test_ending_the_session_one_is_in_is_signing_out(pages):
    here = with_password(pages)
    kept = here.client.cookies["offsite"]
    answer = here.post(_own_end(here)[0], "/account")
    assert answer.headers["location"] == "/sign-in" and "offsite" not in here.client.cookies
    here.client.cookies.set("offsite", kept)
    assert here.get("/clerk").status_code == 303


def test_nobody_ends_a_session_of_another(pages):
    theirs, ours = with_password(pages), pages.as_("att1")
    number = _own_end(theirs)[0]
    ours.client.post(number, data={"csrf": re.search(r'name="csrf" value="([^"]+)"', ours.get("/account").text).group(1)})
    assert theirs.get("/clerk").status_code == 200


@pytest.mark.parametrize("number", ["0", "-1", "x", str(2**80)])
def test_a_session_that_cannot_be_is_no_error_of_ours(pages, number):
    ours = pages.as_("att1")
    token = re.search(r'name="csrf" value="([^"]+)"', ours.get("/account").text).group(1)
    assert 400 <= ours.client.post(f"/account/sessions/{number}/end", data={"csrf": token}).status_code < 500


def test_signing_out_everywhere_else_leaves_this_session(pages):
    here, there = with_password(pages), again(pages)
    here.post("/account/end-sessions", "/account")
    assert there.get("/clerk").status_code == 303 and here.get("/clerk").status_code == 200


def test_a_changed_password_ends_every_other_session_and_link_and_is_told(pages, two_schools):
    here, there, link = with_password(pages), again(pages), pages.invite("clerk1")
    answer = here.post("/account/password", "/account", old=GOOD, password=BETTER)
    assert answer.headers["location"] == "/account?done=password"
    assert there.get("/clerk").status_code == 303 and here.get("/clerk").status_code == 200
    assert pages.nobody().get(f"/invitation/{link}").status_code == 404
    assert pages.nobody().post("/sign-in", email="clerk@invented.example", password=GOOD).status_code == 422
    again(pages, password=BETTER)
    with two_schools.database.reading() as session:
        told = session.execute(select(Message.address, Message.body).where(Message.kind == "account")).all()
    assert told[-1].address == "clerk@invented.example" and "Your password was changed, by clerk1" in told[-1].body


@pytest.mark.parametrize("password", ["short", "password1234", "clerk@invented.example"])
def test_a_new_password_follows_the_same_rules_and_is_never_shown_again(pages, password):
    here = with_password(pages)
    answer = here.post("/account/password", "/account", old=GOOD, password=password)
    assert answer.status_code == 422 and 'href="#password"' in answer.text
    assert GOOD not in answer.text and (password not in answer.text or password == "clerk@invented.example")
    again(pages)


def test_guessing_the_present_password_is_limited_as_signing_in_is(pages):
    here = with_password(pages)
    for _ in range(5):
        answer = here.post("/account/password", "/account", old="wrong-guess", password=BETTER)
        assert "not the one you have now" in answer.text and "wrong-guess" not in answer.text
    answer = here.post("/account/password", "/account", old=GOOD, password=BETTER)
    assert answer.status_code == 422 and "too many attempts" in answer.text and 'href="#old"' in answer.text
    pages.clock.at += timedelta(minutes=1)
    assert here.post("/account/password", "/account", old=GOOD, password=BETTER).status_code == 303


def set_up(pages, page):
    """Sets one-time codes up; their secret."""
    secret = secret_on(page.get("/account/codes").text)
    assert page.post("/account/codes", code=pyotp.TOTP(secret).at(pages.clock.at)).status_code == 303
    return secret


def secret_on(text):
    return re.search(r'offsite-mono">([A-Z2-7]{32})<', text).group(1)


def test_codes_set_up_of_ones_own_accord_are_asked_for_from_then_on(pages):
    here, there = with_password(pages), again(pages)
    assert "Set up one-time codes" in here.get("/account").text
    assert "You may read concerns" not in here.get("/account/codes").text
    secret = set_up(pages, here)
    assert here.get("/clerk").status_code == 200
    assert there.get("/clerk").headers["location"] == "/sign-in/code?next=/clerk"
    pages.clock.at += HALF_MINUTE
    assert there.post("/sign-in/code", code=pyotp.TOTP(secret).at(pages.clock.at)).status_code == 303
    assert there.get("/clerk").status_code == 200


def renewal(pages, page, secret):
    """The page of renewal with its new secret; the two codes to be typed now."""
    pages.clock.at += HALF_MINUTE
    text = page.get("/account/codes/renew").text
    sealed = re.search(r'name="sealed" value="([^"]+)"', text).group(1)
    fresh = secret_on(text)
    codes = {"code": pyotp.TOTP(secret).at(pages.clock.at), "new_code": pyotp.TOTP(fresh).at(pages.clock.at)}
    return sealed, fresh, codes


def test_codes_are_renewed_by_a_code_of_each_phone(pages):
    here = with_password(pages)
    there, secret = again(pages), set_up(pages, here)
    sealed, fresh, codes = renewal(pages, here, secret)
    assert fresh != secret
    answer = here.post("/account/codes/renew", sealed=sealed, **codes)
    assert answer.headers["location"] == "/account?done=codes"
    assert there.get("/clerk").headers["location"].startswith("/sign-in?")
    pages.clock.at += HALF_MINUTE
    back = again(pages)
    assert back.post("/sign-in/code", code=pyotp.TOTP(secret).at(pages.clock.at)).status_code == 422
    assert back.post("/sign-in/code", code=pyotp.TOTP(fresh).at(pages.clock.at)).status_code == 303


@pytest.mark.parametrize("wrong", ["code", "new_code"])
def test_without_a_code_of_each_the_present_codes_stay(pages, wrong):
    here = with_password(pages)
    secret = set_up(pages, here)
    sealed, fresh, codes = renewal(pages, here, secret)
    answer = here.post("/account/codes/renew", sealed=sealed, **codes | {wrong: "000000"})
    assert answer.status_code == 422 and f'href="#{wrong}"' in answer.text
    assert secret_on(answer.text) == fresh
    pages.clock.at += HALF_MINUTE
    back = again(pages)
    assert back.post("/sign-in/code", code=pyotp.TOTP(secret).at(pages.clock.at)).status_code == 303


def test_a_picture_offered_to_one_account_is_of_no_use_to_another(pages):
    here, other = with_password(pages), with_password(pages, "att1", "attendance@invented.example")
    secret, others = set_up(pages, here), set_up(pages, other)
    sealed, fresh, _ = renewal(pages, other, others)
    _, _, codes = renewal(pages, here, secret)
    answer = here.post("/account/codes/renew", sealed=sealed, **codes | {"new_code": pyotp.TOTP(fresh).at(pages.clock.at)})
    assert answer.status_code == 422 and "This page is too old" in answer.text


def test_guessing_codes_is_limited_also_for_a_right_one(pages):
    here = with_password(pages)
    secret, there = set_up(pages, here), again(pages)
    pages.clock.at += HALF_MINUTE
    for _ in range(5):
        assert "not the one" in there.post("/sign-in/code", code="000000").text
    assert "too many attempts" in there.post("/sign-in/code", code=pyotp.TOTP(secret).at(pages.clock.at)).text
    assert "too many attempts" in here.post("/account/codes/renew", code="000000").text
    pages.clock.at += timedelta(minutes=1)
    assert there.post("/sign-in/code", code=pyotp.TOTP(secret).at(pages.clock.at)).status_code == 303


def test_a_code_typed_before_any_was_set_up_is_refused_with_a_word(pages):
    here = with_password(pages)
    assert "not set up" in here.post("/sign-in/code", code="000000").text


def test_tokens_are_listed_by_name_and_each_can_be_ended(pages):
    pages.token("clerk1", name="invented register")
    here = pages.as_("clerk1")
    api = pages.client()
    api.headers["authorization"] = f"Bearer {pages.token('clerk1', name='invented other')}"
    text = here.get("/account").text
    assert "invented register" in text and "invented other" in text and "2 Dec 2026" in text
    assert api.get("/api/placements").status_code == 200
    path = re.findall(r'action="(/account/tokens/\d+/end)"', text)[-1]
    assert here.post(path, "/account").headers["location"] == "/account?done=token"
    assert api.get("/api/placements").status_code == 401
    assert "invented other" not in here.get("/account").text


def test_nobody_ends_a_token_of_another(pages):
    api = pages.client()
    api.headers["authorization"] = f"Bearer {pages.token('clerk1', name='theirs')}"
    path = re.findall(r'action="(/account/tokens/\d+/end)"', pages.as_("clerk1").get("/account").text)[-1]
    ours = pages.as_("att1")
    ours.client.post(path, data={"csrf": re.search(r'name="csrf" value="([^"]+)"', ours.get("/account").text).group(1)})
    assert api.get("/api/placements").status_code == 200


def test_somebody_without_password_is_told_how_to_get_one(pages, two_schools):
    with two_schools.database.writing() as session:
        who = select(Membership.account_id).where(Membership.person_id == pages.person(session, "att1").id)
        session.execute(update(Account).where(Account.id.in_(who)).values(password_hash=None))
    text = pages.as_("att1").get("/account").text
    assert "ask a leader of your school for an account link" in text and 'name="old"' not in text
