"""Every page in a real browser (WCAG 2.2 AA): axe finds nothing; it fits a phone, 200 % and paper; Tab reaches all of it.

The pages are those of the application's own routes with their examples (routes_by_role.csv says who may open which), the form
of every command, what an empty form is answered with, and what is shown to somebody who is not signed in. Each is loaded once.
"""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from models.account import Account, Membership
from offsite.access.deeds import DEEDS
from offsite.accounts import one_time_codes, passwords
from offsite.web.forms.pages import AT_ONCE, WHOLE_PAGES

HERE, ELSEWHERE = "999001", "999003"
PASSWORD = "invented-plover-ladder-moss"
OTHER = re.compile(r"\.(csv|ics|pdf|css)$|^/dsl/events$|^/api/")
"""Addresses that answer something else than a page."""
HOMES = {"/dsl": "dsl", "/head": "head", "/clerk": "clerk", "/attendance": "attendance", "/senco": "senco",
         "/governor": "governors", "/provider": "provider", "/authority": "local_authority"}  # fmt: skip
"""Whose own page it is: they open it, whoever else may."""
THEIRS = {"T6MG-45": "local_authority", "D3PX-19": "clerk"}
"""Who opens what is about a placement, where they may: of three placements each page is opened by different people."""
NARROW = ("governors", "provider", "local_authority", "data_protection")
"""Roles that see less of a page, or other things: each opens whatever it may."""
ALIKE = re.compile("^/do/|^/rules|^/done|^/account/codes|/documents/(now|filed)/|/reviews/")
"""What looks the same to everybody: one opens it."""
ANYBODYS = {"/sign-in": "Sign in", "/sign-in/code": "Continue", "/sign-in/as": "Continue", "/account/codes": "Continue",
            "/invitation/{token}": "Save", "/register/{token}": None}  # fmt: skip
"""Pages outside the table, which a password, a code or a link opens; and the button that sends their form as it is."""
SENT = [
    ("head", "/close-day", "Close for this reason", "There is a problem"),
    ("head", "/settings", "Change", "There is a problem"),
    ("dsl", "/correct/{contact}", "Record the correction", "There is a problem"),
    ("dsl", "/account", "Change the password", "There is a problem"),
    ("dsl", "/account/codes/renew", "Continue", "There is a problem"),
    ("dsl", "/attendance?day-day=31&day-month=2&day-year=2026", "Show that day", "There is a problem"),
    ("dsl", "/people/clerk1/account", "Make an account link", "Account link"),
    ("dsl", "/alerts", "Acknowledge", "You acknowledged the alert"),
    ("dsl", "/dsl", "Acknowledge", "You acknowledged the alert"),
    ("attendance", "/do/record_contact?placement=H8JE-66", "Check your answers", "There is a problem"),
]
"""Forms of pages of their own, sent as they are found: (who, address, button, what is then told)."""
ELSEWHERE_TO = ("/sign-in/with/{name}", "/sign-in/from/{name}")
"""Lead on to another site and back: tests/web/accounts/open_id."""


def read_table():
    """What is opened of each route: {route: [(role, address, status)]}."""
    found = {}
    with (Path(__file__).parents[1] / "sight" / "routes_by_role.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            route, address = row.pop("route"), row.pop("example")
            address = address or route
            if row.pop("method") != "GET" or OTHER.search(route) or OTHER.search(address):
                continue
            may = [role for role, status in row.items() if status == "200"]
            theirs = (role for ref, role in THEIRS.items() if ref in address and role in may)
            first = HOMES.get(route) or next(theirs, None) or next(iter(may), "dsl")
            narrow = [role for role in NARROW if role in may and not ALIKE.search(route)]
            roles = dict.fromkeys([first, *narrow])
            status = 200 if may or route == "/" else int(row[first])  # which leads on to a page
            found.setdefault(route, []).extend((role, address, status) for role in roles)
    return found


ROUTES = read_table()
FORMS = sorted(set(DEEDS) - WHOLE_PAGES)


@pytest.fixture(scope="module")
def account(pages, two_schools, on_record):
    """Signs somebody in; returns the cookie of their session."""

    def signed_in(ref, **fields):
        who = pages.as_(ref)
        with two_schools.database.writing() as session:
            wanted = select(Account).join(Membership).where(Membership.person_id == pages.person(session, ref).id)
            for name, value in fields.items():
                setattr(session.scalars(wanted).one(), name, value)
        return who.client.cookies["offsite"]

    return signed_in


@pytest.fixture(scope="module")
def opened(chromium, served):
    """Opens a tab, signed in with a cookie or not."""
    contexts = []

    def made(cookie=None):
        contexts.append(chromium.new_context(base_url=served))
        if cookie:
            contexts[-1].add_cookies([{"name": "offsite", "value": cookie, "url": served}])
        return contexts[-1].new_page()

    yield made
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def signed_in(opened, account, two_schools):
    """The tab of somebody who takes one role after another; somebody else has an account and codes, to be ended."""
    codes = {"code_secret": two_schools.key_file.wrap(one_time_codes.new_secret()), "code_confirmed": True}
    account("clerk1", **codes)
    return opened(account("att1", password_hash=passwords.hashed(PASSWORD), **codes))


@pytest.fixture
def becomes(signed_in, role_changer):
    """Gives whoever is signed in another role, away from any page: a live one is told, and loads itself anew at any moment."""

    def change(role):
        signed_in.goto("about:blank")
        role_changer(role)

    return change


@pytest.fixture
def walker(signed_in, walking):
    """Looks at the pages of whoever takes one role after another."""
    return walking(signed_in)


@pytest.mark.parametrize("route", ROUTES)
def test_every_page(walker, becomes, on_record, route):
    for number, (role, address, status) in enumerate(ROUTES[route]):
        becomes(role)
        walker.opens(address.format_map(on_record), status, f"as {role}", keyboard=number == 0)


@pytest.mark.parametrize("name", FORMS)
def test_the_form_of_every_command_and_what_it_is_answered_with(walker, pages, becomes, name):
    becomes(DEEDS[name][0])
    address = pages.form_of(name)
    walker.opens(address)
    if name not in AT_ONCE:
        walker.tab.get_by_role("button", name="Check your answers").click()
        walker.looks(f"{address}, sent", keyboard=False)


@pytest.mark.parametrize(("role", "address", "button", "told"), SENT)
def test_what_a_form_is_answered_with(walker, becomes, on_record, role, address, button, told):
    becomes(role)
    walker.tab.goto(address.format_map(on_record))
    walker.tab.get_by_role("button", name=re.compile(f"^{button}")).first.click()
    expect(walker.tab.get_by_text(told).first).to_be_visible()
    walker.looks(f"{address}, {button}")


@pytest.fixture(scope="module")
def unlocked(pages, two_schools, account, opened, signed_in):
    """Opens a page of ANYBODYS to whom it is for: a tab, and its address."""

    def opens(route):
        if route == "/sign-in/as":
            cookie = account("senco1")
            with two_schools.database.writing() as session:
                mine, theirs = (pages.person(session, "senco1", urn).id for urn in (HERE, ELSEWHERE))
                kept = session.scalars(select(Membership.account_id).where(Membership.person_id == mine)).one()
                session.add(Membership(account_id=kept, person_id=theirs))
            return opened(cookie), route
        if route == "/register/{token}":
            link = pages.as_("head1").get("/providers/workshop/link").text
            return opened(), re.search(r"/register/[\w.\-]+", link).group()
        if route == "/account/codes":
            return opened(account("la1")), route
        if route == "/sign-in/code":
            return signed_in, route
        return opened(), route.format(token=pages.invite("gov1"))

    return opens


@pytest.mark.parametrize("route", ANYBODYS)
def test_pages_before_signing_in(unlocked, walking, route):
    tab, address = unlocked(route)
    walker = walking(tab)
    walker.opens(address)
    if ANYBODYS[route]:
        tab.get_by_role("button", name=ANYBODYS[route]).click()
        walker.looks(f"{address}, sent")


@pytest.mark.parametrize("address", ["/nowhere", "/invitation/none", "/register/none"])
def test_pages_of_what_is_not_there(opened, walking, address):
    walking(opened()).opens(address, 404)


@pytest.mark.parametrize("address", ["/nowhere", "/placements/NONE", "/placements?page=x"])
def test_error_pages_of_somebody_signed_in(walker, becomes, address):
    becomes("dsl")
    walker.opens(address, 422 if "?" in address else 404)


def test_every_route_that_answers_a_page_is_walked(pages):
    routes = {route.path for route in pages.routes() if "GET" in route.methods and not OTHER.search(route.path)}
    assert routes == {*ROUTES, *ANYBODYS, *ELSEWHERE_TO}


WRONG = """<!DOCTYPE html><html lang="en-GB"><title>Wrong</title><style>
  td { position: relative; } td p { position: absolute; inset: -9px; background: white; }
  div { width: 900px; } .offsite-scroll { width: 300px; overflow: auto; } table { width: 2000px; } a::after { content: "(/)"; }
</style><nav aria-label="Pages">Pages</nav><main hidden></main><a class="govuk-back-link" href="/">Back</a>
<button tabindex="-1">By mouse</button><img src="data:,"><div>Wide</div>
<div class="offsite-scroll" aria-label="A list"><table><tbody>
<tr><td><a href="/">Covered</a><p>By it</p></td></tr></table></div>
"""


def test_what_would_be_wrong_with_a_page_is_found(opened, walker_class):
    walker = walker_class(opened())
    walker.tab.set_content(WRONG)
    walker.looks("it")
    said = "\n".join(walker.found)
    for words in (
        "it: image-alt",
        "Tab does not reach <button",
        "on a phone: too wide",
        "on a phone: the keyboard cannot scroll <div",
        "on a phone, focused out of sight: <a",
        "on 200 % of 1280: too wide",
        "on paper: is printed: <nav",
        "on paper: is printed: <a",
        "on paper: prints its address: <a",
        "on paper: main is not printed",
        "on paper: too wide",
        "on paper: is cut off: A list",
    ):
        assert words in said, said
