"""The JSON interface shows what the pages show: the same views, the same areas, the same limits."""

from datetime import date

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select

from models.look import Look
from offsite.letters.words import day_in_words
from offsite.views.safeguarding.alerts import ABOUT_WHEREABOUTS

PAGE_OF = {
    "/api/this-session": "/dsl",
    "/api/cannot-tell": "/dsl/cannot-tell",
    "/api/concerns/{name}": "/concerns/{name}",
    "/api/looks": "/looks",
    "/api/broken-glass": "/looks/broken-glass",
    "/api/duties": "/clerk",
    "/api/requests": "/clerk/requests",
    "/api/plans": "/senco",
    "/api/counts": "/authority/counts",
    "/api/registers/{day}": "/attendance",
    "/api/registers/{day}/own": "/provider",
    "/api/placements": "/placements",
    "/api/placements/{ref}": "/placements/{ref}",
    "/api/placements/{ref}/chronology": "/placements/{ref}/chronology",
    "/api/placements/{ref}/documents": "/placements/{ref}/documents",
    "/api/placements/{ref}/documents/filed/{number}": "/placements/{ref}/documents/filed/{number}",
    "/api/placements/{ref}/documents/now/{kind}": "/placements/{ref}/documents/now/{kind}",
    "/api/placements/{ref}/reviews/{name}/documents/{kind}": "/placements/{ref}/reviews/{name}/documents/{kind}",
    "/api/alerts": "/alerts",
    "/api/alerts/{ref}": "/alerts/{ref}",
    "/api/search": "/search",
    "/api/people": "/people",
    "/api/providers": "/providers",
    "/api/providers/{ref}": "/providers/{ref}",
    "/api/settings": "/settings",
    "/api/health": "/health",
    "/api/rules": "/rules",
    "/api/rules/{name}": "/rules/{name}",
    "/api/law": "/rules",
    "/api/me": "/account",
}
"""Each address at /api that shows something, and the page that shows the same."""


def _areas(found):
    for route in found:
        if isinstance(route, APIRoute):
            if "GET" in route.methods:
                yield route.path, next((d.call.area for d in route.dependant.dependencies if hasattr(d.call, "area")), None)
        else:
            yield from _areas(getattr(route, "routes", None) or getattr(getattr(route, "original_router", None), "routes", []))


def test_every_view_is_opened_by_those_who_may_open_its_page(pages):
    areas = dict(_areas(pages.app.app.routes))
    shown = {path for path in areas if path.startswith("/api/")} - {"/api/commands"}
    assert shown == set(PAGE_OF)
    assert {path: areas[path] for path in shown} == {path: areas[page] for path, page in PAGE_OF.items()}


@pytest.mark.parametrize(("person", "path", "expect"), [
    ("dsl1", "/api/this-session", lambda found: found["session"] == "am" and found["listed"]["rows"]),
    ("dsl1", "/api/cannot-tell", lambda found: "rows" in found),
    ("clerk1", "/api/duties", lambda found: {row["duty"] for row in found["rows"]} & {"invitations", "notice", "outcome"}),
    ("clerk1", "/api/requests", lambda found: "rows" in found),
    ("head1", "/api/registers/2026-11-24", lambda found: {row["session"] for row in found["rows"]} == {"am", "pm"}),
    ("prov1", "/api/registers/2026-11-25/own", lambda found: all(row["session_at_home"] is None for row in found) and found),
    ("la1", "/api/counts", lambda found: {row["placements"] for row in found} >= {None}),
    ("dsl1", "/api/providers/workshop", lambda found: found["sites"] and found["checks"]),
    ("dsl1", "/api/people", lambda found: {p["person"] for p in found} >= {"dsl1", "clerk1"}),
    ("head1", "/api/settings", lambda found: {s["key"]: s for s in found}["hours_threshold"]["own"]),
    ("head1", "/api/health", lambda found: {sign["state"] for sign in found} <= {"ok", "warning", "wrong"}),
    ("la1", "/api/rules/notice-late", lambda found: found["authority"] == "law" and found["source"]),
    ("la1", "/api/law?on=2011-03-01", lambda found: "osd-2010" in {regime["id"] for regime in found["regimes"]}),
    ("dsl1", "/api/placements/H8JE-66/chronology", lambda found: found["rows"][0]["what"] == "propose_placement"),
])  # fmt: skip
def test_what_is_shown(pages, person, path, expect):
    answer = pages.api(person).get(path)
    assert answer.status_code == 200
    assert expect(answer.json())


def test_a_provider_of_whom_no_checks_are_shown(pages):
    assert pages.api("clerk1").get("/api/providers/workshop").json()["checks"] is None


def test_each_look_at_a_concern_by_a_program_is_logged(pages, two_schools):
    def looks():
        with two_schools.database.reading() as session:
            return [(look.by, look.concern, look.through) for look in session.scalars(select(Look).order_by(Look.id))]

    before = len(looks())
    found = pages.api("dsl1").get("/api/concerns/V5RC-73-c1").json()
    assert found["texts"]["What was raised"].startswith("invented concern")
    assert looks()[before:] == [("dsl1", "V5RC-73-c1", "api")]
    assert pages.api("head1").get("/api/concerns/V5RC-73-c1").json()["texts"] == {}
    assert len(looks()) == before + 1


def test_a_concern_is_not_there_for_whom_it_is_against(pages):
    fields = {"concern": "c-deputy", "placement": "H8JE-66", "kind": "allegation", "about": "placement", "against": "ddsl1",
              "text": "an invented allegation"}  # fmt: skip
    assert pages.api("dsl1").post("/api/do/raise_concern", json={"fields": fields}).status_code == 201
    assert pages.api("dsl1").get("/api/concerns/c-deputy").status_code == 200
    assert pages.api("ddsl1").get("/api/concerns/c-deputy").json() == pages.api("ddsl1").get("/api/concerns/c-none").json()


def test_a_document_is_opened_with_its_standing(pages):
    api = pages.api("dsl1")
    shown = api.get("/api/placements/H8JE-66/documents").json()
    now = api.get(f"/api/placements/H8JE-66/documents/now/{shown['now'][0]}").json()
    assert now["state"] == "draft" and "H8JE-66" in now["html"]
    for filed in shown["filed"]:
        one = api.get(f"/api/placements/H8JE-66/documents/filed/{filed['number']}").json()
        assert one["state"] == ("as_issued" if filed["issued_to"] else "draft")


def test_pages_of_a_list_are_cut_alike(pages):
    api = pages.api("dsl1")
    whole = api.get("/api/placements").json()
    assert whole["pages"] == 1 and api.get("/api/placements?page=7").json() == whole
    assert [r["placement"] for r in api.get("/api/placements?sort=-placement").json()["rows"]] == sorted(
        (r["placement"] for r in whole["rows"]), reverse=True
    )


def test_only_who_took_an_alert_about_where_the_pupil_is_today_is_on_it_by_name(pages):
    placement = "J7DV-14"

    def on_it():
        rows = pages.api("dsl1").get("/api/this-session").json()["listed"]["rows"]
        return next(row["on_it"] for row in rows if row["placement"] == placement)

    def take(who, **about):
        fields = {"placement": placement, "next_step": "invented", "due": "2026-11-26"} | about
        assert pages.api(who).post("/api/do/take", json={"fields": fields}).status_code == 201, about

    take("head1", rule="review-not-scheduled")
    assert on_it() is None
    take("dsl1", rule="register-not-received", subject="2026-11-23 am")
    assert on_it() is None
    take("att1", rule="register-not-received", subject="2026-11-25 am")
    assert on_it() == "Invented Person Six"
    assert "Invented Person Six" in pages.as_("dsl1").get("/dsl").text


def test_whoever_looks_for_a_pupil_took_an_alert_of_these_rules():
    assert {
        "absence-not-followed-up", "child-missing", "code-b-but-absent", "code-d-mismatch", "location-unknown",
        "register-not-received", "start-not-recorded",
    } == set(ABOUT_WHEREABOUTS)  # fmt: skip


MET_BY = {
    "notice": "serve_notice", "invitations": "invite", "decision": "decide", "outcome": "notify_outcome",
    "new_pupil_return": "record_statutory_step", "transfer_file": "record_statutory_step",
    "absence_return": "record_statutory_step", "lado_referral": "refer_to_lado", "requested_review": "hold_review",
}  # fmt: skip


def test_a_duty_that_is_met_names_the_entries_that_met_it(pages):
    api, seen = pages.api("dsl1"), set()
    for fields in (
        ("request_review", {"request": "q-then", "placement": "A9KF-28", "asked_by": "parent"}),
        ("record_statutory_step", {"placement": "J7DV-14", "kind": "transfer_file"}),
    ):
        assert api.post(f"/api/do/{fields[0]}", json={"fields": fields[1]}).status_code == 201
    for row in api.get("/api/placements").json()["rows"]:
        of = f"/api/placements/{row['placement']}"
        for duty in api.get(of).json()["clock"]:
            kinds = {api.get(f"{of}/chronology?q={number}").json()["rows"][0]["what"] for number in duty["met_by"]}
            assert kinds == ({MET_BY[duty["duty"]]} if duty["met"] else set()), duty
            seen.update((duty["duty"], kind) for kind in kinds)
    assert len(seen) >= 5, seen


def test_the_placement_page_shows_the_plain_limit_and_the_entry_that_met_a_duty(pages):
    duty = next(d for d in pages.api("clerk1").get("/api/placements/H8JE-66").json()["clock"] if d["duty"] == "notice")
    [number] = duty["met_by"]
    assert duty["due"] < duty["breached_after"]
    for ref, entry in (("dsl1", f'<a class="govuk-link" href="/placements/H8JE-66/chronology?q={number}">{number}</a>'),
                       ("clerk1", str(number))):  # fmt: skip
        shown = pages.as_(ref).get("/placements/H8JE-66").text
        assert f"The plain limit is {day_in_words(date.fromisoformat(duty['breached_after']))}" in shown
        assert f"Met on {day_in_words(date.fromisoformat(duty['met']))} by entry {entry} of the chronology." in shown
