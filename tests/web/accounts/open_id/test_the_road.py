"""Signing in with OpenID Connect, the whole road: our page, a real provider over HTTP, and back."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from sqlalchemy import delete, func, select, update

from models.account import Account, OpenIdIdentity, SignIn
from offsite.accounts import sessions


@pytest.fixture(autouse=True)
def nobody_bound(two_schools):
    """Each test begins with nobody bound to a provider, and without one-time codes."""
    with two_schools.database.writing() as session:
        session.execute(delete(OpenIdIdentity))
        session.execute(update(Account).values(code_secret=None, code_confirmed=False, code_last_step=None))


@pytest.fixture
def clerk(pages, whole, allowed):
    """A clerk with an account here and at the provider, before signing in."""
    pages.invite("clerk1")
    whole.knows("clerk-at-provider", email="clerk@invented.example", email_verified=True)
    return allowed(whole)


def come(walk, provider, subject, onward="/"):
    return walk.arrive(provider.consent(walk.leave(onward), subject))


def test_a_clerk_signs_in_with_a_provider_and_goes_on_to_the_page_that_was_asked_for(clerk, whole):
    asked = clerk.browser.get("/placements?page=1")
    assert asked.headers["location"] == "/sign-in?next=/placements%3Fpage%3D1"
    button = re.search(r'href="(/sign-in/with/known[^"]*)"', clerk.browser.get(asked.headers["location"]).text).group(1)
    location = clerk.browser.get(button).headers["location"]
    answer = clerk.arrive(whole.consent(location, "clerk-at-provider"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/placements?page=1")
    assert clerk.browser.get("/clerk").status_code == 200


def test_what_the_provider_is_asked(clerk, pages):
    asked = {name: values[0] for name, values in parse_qs(urlsplit(clerk.leave()).query).items()}
    assert asked["redirect_uri"] == f"{pages.here.settings.messages.base_url}/sign-in/from/known"
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["scope"] == "openid email" and asked["prompt"] == "select_account"
    assert len(asked["state"]) >= 32 and len(asked["nonce"]) >= 32 and asked["state"] != asked["nonce"]


def test_what_the_browser_keeps_is_hidden_from_scripts_and_other_sites_and_is_soon_gone(clerk, whole):
    began = clerk.browser.get("/sign-in/with/known")
    cookie = next(c for c in began.headers.get_list("set-cookie") if c.startswith("offsite-open-id="))
    assert all(word in cookie for word in ("HttpOnly", "SameSite=lax", "Max-Age=600", "Path=/"))
    clerk.arrive(whole.consent(began.headers["location"], "clerk-at-provider"))
    assert "offsite-open-id" not in clerk.browser.client.cookies


def test_the_second_time_the_subject_decides_and_not_the_address(clerk, whole, pages, allowed):
    come(clerk, whole, "clerk-at-provider")
    pages.invite("head1")
    whole.knows("clerk-at-provider", email="head@invented.example", email_verified=True)
    again = allowed(whole)
    assert come(again, whole, "clerk-at-provider").status_code == 303
    assert again.browser.get("/clerk").status_code == 200
    assert "Invented Person Four" in again.browser.get("/account").text


def test_an_address_given_to_somebody_else_there_opens_no_account_here(clerk, whole, pages, allowed):
    come(clerk, whole, "clerk-at-provider")
    whole.knows("successor", email="clerk@invented.example", email_verified=True)
    answer = come(allowed(whole), whole, "successor")
    assert answer.status_code == 403 and "belongs to another sign-in with Invented Provider" in answer.text
    link = pages.invite("clerk1")
    pages.nobody().post(f"/invitation/{link}", password="walnut-otter-lantern-quay")
    assert come(allowed(whole), whole, "successor").status_code == 303


def test_the_safeguarding_lead_still_needs_a_one_time_code(pages, whole, allowed, two_schools):
    pages.invite("ddsl1")
    whole.knows("deputy", email="deputy@invented.example", email_verified=True)
    first = allowed(whole)
    assert come(first, whole, "deputy", "/dsl").headers["location"] == "/dsl"
    assert first.browser.get("/dsl").headers["location"] == "/account/codes?next=/dsl"
    secret = re.search(r'offsite-mono">([A-Z2-7]{32})<', first.browser.get("/account/codes").text).group(1)
    first.browser.post("/account/codes", code=pyotp.TOTP(secret).at(pages.clock.at))
    assert first.browser.get("/dsl").status_code == 200
    second = allowed(whole)
    assert come(second, whole, "deputy", "/dsl").headers["location"] == "/sign-in/code?next=/dsl"
    for path in ("/dsl", "/placements", "/account", "/people"):
        assert second.browser.get(path).headers["location"].startswith("/sign-in/code")
    pages.clock.at += timedelta(seconds=30)
    done = second.browser.post("/sign-in/code", "/sign-in/code?next=/dsl", code=pyotp.TOTP(secret).at(pages.clock.at))
    assert done.headers["location"] == "/dsl" and second.browser.get("/dsl").status_code == 200


def test_the_session_the_browser_had_before_is_ended(clerk, whole, pages, two_schools):
    planted = pages.as_("att1").client.cookies["offsite"]
    clerk.browser.client.cookies.set("offsite", planted, domain="testserver.local", path="/")
    come(clerk, whole, "clerk-at-provider")
    assert clerk.browser.client.cookies["offsite"] != planted
    with two_schools.database.reading() as session:
        wanted = select(SignIn.ended_at).where(SignIn.token_hash == sessions.token_hash(planted))
        assert session.scalars(wanted).one() is not None


def test_two_schools_of_one_address_are_told_apart(pages, whole, allowed):
    pages.invite("clerk1"), pages.invite("clerk1", "999003")
    whole.knows("other-clerk", email="clerk@otherplace.example", email_verified=True)
    theirs = allowed(whole)
    come(theirs, whole, "other-clerk")
    text = theirs.browser.get("/account").text
    assert "Otherplace" in text and "Invented Person" not in text


def test_no_account_is_ever_made_by_itself(whole, allowed, two_schools):
    whole.knows("stranger", email="stranger@invented.example", email_verified=True)
    with two_schools.database.reading() as session:
        before = session.scalar(select(func.count(Account.id)))
    answer = come(allowed(whole), whole, "stranger")
    assert answer.status_code == 403
    assert "There is no account here for your e-mail address. Ask your school." in answer.text
    with two_schools.database.reading() as session:
        assert session.scalar(select(func.count(Account.id))) == before


@pytest.mark.parametrize("onward", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "evil"])
def test_one_goes_on_to_no_page_of_another_site(clerk, whole, onward):
    assert come(clerk, whole, "clerk-at-provider", onward).headers["location"] == "/"


def test_in_a_real_browser(clerk, whole, chromium, served, pages, monkeypatch):
    """The button, the provider's own page, and back: our content policy and cookies let it through."""
    monkeypatch.setattr(pages.here.settings.messages, "base_url", served)
    context = chromium.new_context(base_url=served)
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto("/placements")
    page.get_by_role("button", name="Sign in with Invented Provider").click()
    page.get_by_placeholder("sub").fill("clerk-at-provider")
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(f"{served}/placements")
    page.goto("/account")
    assert page.get_by_text("You sign in with Invented Provider").is_visible()
    page.get_by_role("button", name="Sign out").first.click()
    page.wait_for_url(f"{served}/sign-in")
    context.close()
