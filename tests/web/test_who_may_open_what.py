"""Every route with every role, compared with a table that is checked in: nobody gains or loses a page unseen.

After a change that is meant, write the table anew: OFFSITE_WRITE_TABLES=1 pytest tests/web/test_who_may_open_what.py
"""

import csv
import os
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from models.people import PersonDetails
from offsite.access.sight import ROLE_SIGHT
from offsite.web.visit import form_token

TABLE = Path(__file__).parent / "routes_by_role.csv"
NAMES = {
    "ref": "H8JE-66", "name": "notice-late", "number": "1", "kind": "clock_proof", "token": "none", "key": "none",
    "day": "2026-11-24",
}  # fmt: skip
"""What stands for each part of an address."""
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


def routes(app):
    return sorted(
        ((route.path, method) for route in _flat(app.routes) for method in route.methods - {"HEAD"}), key=lambda r: (r[0], r[1])
    )


def _flat(found):
    for route in found:
        if isinstance(route, APIRoute):
            yield route
        else:
            yield from _flat(getattr(route, "routes", None) or getattr(getattr(route, "original_router", None), "routes", []))


def address(path):
    if path.startswith("/account/"):
        return path.replace("{number}", "999999999")  # not the session that walks
    if path.startswith("/alerts/"):
        return "/alerts/A-NONE00"
    if path.startswith("/providers/{ref}"):
        return path.replace("{ref}", "workshop")
    if path.startswith("/people/{ref}"):
        return path.replace("{ref}", "att1")
    if path == "/do/{name}":
        return "/do/record_contact?placement=H8JE-66"
    if path.endswith("/reviews/{name}.ics"):
        return "/placements/H8JE-66/reviews/H8JE-66-r1.ics"
    if "/reviews/{name}/documents/" in path:
        return path.split("/placements/")[0] + "/placements/H8JE-66/reviews/H8JE-66-r1/documents/review_pack"
    if path == "/api/concerns/{name}":
        return "/api/concerns/V5RC-73-c1"
    if path == "/api/providers/{ref}":
        return "/api/providers/workshop"
    if path == "/api/search":
        return "/api/search?q=H8"
    for name, value in NAMES.items():
        path = path.replace("{" + name + "}", value)
    return path


@pytest.fixture(scope="module")
def role_changer(two_schools):
    """Gives att1 one role, as if it were entered so."""

    def change(role):
        with two_schools.database.writing() as session:
            for row in (
                session.query(PersonDetails).join(PersonDetails.__table__.metadata.tables["person"]).filter_by(ref="att1")
            ):
                row.roles = [role]
                row.provider_id = 1 if role == "provider" else None

    return change


def test_every_route_with_every_role_is_as_the_table_says(pages, role_changer):
    found = []
    for role in ROLE_SIGHT:
        role_changer(role)
        who, api = pages.as_("att1"), pages.api("att1")
        who.get("/account")
        cookies = who.client.cookies
        token = form_token(pages.app.edge(), cookies["offsite-visitor"], cookies["offsite"])
        for path, method in routes(pages.app.app):
            if path in PUBLIC or path == "/dsl/events":
                continue
            client = api if path.startswith("/api") else who.client
            sent = {"json": {}} if path.startswith("/api") else {"data": {"csrf": token}} if method == "POST" else {}
            answer = client.request(method, address(path), **sent)
            found.append((path, method, role, str(answer.status_code)))
    found.sort()
    if os.environ.get("OFFSITE_WRITE_TABLES"):
        with TABLE.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(found)
    with TABLE.open(encoding="utf-8", newline="") as file:
        assert [tuple(row) for row in csv.reader(file)] == found


def test_every_route_asks_for_an_area_unless_it_is_public(pages):
    for route in _flat(pages.app.app.routes):
        areas = [getattr(d.call, "area", None) for d in route.dependant.dependencies]
        assert any(areas) or route.path in PUBLIC, route.path


def test_every_form_is_checked_to_be_our_own(pages):
    for route in _flat(pages.app.app.routes):
        if "POST" in route.methods and not route.path.startswith("/api"):
            assert any(d.call.__name__ == "posted" for d in route.dependant.dependencies), route.path


def test_nobody_without_a_session_sees_anything(pages):
    nobody = pages.client()
    for path, method in routes(pages.app.app):
        if path in PUBLIC:
            continue
        answer = nobody.request(method, address(path))
        assert answer.status_code in (303, 401, 403), (path, method)
        assert "Invented" not in answer.text


@pytest.mark.parametrize("path", ["/dsl", "/nowhere", "/placements/NONE", "/clerk?page=x"])
def test_an_error_page_leads_whoever_is_signed_in_on_to_their_pages_and_nobody_else(pages, path):
    shown = pages.as_("clerk1").get(path)
    assert shown.status_code in (403, 404, 422)
    assert '<a class="govuk-link" href="/clerk"' in shown.text and "Sign out" in shown.text
    assert 'aria-label="Pages"' not in pages.nobody().get(path).text
