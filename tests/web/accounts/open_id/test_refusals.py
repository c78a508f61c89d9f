"""Signing in with OpenID Connect refused: by whom it is, by what the provider sent, by the provider being away."""

import socket
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import delete, func, select

from models.account import OpenIdIdentity, SignIn, SignInAttempt, SpentState
from offsite.accounts import directory, ending, open_id
from offsite.accounts.settings import OidcProvider
from offsite.casework.keeping.settings import PagesSettings

MINUTE = timedelta(minutes=1)
CANNOT_BE_TRUSTED = "Invented Provider sent an answer that cannot be trusted"


@pytest.fixture(autouse=True)
def afresh(two_schools):
    """Each test begins with nobody bound and no failures remembered."""
    with two_schools.database.writing() as session:
        session.execute(delete(OpenIdIdentity))
        session.execute(delete(SignInAttempt))


@pytest.fixture
def clerk(pages, crooked, allowed):
    """A clerk with an account here, on the way to a provider that vouches for the address unless told otherwise."""
    pages.invite("clerk1")
    crooked.claims = {"email": "clerk@invented.example", "email_verified": True}
    return allowed(crooked)


def come(walk, provider, subject="clerk", onward="/clerk"):
    return walk.arrive(provider.consent(walk.leave(onward), subject))


def let_in(walk):
    return walk.browser.get("/clerk").status_code == 200


def refused(walk, answer, status, words):
    """The sign-in page says so, nobody is signed in, and nobody was bound."""
    assert answer.status_code == status
    assert "There is a problem" in answer.text and words in answer.text
    assert 'action="/sign-in"' in answer.text and 'name="next" value="/clerk"' in answer.text
    assert not let_in(walk)
    with walk.pages.here.database.reading() as session:
        assert session.scalar(select(func.count(OpenIdIdentity.id))) == 0


def test_the_straight_provider_lets_in(clerk, crooked):
    assert come(clerk, crooked).headers["location"] == "/clerk"
    assert let_in(clerk)


# who it is


@pytest.mark.parametrize("verified", [False, None, "false", 0, "yes"])
def test_an_address_nobody_vouches_for_opens_nothing(clerk, crooked, verified):
    crooked.claims["email_verified"] = verified
    refused(clerk, come(clerk, crooked), 403, "does not say that the e-mail address is yours")


def test_an_address_that_only_looks_like_a_known_one_opens_nothing(clerk, crooked):
    crooked.claims["email"] = "cler\u212a@invented.example"  # the sign of the kelvin: "k" in lower case
    refused(clerk, come(clerk, crooked), 403, "does not say that the e-mail address is yours")


def test_an_ended_account_is_told_the_same_as_none(clerk, crooked, pages, two_schools):
    assert come(clerk, crooked).status_code == 303
    with two_schools.database.writing() as session:
        account, _ = directory.account_of(session, pages.person(session, "clerk1", "999001").id)
        ending.end_account(session, account, "operator", pages.clock())
    assert not let_in(clerk)
    for subject in ("clerk", "somebody-new"):
        answer = come(clerk, crooked, subject)
        assert answer.status_code == 403 and "There is no account here for your e-mail address" in answer.text
        assert not let_in(clerk)
    with two_schools.database.writing() as session:
        directory.invite(session, pages.person(session, "clerk1", "999001"), pages.clock(), by_operator=True)


def test_microsoft_says_it_by_another_claim(clerk, crooked, allowed):
    crooked.claims = {"email": "clerk@invented.example"}
    refused(clerk, come(clerk, crooked), 403, "does not say")
    theirs = allowed(crooked, vouched_by="xms_edov")
    refused(theirs, come(theirs, crooked), 403, "does not say")
    crooked.claims["xms_edov"] = "1"
    assert come(theirs, crooked).status_code == 303 and let_in(theirs)


def test_whoever_runs_offsite_may_answer_for_every_address_but_not_against_the_provider(clerk, crooked, allowed):
    theirs = allowed(crooked, vouched_by="operator")
    crooked.claims["email_verified"] = False
    refused(theirs, come(theirs, crooked), 403, "does not say")
    crooked.claims["email_verified"] = None
    assert come(theirs, crooked).status_code == 303 and let_in(theirs)


def test_an_address_given_only_when_asked_for_is_asked_for(clerk, crooked):
    crooked.claims, crooked.user = {}, {"sub": "clerk", "email": "clerk@invented.example", "email_verified": True}
    assert come(clerk, crooked).status_code == 303 and let_in(clerk)


def test_an_address_of_somebody_else_is_not_taken(clerk, crooked):
    crooked.claims, crooked.user = {}, {"sub": "other", "email": "clerk@invented.example", "email_verified": True}
    refused(clerk, come(clerk, crooked), 502, CANNOT_BE_TRUSTED)


# what the provider sent


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"nonce": "another"}, id="nonce of another sign-in"),
        pytest.param({"nonce": None}, id="no nonce"),
        pytest.param({"aud": "another-client"}, id="for another client"),
        pytest.param({"aud": ["offsite-client", "another-client"]}, id="for another client too, and not said to whom"),
        pytest.param({"aud": "another-client", "azp": "offsite-client"}, id="for another client, though given to us"),
        pytest.param({"aud": None}, id="no audience"),
        pytest.param({"azp": "another-client"}, id="given to another client"),
        pytest.param({"iss": "https://another.example"}, id="of another issuer"),
        pytest.param({"iss": None}, id="no issuer"),
        pytest.param({"sub": ""}, id="empty subject"),
        pytest.param({"sub": None}, id="no subject"),
        pytest.param({"exp": None}, id="never runs out"),
        pytest.param({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, id="another access token"),
    ],
)
def test_a_token_that_does_not_hold_lets_nobody_in(clerk, crooked, claims):
    crooked.claims |= claims
    refused(clerk, come(clerk, crooked), 502, CANNOT_BE_TRUSTED)


@pytest.mark.parametrize(
    ("claim", "seconds", "good"), [("exp", -119, True), ("exp", -120, False), ("iat", 120, True), ("iat", 121, False)]
)
def test_a_token_runs_out_by_our_clock_give_or_take_two_minutes(clerk, crooked, pages, claim, seconds, good):
    crooked.claims[claim] = int(pages.clock().timestamp()) + seconds
    assert (come(clerk, crooked).status_code == 303) is good
    assert let_in(clerk) is good


def test_a_token_signed_with_another_key_lets_nobody_in(clerk, crooked, wrong_key):
    crooked.signer = wrong_key
    refused(clerk, come(clerk, crooked), 502, CANNOT_BE_TRUSTED)


def test_a_token_signed_with_our_own_secret_lets_nobody_in(clerk, crooked, shared_key):
    crooked.signer, crooked.header, crooked.published = shared_key, {"alg": "HS256"}, shared_key
    refused(clerk, come(clerk, crooked), 502, CANNOT_BE_TRUSTED)


@pytest.mark.filterwarnings("ignore:JWS algorithm")
def test_a_token_without_signature_lets_nobody_in(clerk, crooked):
    crooked.header = {"alg": "none"}
    refused(clerk, come(clerk, crooked), 502, CANNOT_BE_TRUSTED)


def test_a_key_changed_overnight_is_fetched(clerk, crooked, wrong_key):
    assert come(clerk, crooked).status_code == 303
    crooked.signer = crooked.published = wrong_key
    assert come(clerk, crooked).status_code == 303


def test_a_description_of_another_issuer_is_not_followed(clerk, crooked):
    crooked.about = {"issuer": "https://another.example"}
    refused(clerk, clerk.browser.get("/sign-in/with/known?next=/clerk"), 502, CANNOT_BE_TRUSTED)


@pytest.mark.parametrize("place", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("address", ["http://provider.example/x", None])
def test_an_address_of_the_provider_that_is_not_https_is_not_used(clerk, crooked, place, address):
    location = clerk.leave("/clerk")
    crooked.about = {place: address}
    if place == "authorization_endpoint":
        answer = clerk.browser.get("/sign-in/with/known?next=/clerk")
    else:
        answer = clerk.arrive(crooked.consent(location, "clerk"))
    refused(clerk, answer, 502, CANNOT_BE_TRUSTED)


def test_a_wrong_secret_of_ours_lets_nobody_in(clerk, crooked, allowed):
    theirs = allowed(crooked, client_secret="another")
    refused(theirs, come(theirs, crooked), 502, CANNOT_BE_TRUSTED)


# the state


def test_an_answer_counts_once(clerk, crooked):
    back = crooked.consent(clerk.leave("/clerk"), "clerk")
    kept = clerk.browser.client.cookies["offsite-open-id"]
    assert clerk.arrive(back).status_code == 303
    clerk.browser.client.cookies.clear()
    clerk.browser.client.cookies.set("offsite-open-id", kept)
    asked = len(crooked.asked)
    answer = clerk.arrive(back)
    assert answer.status_code == 400 and "was finished already" in answer.text and not let_in(clerk)
    assert len(crooked.asked) == asked


def test_an_answer_that_can_count_no_more_is_not_kept(clerk, crooked, pages, two_schools):
    come(clerk, crooked)
    pages.clock.at += 10 * MINUTE
    come(clerk, crooked)
    assert spent(two_schools) >= 2
    pages.clock.at += 10 * MINUTE + timedelta(seconds=1)
    come(clerk, crooked)
    assert spent(two_schools) == 1


def spent(here):
    with here.database.reading() as session:
        return session.scalar(select(func.count(SpentState.id)))


def test_an_answer_meant_for_another_browser_lets_nobody_in(clerk, crooked, allowed):
    back = crooked.consent(clerk.leave(), "clerk")
    other = allowed(crooked)
    assert other.arrive(back).status_code == 400
    other.leave()
    answer = other.arrive(back)
    assert answer.status_code == 400 and "begun elsewhere" in answer.text and not let_in(other)


def test_what_the_browser_keeps_cannot_be_made_up(clerk, crooked):
    back = crooked.consent(clerk.leave(), "clerk")
    kept = clerk.browser.client.cookies["offsite-open-id"]
    clerk.browser.client.cookies.clear()
    clerk.browser.client.cookies.set("offsite-open-id", f"{kept[:20]}{'A' if kept[20] != 'A' else 'B'}{kept[21:]}")
    assert clerk.arrive(back).status_code == 400 and not let_in(clerk)


def test_an_answer_of_another_provider_lets_nobody_in(clerk, crooked, whole, allowed):
    allowed(whole, "other")
    back = crooked.consent(clerk.leave(), "clerk").replace("/from/known", "/from/other")
    assert clerk.arrive(back).status_code == 400 and not let_in(clerk)


@pytest.mark.parametrize(("later", "status"), [(10 * MINUTE, 303), (10 * MINUTE + timedelta(seconds=1), 400)])
def test_one_has_ten_minutes_at_the_provider(clerk, crooked, pages, later, status):
    location = clerk.leave()
    pages.clock.at += later
    assert clerk.arrive(crooked.consent(location, "clerk")).status_code == status


def test_breaking_off_there_is_said(clerk):
    state = clerk.leave("/clerk").split("state=")[1].split("&")[0]
    answer = clerk.browser.get(f"/sign-in/from/known?error=access_denied&state={state}")
    refused(clerk, answer, 400, "Signing in with Invented Provider was stopped there")


def test_a_provider_that_gives_no_state_back_with_a_refusal_lets_nobody_in(whole, allowed):
    walk = allowed(whole, "other")
    answer = walk.arrive(whole.deny(walk.leave("/clerk")))
    assert answer.status_code == 400 and "Start again" in answer.text and not let_in(walk)


# the provider is away


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_provider_that_is_down_is_said(clerk, crooked, allowed, pages):
    class Down:
        issuer = f"http://127.0.0.1:{free_port()}"

    walk = allowed(Down, "down")
    refused(walk, walk.browser.get("/sign-in/with/down?next=/clerk"), 503, "Invented Provider cannot be reached now")


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/jwks"])
def test_a_provider_that_goes_down_on_the_way_is_said_and_one_starts_again(clerk, crooked, path):
    location = clerk.leave("/clerk")
    crooked.status = {path: 503}
    refused(clerk, clerk.arrive(crooked.consent(location, "clerk")), 503, "cannot be reached now")
    crooked.status = {}
    assert come(clerk, crooked).status_code == 303 and let_in(clerk)


def test_a_provider_that_does_not_answer_in_time_is_left(clerk, allowed, monkeypatch):
    monkeypatch.setattr(open_id, "TIMEOUT", httpx.Timeout(0.2))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()

        class Silent:
            issuer = f"http://127.0.0.1:{silent.getsockname()[1]}"

        walk = allowed(Silent, "silent")
        refused(walk, walk.browser.get("/sign-in/with/silent?next=/clerk"), 503, "cannot be reached now")


def test_every_call_has_a_time_out():
    limits = open_id.TIMEOUT.as_dict()
    assert all(limit is not None and limit <= 5 for limit in limits.values())


def test_a_provider_nobody_set_up_is_not_found(pages):
    assert pages.nobody().get("/sign-in/with/nobody").status_code == 404
    assert pages.nobody().get("/sign-in/from/nobody?code=x&state=y").status_code == 404


# too often


def test_somebody_without_account_waits_after_five_attempts_and_keeps_nobody_else_out(clerk, crooked, allowed, pages):
    crooked.claims = {"email": "pupil@invented.example", "email_verified": True}
    for _ in range(5):
        assert come(clerk, crooked, "pupil").status_code == 403
    answer = come(clerk, crooked, "pupil")
    assert answer.status_code == 429 and "There were too many attempts. Wait a minute" in answer.text
    crooked.claims["email"] = "clerk@invented.example"
    assert come(allowed(crooked), crooked).status_code == 303


def test_forged_answers_end_in_a_wait_but_passwords_go_on(clerk, pages):
    for _ in range(50):
        assert clerk.browser.get("/sign-in/from/known?code=x&state=y").status_code == 400
    assert clerk.browser.get("/sign-in/from/known?code=x&state=y").status_code == 429
    assert clerk.browser.get("/sign-in/with/known").status_code == 429
    assert clerk.browser.post("/sign-in", email="clerk@invented.example", password="x").status_code == 422


def test_a_provider_that_is_away_makes_nobody_wait(clerk, crooked):
    crooked.status = {"/.well-known/openid-configuration": 500}
    for _ in range(51):
        assert clerk.browser.get("/sign-in/with/known").status_code == 503


def test_the_log_says_what_failed_and_never_whose(clerk, crooked, caplog):
    crooked.claims["nonce"] = "another"
    come(clerk, crooked)
    said = [r.getMessage() for r in caplog.records if r.name == "offsite.sign_in"]
    assert said == ["sign-in with known refused: NotTrusted: invalid_claim nonce"]
    assert "invented.example" not in caplog.text.replace(crooked.issuer, "")


# the settings


@pytest.mark.parametrize(
    "issuer",
    [
        "http://provider.example",
        "https://provider.example?x=1",
        "provider.example",
        "",
        "https://login.microsoftonline.com/common/v2.0",
        "https://login.microsoftonline.com/organizations/v2.0",
        "https://login.microsoftonline.com/consumers/v2.0",
    ],
)
def test_an_issuer_that_is_not_https_or_is_anybodys_is_refused(issuer):
    with pytest.raises(ValueError, match="issuer"):
        OidcProvider(title="X", issuer=issuer, client_id="x")


@pytest.mark.parametrize("name", ["Two Words", "a/b", "", "A"])
def test_a_provider_has_a_name_that_can_stand_in_an_address(name):
    with pytest.raises(ValueError):
        PagesSettings(oidc={name: {"title": "X", "issuer": "https://provider.example", "client_id": "x"}})


def test_the_secret_may_stand_in_a_file(tmp_path):
    (tmp_path / "secret").write_text("invented\n")
    given = {"title": "X", "issuer": "https://provider.example", "client_id": "x"}
    assert OidcProvider(**given, client_secret_file=tmp_path / "secret").secret == "invented"


def test_no_session_is_begun_by_a_refusal(clerk, crooked, two_schools):
    with two_schools.database.reading() as session:
        before = session.scalar(select(func.count(SignIn.id)))
    crooked.claims["aud"] = "another-client"
    come(clerk, crooked)
    with two_schools.database.reading() as session:
        assert session.scalar(select(func.count(SignIn.id))) == before
