"""What leaders do about other people's accounts: a link, an end, help after a lost phone; and never at another school."""

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import delete, select, update
from typer.testing import CliRunner

from models.account import Account, AccountInvitation, Membership, OpenIdIdentity, SignIn, SignInAttempt
from models.message import Message
from models.people import PersonDetails
from offsite.accounts import directory, ending, tokens
from offsite.accounts.refusals import NotAccepted
from offsite.cli.main import SUBJECTS, put_together

app = put_together(*SUBJECTS)

HERE, ELSEWHERE = "999001", "999003"
GOOD, OTHER = "walnut-otter-lantern-quay", "ferry-marble-lantern-quay"


@pytest.fixture(autouse=True)
def afresh(two_schools):
    """Each test begins with no account at all."""
    with two_schools.database.writing() as session:
        for table in (OpenIdIdentity, AccountInvitation, SignIn, Membership, Account, SignInAttempt):
            session.execute(delete(table))


def take_up(pages, link, password=GOOD):
    page = pages.nobody()
    answer = page.post(f"/invitation/{link}", password=password)
    assert answer.headers["location"] == "/sign-in", answer.text
    return page


def sign_in(pages, email, password=GOOD):
    page = pages.nobody()
    return page, page.post("/sign-in", email=email, password=password)


def invited_by(leader, ref):
    """The link a leader's page shows."""
    text = leader.post(f"/people/{ref}/invite", f"/people/{ref}/account").text
    return re.search(r"/invitation/([\w-]+)", text).group(1)


def last_told(here, to):
    """The newest message about an account to an address."""
    with here.database.reading() as session:
        wanted = select(Message.address, Message.body).where(Message.kind == "account", Message.address == to)
        return session.execute(wanted.order_by(Message.id.desc())).first()


def csrf(page, path="/account"):
    return re.search(r'name="csrf" value="([^"]+)"', page.get(path).text).group(1)


@pytest.fixture
def att(pages):
    """An attendance lead who signed in with a password."""
    take_up(pages, pages.invite("att1"))
    page, answer = sign_in(pages, "attendance@invented.example")
    assert answer.status_code == 303
    return page


@pytest.fixture
def of_both(pages, two_schools):
    """One account for the attendance leads of both schools, as whoever runs Offsite may make it."""
    with two_schools.database.writing() as session:
        theirs = pages.person(session, "att1", ELSEWHERE)
        details = session.scalars(select(PersonDetails).where(PersonDetails.person_id == theirs.id)).one()
        before, details.email = details.email, "attendance@invented.example"
    take_up(pages, pages.invite("att1", HERE))
    with two_schools.database.writing() as session:
        directory.invite(session, pages.person(session, "att1", ELSEWHERE), pages.clock(), by_operator=True)
    yield
    with two_schools.database.writing() as session:
        session.get_one(PersonDetails, details.id).email = before


def at_school(pages, urn, email="attendance@invented.example", password=GOOD):
    """Somebody of both schools, signed in for one."""
    page, _ = sign_in(pages, email, password)
    name = "Invented" if urn == HERE else "Otherplace"
    text = page.get("/sign-in/as").text
    number = next(n for n, words in re.findall(r'value="(\d+)".*?<label[^>]*>\s*([^<]+)', text, re.S) if name in words)
    assert page.post("/sign-in/as", person=number).status_code == 303
    return page


def test_choosing_the_school_leads_on_to_the_page_that_was_asked_for(pages, of_both):
    page, _ = sign_in(pages, "attendance@invented.example")
    asked = page.get("/placements?q=H8").headers["location"]
    assert asked == "/sign-in/as?next=/placements%3Fq%3DH8"
    number = re.search(r'name="person" type="radio" value="(\d+)"', page.get(asked).text)[1]
    assert page.post("/sign-in/as", page=asked, person=number).headers["location"] == "/placements?q=H8"


# who may


def test_only_leaders_open_the_page_of_somebodys_account(pages):
    assert pages.as_("head1").get("/people/att1/account").status_code == 200
    clerk = pages.as_("clerk1")
    for path in ("/people/att1/account", "/people/att1/account/end", "/people/att1/account/forget-codes"):
        assert clerk.get(path).status_code == 403
    assert pages.as_("att1").get("/people/clerk1/account").status_code == 403


def test_somebody_of_no_school_or_another_is_not_on_record(pages, two_schools):
    with two_schools.database.writing() as session:
        pages.person(session, "att1", ELSEWHERE).ref = "only-there"
    head = pages.as_("head1")
    try:
        for ref in ("only-there", "nobody"):
            assert head.get(f"/people/{ref}/account").status_code == 404
            for do in ("invite", "account/end", "account/forget-codes"):
                assert head.client.post(f"/people/{ref}/{do}", data={"csrf": csrf(head)}).status_code == 404
    finally:
        with two_schools.database.writing() as session:
            pages.person(session, "only-there", ELSEWHERE).ref = "att1"


# links


def test_a_link_made_by_a_leader_is_told_to_its_owner(pages, two_schools):
    link = invited_by(pages.as_("head1"), "att1")
    assert pages.nobody().get(f"/invitation/{link}").status_code == 200
    body = last_told(two_schools, "attendance@invented.example").body
    assert "by head1" in body
    assert link not in body


def test_only_the_newest_link_works_and_once(pages):
    head = pages.as_("head1")
    first, second = invited_by(head, "att1"), invited_by(head, "att1")
    assert pages.nobody().get(f"/invitation/{first}").status_code == 404
    take_up(pages, second)
    assert pages.nobody().get(f"/invitation/{second}").status_code == 404


def test_a_link_taken_up_ends_what_opened_the_account_before(pages, att, two_schools):
    take_up(pages, invited_by(pages.as_("head1"), "att1"), OTHER)
    assert att.get("/attendance").status_code == 303
    assert sign_in(pages, "attendance@invented.example")[1].status_code == 422
    assert sign_in(pages, "attendance@invented.example", OTHER)[1].status_code == 303


def test_a_new_address_leaves_no_account_at_the_old_one(pages, att, two_schools):
    with two_schools.database.writing() as session:
        who = pages.person(session, "att1")
        details = session.scalars(select(PersonDetails).where(PersonDetails.person_id == who.id)).one()
        before, details.email = details.email, "new@invented.example"
    try:
        take_up(pages, invited_by(pages.as_("head1"), "att1"))
        assert att.get("/attendance").status_code == 303
        assert sign_in(pages, before)[1].status_code == 422
        assert sign_in(pages, "new@invented.example")[1].status_code == 303
    finally:
        with two_schools.database.writing() as session:
            session.get_one(PersonDetails, details.id).email = before


# ending


def test_ended_access_signs_nobody_in_any_more_and_its_tokens_and_links_stop(pages, att):
    api, link = pages.api("att1"), pages.invite("att1")
    assert api.get("/api/placements").status_code == 200
    head = pages.as_("head1")
    assert "End the access of att1?" in head.get("/people/att1/account/end").text
    done = head.post("/people/att1/account/end")
    assert done.headers["location"] == "/people/att1/account?done=ended"
    text = head.get(done.headers["location"]).text
    assert "ended Wed 25 Nov 2026, 10:20am by head1" in text and "attendance@invented.example" not in text
    assert att.get("/attendance").headers["location"].startswith("/sign-in")
    assert api.get("/api/placements").status_code == 401
    assert pages.nobody().get(f"/invitation/{link}").status_code == 404
    _, answer = sign_in(pages, "attendance@invented.example")
    assert answer.status_code == 422 and "not right" in answer.text
    assert head.get("/people/att1/account/end").status_code == 422


def test_tokens_of_somebody_without_account_are_ended_too(pages, two_schools):
    api, head = pages.api("dp1"), pages.as_("head1")
    assert api.get("/api/placements").status_code == 200
    assert "End the access of dp1" in head.get("/people/dp1/account").text
    assert head.post("/people/dp1/account/end").headers["location"] == "/people/dp1/account?done=ended"
    assert api.get("/api/placements").status_code == 401
    assert "Your access was ended, by head1" in last_told(two_schools, "data@invented.example").body
    assert "No account and no token acts for dp1 now" in head.get("/people/dp1/account").text
    assert head.get("/people/dp1/account/end").status_code == 422


def test_a_new_link_gives_access_back(pages, att):
    head = pages.as_("head1")
    head.post("/people/att1/account/end")
    take_up(pages, invited_by(head, "att1"), OTHER)
    page, _ = sign_in(pages, "attendance@invented.example", OTHER)
    assert page.get("/attendance").status_code == 200
    assert att.get("/attendance").status_code == 303


def test_nobody_ends_their_own_access(pages):
    head = pages.as_("head1")
    assert head.get("/people/head1/account/end").status_code == 422
    assert "You cannot end your own access" in head.get("/people/head1/account").text


def test_access_ended_at_one_school_goes_on_at_the_other(pages, of_both):
    here, there = at_school(pages, HERE), at_school(pages, ELSEWHERE)
    theirs = pages.api("att1", ELSEWHERE)
    pages.as_("head1").post("/people/att1/account/end")
    assert here.get("/attendance").status_code == 303
    assert there.get("/attendance").status_code == 200
    assert theirs.get("/api/placements").status_code == 200
    page, answer = sign_in(pages, "attendance@invented.example")
    assert answer.headers["location"] == "/"
    text = page.get("/attendance").text
    assert "Otherplace" in text and "Invented Person" not in text


def test_the_page_of_a_leader_does_not_say_that_an_account_acts_elsewhere(pages, of_both):
    at_school(pages, ELSEWHERE)
    head = pages.as_("head1")
    text = head.get("/people/att1/account").text
    assert re.search(r"Signed in now</dt><dd[^>]*>no<", text)
    for shown in (text, head.get("/people/att1/account/end").text):
        assert "Otherplace" not in shown and "another school" not in shown and "elsewhere" not in shown


def test_an_account_that_whoever_runs_offsite_ended_is_not_revived_by_a_leader(pages, att, two_schools):
    api = pages.api("att1")
    with two_schools.database.writing() as session:
        account, _ = directory.account_of(session, pages.person(session, "att1").id)
        ending.end_account(session, account, "operator", pages.clock())
    assert att.get("/attendance").status_code == 303 and api.get("/api/placements").status_code == 401
    answer = pages.as_("head1").post("/people/att1/invite", "/people/att1/account")
    assert answer.status_code == 422 and "ended by whoever runs Offsite" in answer.text


def test_whoever_runs_offsite_ends_an_account_everywhere(pages, of_both, two_schools):
    here, there, api = at_school(pages, HERE), at_school(pages, ELSEWHERE), pages.api("att1", ELSEWHERE)
    ran = CliRunner().invoke(app, ["account", "end", "att1", "--school", HERE, "--data", str(two_schools.data)])
    assert ran.exit_code == 0, ran.output
    assert here.get("/attendance").status_code == there.get("/attendance").status_code == 303
    assert api.get("/api/placements").status_code == 401
    assert sign_in(pages, "attendance@invented.example")[1].status_code == 422
    for urn in (HERE, ELSEWHERE):
        ran = CliRunner().invoke(app, ["account", "list", "--school", urn, "--data", str(two_schools.data)])
        assert "attendance@invented.example: ended" in ran.output


# another school's account


def test_a_leader_of_one_school_cannot_set_the_password_of_an_account_of_another(pages, two_schools):
    """Somebody is entered here with the address of the other school's safeguarding lead, and given an account link."""
    take_up(pages, pages.invite("dsl1", ELSEWHERE))
    with two_schools.database.writing() as session:
        who = pages.person(session, "att1", HERE)
        details = session.scalars(select(PersonDetails).where(PersonDetails.person_id == who.id)).one()
        before, details.email = details.email, "dsl@otherplace.example"
    try:
        link = invited_by(pages.as_("head1"), "att1")
        page = pages.nobody()
        shown = page.get(f"/invitation/{link}").text
        assert "Sign in with that account first" in shown and 'type="password"' not in shown
        sent = {"csrf": csrf(page, "/sign-in"), "password": OTHER}
        assert page.client.post(f"/invitation/{link}", data=sent).headers["location"] == f"/sign-in?next=/invitation/{link}"
        with two_schools.database.writing() as session, pytest.raises(NotAccepted):
            directory.take_up(session, link, OTHER, pages.clock())
        stranger = pages.as_("clerk1")
        with two_schools.database.writing() as session, pytest.raises(NotAccepted):
            clerk = directory.by_email(session, "clerk@invented.example")
            directory.join(session, link, clerk.id, pages.clock())
        assert "Sign in with that account first" in stranger.get(f"/invitation/{link}").text
        holder, answer = sign_in(pages, "dsl@otherplace.example")
        assert answer.status_code == 303
        assert "Sign in with that account first" in holder.get(f"/invitation/{link}").text  # a one-time code is due
        secret = re.search(r'offsite-mono">([A-Z2-7]{32})<', holder.get("/account/codes").text).group(1)
        holder.post("/account/codes", code=pyotp.TOTP(secret).at(pages.clock.at))
        assert "Add Invented" in holder.get(f"/invitation/{link}").text
        assert holder.post(f"/invitation/{link}").headers["location"] == "/sign-in/as"
        assert "Invented" in holder.get("/sign-in/as").text and "Otherplace" in holder.get("/sign-in/as").text
        assert pages.nobody().get(f"/invitation/{link}").status_code == 404
    finally:
        with two_schools.database.writing() as session:
            session.get_one(PersonDetails, details.id).email = before


def test_a_link_of_one_school_leaves_the_other_schools_links_alone(pages, of_both, two_schools):
    with two_schools.database.writing() as session:
        theirs = directory.invite(session, pages.person(session, "att1", ELSEWHERE), pages.clock(), by_operator=True)
    invited_by(pages.as_("head1"), "att1")
    assert pages.nobody().get(f"/invitation/{theirs}").status_code == 200


# lost phones


def with_codes(pages, ref, email, urn=HERE):
    """Somebody with a password and one-time codes; the secret."""
    take_up(pages, pages.invite(ref, urn))
    page, _ = sign_in(pages, email)
    secret = re.search(r'offsite-mono">([A-Z2-7]{32})<', page.get("/account/codes").text).group(1)
    assert page.post("/account/codes", code=pyotp.TOTP(secret).at(pages.clock.at)).status_code == 303
    return page, secret


def test_forgotten_codes_are_set_up_anew_and_every_session_ends(pages, two_schools):
    lost, secret = with_codes(pages, "ddsl1", "deputy@invented.example")
    assert lost.get("/dsl").status_code == 200
    dsl = pages.as_("dsl1")
    assert "Make sure it is ddsl1 who asks" in dsl.get("/people/ddsl1/account/forget-codes").text
    assert dsl.post("/people/ddsl1/account/forget-codes").headers["location"] == "/people/ddsl1/account?done=forgotten"
    assert lost.get("/dsl").status_code == 303
    page, _ = sign_in(pages, "deputy@invented.example")
    assert page.get("/dsl").headers["location"] == "/account/codes?next=/dsl"
    fresh = re.search(r'offsite-mono">([A-Z2-7]{32})<', page.get("/account/codes").text).group(1)
    assert fresh != secret
    assert "Your one-time codes were forgotten" in last_told(two_schools, "deputy@invented.example").body
    assert "The one-time codes of ddsl1 were forgotten" in last_told(two_schools, "dsl@invented.example").body


def test_a_head_who_reads_no_concerns_does_not_take_away_the_bar_before_them(pages):
    with_codes(pages, "dsl1", "dsl@invented.example")
    head = pages.as_("head1")
    assert "reads concerns and you do not" in head.get("/people/dsl1/account").text
    assert head.client.post("/people/dsl1/account/forget-codes", data={"csrf": csrf(head)}).status_code == 422
    with_codes(pages, "att1", "attendance@invented.example")
    assert head.post("/people/att1/account/forget-codes").status_code == 303


def test_codes_of_an_account_that_acts_elsewhere_are_not_this_schools_to_forget(pages, of_both, two_schools):
    with two_schools.database.writing() as session:
        session.execute(
            update(Account).values(code_confirmed=True, code_secret=two_schools.key_file.wrap(pyotp.random_base32()))
        )
    head = pages.as_("head1")
    text = head.get("/people/att1/account").text
    assert "not this school's alone" in text.replace("&#39;", "'") and "Otherplace" not in text
    assert head.get("/people/att1/account/forget-codes").status_code == 422


def test_nobody_forgets_their_own_codes_this_way(pages):
    with_codes(pages, "ddsl1", "deputy@invented.example")
    assert pages.as_("ddsl1").get("/people/ddsl1/account/forget-codes").status_code == 422


# sessions


def test_a_session_chosen_for_a_school_stops_when_that_membership_does_whoever_ends_it(pages, of_both, two_schools):
    here = at_school(pages, HERE)
    with two_schools.database.writing() as session:
        who = pages.person(session, "att1", HERE)
        session.execute(update(Membership).where(Membership.person_id == who.id).values(ended_at=pages.clock(), ended_by="x"))
    assert here.get("/attendance").status_code == 303


def test_a_token_runs_out(pages, two_schools):
    with two_schools.database.writing() as session:
        who = pages.person(session, "att1").id
        token = tokens.make(session, who, "short", pages.clock(), timedelta(days=1))
        assert tokens.current(session, token, pages.clock()).person_id == who
        assert tokens.current(session, token, pages.clock() + timedelta(days=1)) is None
        assert tokens.standing(session, who, pages.clock() + timedelta(days=1)) == []
