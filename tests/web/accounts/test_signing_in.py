"""Signing in: invitation, password, one-time code; lock-out; sessions that end; forms from elsewhere refused."""

import re
from datetime import timedelta

import pyotp
import pytest
from argon2 import extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY
from sqlalchemy import delete, select, update
from starlette.testclient import TestClient

from models.account import Account, SignIn, SignInAttempt
from offsite.accounts import attempts, passwords
from offsite.accounts.refusals import NotAccepted, TryLater
from offsite.casework.replay.scenario import moment

NOW = moment("2026-11-25 10:20")
GOOD = "walnut-otter-lantern-quay"


@pytest.fixture
def clerk(pages):
    """A fresh clerk's account, with a password."""
    token = pages.invite("clerk1")
    page = pages.nobody()
    assert page.post(f"/invitation/{token}", password=GOOD).status_code == 303
    return page


def test_an_invitation_sets_a_password_once(pages):
    token = pages.invite("gov1")
    page = pages.nobody()
    assert "at least 12 characters" in page.post(f"/invitation/{token}", password="short").text
    assert page.post(f"/invitation/{token}", password=GOOD).headers["location"] == "/sign-in"
    assert page.get(f"/invitation/{token}").status_code == 404


def test_an_invitation_ends_after_a_week(pages):
    token = pages.invite("gov1")
    pages.clock.at += timedelta(days=7)
    assert pages.nobody().get(f"/invitation/{token}").status_code == 404


@pytest.mark.parametrize("password", ["short", "password1234", "aaaaaaaaaaaaaaaa", "clerk@invented.example", "x" * 129])
def test_a_weak_password_is_refused(password):
    with pytest.raises(NotAccepted):
        passwords.hashed(password, "clerk@invented.example", "clerk", "invented.example")


def test_a_clerk_signs_in_with_a_password_and_out_again(pages, clerk):
    answer = clerk.post("/sign-in", email="clerk@invented.example", password=GOOD)
    assert answer.headers["location"] == "/"
    assert "HttpOnly" in answer.headers["set-cookie"] and "samesite=lax" in answer.headers["set-cookie"].lower()
    assert clerk.get("/clerk").status_code == 200
    kept = clerk.client.cookies["offsite"]
    clerk.post("/sign-out", page="/clerk")
    clerk.client.cookies.set("offsite", kept)
    assert clerk.get("/clerk").status_code == 303


def test_what_was_typed_stays_but_for_the_password(pages, clerk):
    answer = clerk.post("/sign-in", email="clerk@invented.example", password="wrong-wrong-wrong")
    assert answer.status_code == 422
    assert 'value="clerk@invented.example"' in answer.text
    assert "wrong-wrong-wrong" not in answer.text
    assert "There is a problem" in answer.text and 'href="#email"' in answer.text


def test_a_password_that_is_refused_is_not_shown_again(pages):
    answer = pages.nobody().post(f"/invitation/{pages.invite('gov1')}", password="hunter2hunter2")
    assert answer.status_code == 422 and "hunter2" not in answer.text


def test_the_session_the_browser_had_before_is_ended(pages, clerk):
    planted = pages.as_("att1").client.cookies["offsite"]
    clerk.client.cookies.set("offsite", planted, domain="testserver.local", path="/")
    assert clerk.post("/sign-in", email="clerk@invented.example", password=GOOD).status_code == 303
    assert clerk.client.cookies["offsite"] != planted
    thief = pages.nobody()
    thief.client.cookies.set("offsite", planted)
    assert thief.get("/attendance").status_code == 303


def test_under_https_cookies_are_of_this_host_only_and_signing_out_drops_them(pages, clerk, two_schools, monkeypatch):
    monkeypatch.setattr(two_schools.settings.messages, "base_url", "https://testserver")
    browser = type(clerk)(TestClient(pages.app, base_url="https://testserver", follow_redirects=False))
    seen = browser.get("/sign-in").headers.get_list("set-cookie")
    seen += browser.post("/sign-in", email="clerk@invented.example", password=GOOD).headers.get_list("set-cookie")
    assert browser.get("/clerk").status_code == 200
    seen += browser.post("/sign-out", page="/clerk").headers.get_list("set-cookie")
    assert {cookie.split("=")[0] for cookie in seen} == {"__Host-offsite", "__Host-offsite-visitor", "__Host-offsite-known"}
    for cookie in seen:
        assert "; Secure" in cookie and "Path=/" in cookie and "HttpOnly" in cookie and "Domain" not in cookie
    assert '__Host-offsite=""' in seen[-1] and "Max-Age=0" in seen[-1]
    assert browser.get("/clerk").status_code == 303


def test_one_goes_on_to_the_page_one_wanted_by_way_of_the_code(pages, two_schools):
    browser = pages.nobody()
    browser.post(f"/invitation/{pages.invite('head1')}", password=GOOD)
    with two_schools.database.writing() as session:
        account = session.scalars(select(Account).where(Account.email == "head@invented.example")).one()
        secret = pyotp.random_base32()
        account.code_secret, account.code_confirmed = two_schools.key_file.wrap(secret), True
    asked = browser.get("/placements?page=1").headers["location"]
    assert asked == "/sign-in?next=/placements%3Fpage%3D1"
    answer = browser.post("/sign-in", asked, email="head@invented.example", password=GOOD)
    assert answer.headers["location"] == "/sign-in/code?next=/placements%3Fpage%3D1"
    answer = browser.post("/sign-in/code", answer.headers["location"], code=pyotp.TOTP(secret).at(pages.clock.at))
    assert answer.headers["location"] == "/placements?page=1"
    with two_schools.database.writing() as session:
        session.execute(update(Account).values(code_secret=None, code_confirmed=False, code_last_step=None))


def test_failures_of_one_network_hold_up_no_other(two_schools):
    at = NOW + timedelta(days=3)
    with two_schools.database.writing() as session:
        for _ in range(50):
            attempts.remember(session, at, network="192.0.2.1", succeeded=False)
        with pytest.raises(TryLater, match="Wait a minute"):
            attempts.refuse_too_many(session, at, network="192.0.2.1")
        attempts.refuse_too_many(session, at, network="192.0.2.2")
        attempts.refuse_too_many(session, at, account="somebody", network="192.0.2.2")


def test_five_failures_lock_an_account_for_a_minute_and_longer_each_time(pages, clerk):
    pages.clock.at += timedelta(days=1)
    pages.clock.at = pages.clock.at.replace(hour=12)
    for _ in range(5):
        assert "not right" in clerk.post("/sign-in", email="clerk@invented.example", password="x").text
    assert "too many attempts" in clerk.post("/sign-in", email="clerk@invented.example", password=GOOD).text
    pages.clock.at += timedelta(seconds=61)
    assert "not right" in clerk.post("/sign-in", email="clerk@invented.example", password="x").text
    pages.clock.at += timedelta(seconds=61)
    assert "too many attempts" in clerk.post("/sign-in", email="clerk@invented.example", password=GOOD).text
    pages.clock.at += timedelta(seconds=60)
    assert clerk.post("/sign-in", email="clerk@invented.example", password=GOOD).status_code == 303


def wrong(pages, times, email="clerk@invented.example"):
    """Somebody else, who types wrong passwords; what the last answer says."""
    stranger = pages.nobody()
    return [stranger.post("/sign-in", email=email, password="x").text for _ in range(times)][-1]


@pytest.fixture
def quiet(two_schools):
    """Nobody has failed yet."""
    with two_schools.database.writing() as session:
        session.execute(delete(SignInAttempt))


def test_a_stranger_keeps_no_owner_out_of_a_browser_they_signed_in_with(pages, quiet, clerk):
    assert clerk.post("/sign-in", email="clerk@invented.example", password=GOOD).status_code == 303
    assert "too many attempts" in wrong(pages, 6)
    assert clerk.post("/sign-in", email="clerk@invented.example", password=GOOD).status_code == 303
    assert "too many attempts" in wrong(pages, 1)


def test_strangers_behind_the_same_network_address_keep_out_no_browser_that_is_known(pages, quiet, clerk):
    clerk.post("/sign-in", email="clerk@invented.example", password=GOOD)
    for i in range(50):
        wrong(pages, 1, f"nobody{i}@invented.example")
    assert "too many attempts" in wrong(pages, 1)
    assert clerk.post("/sign-in", email="clerk@invented.example", password=GOOD).status_code == 303


def test_a_new_account_link_lets_in_whoever_takes_it_up(pages, quiet):
    assert "too many attempts" in wrong(pages, 6)
    page = pages.nobody()
    page.post(f"/invitation/{pages.invite('clerk1')}", password=GOOD)
    assert page.post("/sign-in", email="clerk@invented.example", password=GOOD).status_code == 303


def test_a_browser_that_is_known_has_five_attempts_of_its_own_and_none_at_another_account(pages, quiet, clerk):
    clerk.post("/sign-in", email="clerk@invented.example", password=GOOD)
    tries = [clerk.post("/sign-in", email="clerk@invented.example", password="x").text for _ in range(6)]
    assert ["too many attempts" in text for text in tries] == [False] * 5 + [True]
    wrong(pages, 5, "head@invented.example")
    assert "too many attempts" in clerk.post("/sign-in", email="head@invented.example", password="x").text


@pytest.mark.parametrize(("later", "status"), [(timedelta(days=30) - timedelta(minutes=1), 303), (timedelta(days=30), 422)])
def test_a_browser_is_known_for_thirty_days(pages, quiet, clerk, later, status):
    clerk.post("/sign-in", email="clerk@invented.example", password=GOOD)
    kept = clerk.client.cookies["offsite-known"]
    pages.clock.at += later
    wrong(pages, 6)
    page = pages.nobody()
    page.client.cookies.set("offsite-known", kept)
    assert page.post("/sign-in", email="clerk@invented.example", password=GOOD).status_code == status


def test_nobody_waits_longer_than_a_quarter_of_an_hour_after_the_last_failure(pages, quiet, clerk):
    for _ in range(20):
        wrong(pages, 1)
        pages.clock.at += timedelta(minutes=15)
    assert pages.nobody().post("/sign-in", email="clerk@invented.example", password=GOOD).status_code == 303


def test_an_unknown_address_is_told_no_more_than_a_wrong_password(pages, clerk):
    known = clerk.post("/sign-in", email="clerk@invented.example", password="x")
    unknown = clerk.post("/sign-in", email="nobody@invented.example", password="x")
    assert re.findall("not right.*", known.text) == re.findall("not right.*", unknown.text)


def test_the_safeguarding_lead_needs_a_one_time_code_and_no_code_works_twice(pages, two_schools):
    token = pages.invite("ddsl1")
    page = pages.nobody()
    page.post(f"/invitation/{token}", password=GOOD)
    page.post("/sign-in", email="deputy@invented.example", password=GOOD)
    assert page.get("/dsl").headers["location"] == "/account/codes?next=/dsl"
    secret = re.search(r'offsite-mono">([A-Z2-7]{32})<', page.get("/account/codes").text).group(1)
    code = pyotp.TOTP(secret).at(pages.clock.at)
    assert "not the one" in page.post("/account/codes", code="000000").text
    assert page.post("/account/codes", code=code).headers["location"] == "/"
    assert page.get("/dsl").status_code == 200
    again = pages.nobody()
    assert again.post("/sign-in", email="deputy@invented.example", password=GOOD).headers["location"] == "/sign-in/code"
    assert again.get("/dsl").headers["location"] == "/sign-in/code?next=/dsl"
    assert "used already" in again.post("/sign-in/code", code=code).text
    pages.clock.at += timedelta(seconds=30)
    assert again.post("/sign-in/code", code=pyotp.TOTP(secret).at(pages.clock.at)).status_code == 303
    assert again.get("/dsl").status_code == 200


@pytest.mark.parametrize(("later", "status"), [(timedelta(minutes=30), 200), (timedelta(minutes=30, seconds=1), 303)])
def test_a_quiet_session_ends_after_half_an_hour(pages, later, status):
    who = pages.as_("head1")
    pages.clock.at += later
    assert who.get("/head").status_code == status


def test_a_session_ends_after_twelve_hours_however_busy(pages):
    who = pages.as_("head1")
    for _ in range(24):
        pages.clock.at += timedelta(minutes=29, seconds=59)
        assert who.get("/account").status_code == 200
    pages.clock.at += timedelta(minutes=1)
    assert who.get("/account").status_code == 303


def test_a_form_without_its_token_changes_nothing(pages, two_schools):
    who = pages.as_("head1")
    who.get("/head")
    assert who.client.post("/account/end-sessions", data={}).status_code == 403


def test_a_form_sent_from_another_site_is_refused(pages):
    who = pages.as_("head1")
    answer = who.client.post("/account/end-sessions", data={}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert who.client.post("/account/end-sessions", data={}, headers={"origin": "https://evil.example"}).status_code == 403


def test_one_goes_on_to_no_address_of_another_site(pages, clerk):
    for wanted in ("//evil.example", "/\\evil.example", "/\t/evil.example", "/\n/evil.example", "https://evil.example", "evil"):
        answer = clerk.post("/sign-in", email="clerk@invented.example", password=GOOD, next=wanted)
        assert answer.headers["location"] == "/"


def test_the_headers_forbid_what_they_should(pages):
    headers = pages.nobody().get("/sign-in").headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers and "x-powered-by" not in headers


def test_neither_token_nor_password_is_kept(pages, two_schools, clerk):
    clerk.post("/sign-in", email="clerk@invented.example", password=GOOD)
    with two_schools.database.reading() as session:
        hashes = set(session.scalars(select(SignIn.token_hash)))
        kept = session.scalars(select(Account.password_hash).where(Account.email == "clerk@invented.example")).one()
    assert clerk.client.cookies["offsite"] not in hashes
    assert kept.startswith("$argon2id$")


def test_a_hash_costs_what_rfc_9106_asks(earnest_hasher):
    assert extract_parameters(earnest_hasher.hash(GOOD)) == RFC_9106_LOW_MEMORY


def test_no_page_holds_a_script_or_style_of_its_own(pages):
    who = pages.as_("dsl1")
    for path in ("/dsl", "/placements", "/placements/H8JE-66", "/alerts", "/do/agree_plan?placement=H8JE-66"):
        text = who.get(path).text
        assert not re.search(r"<script(?![^>]*src=)", text)
        assert " style=" not in text and " onclick=" not in text
