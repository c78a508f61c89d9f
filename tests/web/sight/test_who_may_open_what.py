"""Every route with every role, compared with a table that is checked in: nobody gains or loses a page unseen.

Each route is opened by its examples (examples.toml): what is on record, within and beyond the reach of those who do not see
every placement, and commands that are right, so that a refusal is one of the role or its reach and of nothing else. What is
done is undone at once: each request finds the same record.

After a change that is meant, write the table anew: OFFSITE_WRITE_TABLES=1 pytest tests/web/sight/test_who_may_open_what.py
"""

import csv
import os
import re
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.account import Account, ApiToken, Membership, SignIn
from offsite.access.areas import HOMES, homes
from offsite.access.deeds import DEEDS
from offsite.access.sight import ROLE_SIGHT
from offsite.accounts import one_time_codes, passwords
from offsite.casework.watch.rule_runner import NoRules
from offsite.messages.dispatch import send_critical_now
from offsite.web.pages import documents
from offsite.web.visit import form_token

TABLE = Path(__file__).parent / "routes_by_role.csv"
PUBLIC = set(
    [
        "/sign-in",
        "/sign-in/code",
        "/account/codes",
        "/sign-in/as",
        "/invitation/{token}",
        "/sign-out",
        "/documents/letter.css",
        "/register/{token}",
        "/sign-in/with/{name}",
        "/sign-in/from/{name}",
    ]
)
"""Opened by anybody: what they show is decided by a password, a code or a token."""
UNENDING = "/dsl/events"
"""Streams until its reader goes: test_live_page."""
NEVER_DONE = {
    "/api/do/set_up_school": "says the whole calendar again, as it is on file: test_forms",
    "/kept-form/{key}": "is there once, for whoever sent it: test_kept_forms",
    "/api/do/marks": "is a range of days of a scenario: people enter each mark on its day",
}
"""What is refused to everybody by its example, and why."""
PASSWORD = "invented-kestrel-harbour-mill"


def routes(pages):
    return sorted((route.path, method) for route in pages.routes() for method in route.methods - {"HEAD"})


def addresses(path, examples):
    """What stands for a route: an address with nothing to fill in is its own example."""
    if "{" in path:
        assert path in examples["addresses"], f"{path}: give an example in tests/web/examples.toml"
    return examples["addresses"].get(path, [path])


def sent(path, method, examples):
    """What is sent there."""
    command = path.removeprefix("/api/do/")
    if command != path:
        assert command in examples["commands"], f"{command}: give an example in tests/web/examples.toml"
        return examples["commands"][command]
    return examples["sent"].get(path, [{}]) if method == "POST" else [None]


def filled(value, names):
    """An example with what stands for its names in braces."""
    if isinstance(value, str):
        whole = re.fullmatch(r"\{(\w+)\}", value)
        return names[whole[1]] if whole else re.sub(r"\{(\w+)\}", lambda name: str(names[name[1]]), value)
    return {name: filled(each, names) for name, each in value.items()} if isinstance(value, dict) else value


@contextmanager
def undone(here):
    """What is written meanwhile is undone as soon as it is written; no rule looks at it."""

    @contextmanager
    def writing():
        with Session(here.database.engine.execution_options(offsite_writes=True), expire_on_commit=False) as session:
            yield session
            session.flush()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(here.database, "writing", writing)
        patch.setitem(here.__dict__, "rules", NoRules())
        patch.setattr(documents, "as_pdf", lambda html: b"%PDF")  # made in earnest by test_documents
        patch.setattr(passwords, "matches", lambda password, kept: password == kept)  # and this by test_own_account: it is slow
        patch.setattr(passwords, "hashed", lambda password, *personal: password)
        yield


def account_of(session, pages, ref):
    wanted = select(Membership.account_id).where(Membership.person_id == pages.person(session, ref).id)
    return session.get_one(Account, session.scalars(wanted).one())


@pytest.fixture(scope="module")
def walker(pages, two_schools, on_record):
    """Somebody with an account of their own, a second session, a token and codes; and what stands for the names of examples."""
    pages.as_("att1"), pages.api("att1"), pages.as_("clerk1")
    key_file, secret = two_schools.key_file, one_time_codes.new_secret()
    with two_schools.database.writing() as session:
        account_of(session, pages, "clerk1").code_confirmed = True
        own = account_of(session, pages, "att1")
        own.password_hash, own.code_secret, own.code_confirmed = PASSWORD, key_file.wrap(secret), True
        other = session.scalars(select(SignIn.id).where(SignIn.account_id == own.id)).first()
        token = session.scalars(select(ApiToken.id).where(ApiToken.person_id == pages.person(session, "att1").id)).first()
        sealed = one_time_codes.offer(key_file, own)
        fresh = one_time_codes.offered(key_file, own, sealed)
    send_critical_now(two_schools.database, two_schools.channels, pages.clock())  # so that nothing waits to be sent
    codes = {"code": pyotp.TOTP(secret).at(pages.clock()), "new_code": pyotp.TOTP(fresh).at(pages.clock()), "sealed": sealed}
    return on_record | codes | {"password": PASSWORD, "other_session": other, "token": token}


def asked(who, api, token, path, method, address, body, names):
    """The answer to one example."""
    where, _, settled = filled(address, names).partition("?")
    if path.startswith("/api"):
        return api.request(
            method, where, params=dict(parse_qsl(settled)), **({"json": {"fields": filled(body, names)}} if body else {})
        )
    if method == "POST":
        return who.client.post(where, data={"csrf": token, **dict(parse_qsl(settled)), **filled(body, names)})
    return who.get(filled(address, names))


@pytest.fixture(scope="module")
def found(pages, two_schools, role_changer, walker, examples):
    """What every example of every route was answered with: {(route, method, example): {role: status}}."""
    answers = {}
    for role in ROLE_SIGHT:
        role_changer(role)
        who, api = pages.as_("att1"), pages.api("att1")
        who.get("/account")
        with two_schools.database.reading() as session:
            person = pages.person(session, "att1").id
        token = form_token(pages.app.edge(), who.client.cookies["offsite-visitor"], who.client.cookies["offsite"], person)
        with undone(two_schools):
            for path, method in routes(pages):
                if path in PUBLIC or path == UNENDING:
                    continue
                for address in addresses(path, examples):
                    bodies = sent(path, method, examples)
                    for number, body in enumerate(bodies, 1):
                        answer = asked(who, api, token, path, method, address, body, walker)
                        assert "/sign-in" not in answer.headers.get("location", ""), path
                        label = (address if address != path else "") + (f" ({number})" if len(bodies) > 1 else "")
                        answers.setdefault((path, method, label.strip()), {})[role] = str(answer.status_code)
    role_changer("attendance")
    return answers


def test_every_route_with_every_role_is_as_the_table_says(found):
    rows = [["route", "method", "example", *ROLE_SIGHT]]
    rows += [[*key, *(by_role[role] for role in ROLE_SIGHT)] for key, by_role in sorted(found.items())]
    if os.environ.get("OFFSITE_WRITE_TABLES"):
        with TABLE.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    with TABLE.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == rows


def test_every_route_succeeds_for_somebody(found):
    """Else what it refuses others was never seen to be theirs."""
    done = {key[:2] for key, by_role in found.items() if {"200", "201", "303"} & set(by_role.values())}
    assert {path for path, _ in {key[:2] for key in found} - done} == set(NEVER_DONE)


def test_every_command_tells_a_role_that_may_not_from_one_that_may(found):
    """A role that may not say it is refused as such (403), before what it says is looked at."""
    for name, roles in DEEDS.items():
        by_role = next(found[key] for key in sorted(found) if key[0] == f"/api/do/{name}")
        assert {role for role, status in by_role.items() if status == "403"} == set(ROLE_SIGHT) - set(roles), name


def test_whoever_does_not_see_every_placement_sees_none_beyond_their_reach(found):
    narrow = ("chair", "governors", "provider", "local_authority")
    beyond = {key: by_role for key, by_role in found.items() if "D3PX-19" in key[2]}
    assert len({path for path, _, _ in beyond}) > 8
    for key, by_role in beyond.items():
        refused = {"403", "404", *(["422"] if key[:2] == ("/do/{name}", "POST") else [])}  # a form that keeps what was typed
        assert {by_role[role] for role in narrow} <= refused, key


@pytest.mark.parametrize(
    ("roles", "first"),
    [
        (("dsl",), "dsl"),
        (("head",), "head"),
        (("head", "dsl"), "dsl"),
        (("deputy_dsl", "senco"), "dsl"),
        (("clerk", "head"), "head"),
        (("clerk",), "clerk"),
        (("clerk", "attendance"), "clerk"),
        (("attendance", "senco"), "attendance"),
        (("senco", "governors"), "senco"),
        (("clerk", "governors"), "clerk"),
        (("chair", "governors"), "governor"),
        (("data_protection",), "placements"),
        (("data_protection", "attendance"), "attendance"),
    ],
)
def test_what_somebody_opens_first(roles, first):
    assert homes(roles)[0] == first


def test_every_role_with_a_page_of_its_own_opens_that_first():
    assert {homes((role,))[0] for role in ROLE_SIGHT} == {*HOMES, "placements"}


def test_every_route_asks_for_an_area_unless_it_is_public(pages):
    for route in pages.routes():
        areas = [getattr(d.call, "area", None) for d in route.dependant.dependencies]
        assert any(areas) or route.path in PUBLIC, route.path


def test_every_form_is_checked_to_be_our_own(pages):
    for route in pages.routes():
        if "POST" in route.methods and not route.path.startswith("/api"):
            assert any(d.call.__name__ == "posted" for d in route.dependant.dependencies), route.path


def test_nobody_without_a_session_sees_anything(pages, walker, examples):
    nobody = pages.client()
    for path, method in routes(pages):
        if path in PUBLIC:
            continue
        answer = nobody.request(method, filled(addresses(path, examples)[0], walker))
        assert answer.status_code in (303, 401, 403), (path, method)
        assert "Invented" not in answer.text


@pytest.mark.parametrize("path", ["/dsl", "/nowhere", "/placements/NONE", "/clerk?page=x"])
def test_an_error_page_leads_whoever_is_signed_in_on_to_their_pages_and_nobody_else(pages, path):
    shown = pages.as_("clerk1").get(path)
    assert shown.status_code in (403, 404, 422)
    assert '<a class="govuk-link" href="/clerk"' in shown.text and "Sign out" in shown.text
    assert 'aria-label="Pages"' not in pages.nobody().get(path).text
