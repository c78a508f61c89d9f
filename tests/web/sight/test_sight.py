"""Who sees what (domain.md 9), on pages and in JSON alike: the cells of the table that are easily got wrong."""

import html
import re

import pytest
from sqlalchemy import select, text

from models.look import BrokenGlass, Look
from models.message import Message

AGAINST_HEAD, SECRET = "invented-allegation", "an invented allegation against an adult"


@pytest.fixture(scope="module")
def allegation(pages):
    """An allegation against the head, raised by the safeguarding lead in a placement; returns its entry's number."""
    fields = {
        "placement": "H8JE-66", "concern": AGAINST_HEAD, "kind": "allegation", "about": "placement", "against": "head1",
        "text": SECRET,
    }  # fmt: skip
    answer = pages.api("dsl1").post("/api/do/raise_concern", json={"fields": fields})
    assert answer.status_code == 201, answer.text
    fields = {"concern": AGAINST_HEAD, "decision": "an invented decision"}
    assert pages.api("dsl1").post("/api/do/triage_concern", json={"fields": fields}).status_code == 201
    return answer.json()["event"]


PLACES = """
    /placements/H8JE-66 /placements/H8JE-66/chronology /placements/H8JE-66/chronology.csv /alerts /alerts.csv /head /head.csv
    /looks /search?q=invented-al /clerk /clerk.csv /placements/H8JE-66/documents/now/clock_proof
    /placements/H8JE-66/documents/now/chronology
"""


@pytest.mark.parametrize("path", PLACES.split())
def test_nothing_of_an_allegation_is_shown_to_whom_it_is_against(pages, allegation, path):
    said = pages.as_("head1").get(path).text
    assert AGAINST_HEAD not in said and "LADO" not in said.replace("lado-referral", "")
    assert "lado_referral" not in said and "triage" not in said.lower().replace("triage_minutes", "")


def test_its_page_its_correction_and_its_alerts_are_not_on_record_for_them(pages, allegation):
    head, dsl = pages.as_("head1"), pages.as_("dsl1")
    assert head.get(f"/concerns/{AGAINST_HEAD}").status_code == 404
    assert head.get(f"/correct/{allegation}").status_code == 404
    assert SECRET in dsl.get(f"/concerns/{AGAINST_HEAD}").text
    mine = {row["alert"] for row in pages.api("head1").get("/api/alerts").json()["rows"]}
    about = [r for r in pages.api("dsl1").get("/api/alerts").json()["rows"] if r["subject"] == AGAINST_HEAD]
    assert about and not mine & {row["alert"] for row in about}
    assert all(head.get(f"/alerts/{row['alert']}").status_code == 404 for row in about)


def test_counts_of_alerts_leave_out_those_one_is_not_told_of(pages, allegation):
    def critical(ref):
        rows = pages.api(ref).get("/api/placements?q=H8JE-66").json()["rows"]
        return rows[0]["alerts"].get("critical", 0)

    assert critical("dsl1") > critical("head1")


@pytest.mark.parametrize("ref", ["clerk1", "att1", "senco1", "prov1"])
def test_no_other_role_learns_of_an_allegation_from_the_clock(pages, allegation, ref):
    shown = pages.api(ref).get("/api/placements/H8JE-66")
    if shown.status_code == 200:
        assert AGAINST_HEAD not in shown.text
        assert not any(d["duty"] == "lado_referral" for d in shown.json()["clock"] or [])


@pytest.mark.parametrize("ref", ["clerk1", "att1", "head1"])
def test_correcting_an_entry_shows_no_text_that_is_not_theirs_to_read(pages, ref):
    fields = {"placement": "J7DV-14", "concern": f"worry-{ref}", "kind": "concern", "about": "pupil", "text": SECRET}
    number = pages.api("dsl1").post("/api/do/raise_concern", json={"fields": fields}).json()["event"]
    answer = pages.as_(ref).get(f"/correct/{number}")
    assert SECRET not in answer.text
    assert SECRET in pages.as_("dsl1").get(f"/correct/{number}").text


def test_each_look_at_a_text_is_logged_also_through_a_correction(pages, two_schools):
    fields = {"placement": "J7DV-14", "concern": "looked-at", "kind": "concern", "about": "pupil", "text": SECRET}
    number = pages.api("dsl1").post("/api/do/raise_concern", json={"fields": fields}).json()["event"]
    deputy = pages.as_("ddsl1")
    deputy.get("/concerns/looked-at")
    deputy.get(f"/correct/{number}")
    with two_schools.database.reading() as session:
        assert session.scalars(select(Look.by).where(Look.concern == "looked-at")).all() == ["ddsl1", "ddsl1"]
    assert pages.as_("dsl1").get("/looks?q=looked-at").text.count(">ddsl1<") == 2


def test_a_provider_sees_objectives_of_its_own_pupils_and_not_why_they_were_sent(pages):
    own = pages.api("prov1").get("/api/placements/Q2ZN-90").json()
    assert own["objectives"] and own["start"]
    assert own["reasons"] is None and own["purpose"] is None and own["timeline"] is not None
    assert pages.api("prov1").get("/api/placements/H8JE-66").status_code in (200, 404)
    assert pages.api("prov1").get("/api/placements/T6MG-45").status_code == 404


def test_an_attendance_lead_sees_contacts_and_no_reasons(pages):
    seen = pages.api("att1").get("/api/placements/H8JE-66").json()
    assert seen["contacts"] is not None and seen["vulnerable"] is not None
    assert seen["reasons"] is None and seen["attributes"] is None and seen["concerns"] is None


WROTE = {"dsl1": "invented words of the lead", "att1": "invented words of the office"}


@pytest.mark.parametrize(
    ("ref", "placement", "reads"),
    [("ddsl1", "J7DV-14", {"dsl1", "att1"}), ("att1", "J7DV-14", {"att1"}), ("head1", "J7DV-14", {"dsl1", "att1"}),
     ("head1", "H8JE-66", set()), ("senco1", "J7DV-14", set()), ("la1", "T6MG-45", set())],
)  # fmt: skip
def test_contacts_tell_with_whom_and_by_whom_and_what_was_written_to_whom_it_is_for(pages, allegation, ref, placement, reads):
    for by, words in WROTE.items():
        fields = {"placement": placement, "with": "parent", "day": "2026-11-24", "session": "pm", "about": words}
        assert pages.api(by).post("/api/do/record_contact", json={"fields": fields}).status_code == 201
    shown = html.unescape(pages.as_(ref).get(f"/placements/{placement}").text).split("Contacts and visits")[1]
    for name in ("One", "Six"):
        said = f"contact with the parent, about Tuesday 24 November 2026, afternoon; recorded by Invented Person {name}."
        assert said in shown
    assert {by for by, words in WROTE.items() if words in shown} == reads


def found(pages, ref, letters):
    return [hit["path"] for hit in pages.api(ref).get(f"/api/search?q={letters}").json()]


def test_a_concern_is_found_by_its_reference_by_those_who_may_open_it(pages, allegation):
    """A provider finds what it raised itself; nobody finds what is against them, nor what its page would not open to them."""
    fields = {"placement": "H8JE-66", "concern": "of-prov1", "kind": "concern", "about": "pupil", "text": SECRET}
    assert pages.api("prov1").post("/api/do/raise_concern", json={"fields": fields}).status_code == 201
    finders = {
        "v5rc-73-C1": ("/concerns/V5RC-73-c1", {"dsl1", "ddsl1", "head1"}),
        "of-prov1": ("/concerns/of-prov1", {"dsl1", "ddsl1", "head1", "prov1"}),
        AGAINST_HEAD: (f"/concerns/{AGAINST_HEAD}", {"dsl1", "ddsl1"}),
    }
    everybody = ("dsl1", "ddsl1", "head1", "clerk1", "att1", "senco1", "gov1", "prov1", "la1")
    for letters, (path, finding) in finders.items():
        assert {ref for ref in everybody if found(pages, ref, letters) == [path]} == finding, letters
        assert all(found(pages, ref, letters) == [] for ref in set(everybody) - finding), letters
        assert all(pages.as_(ref).get(path).status_code == 200 for ref in finding)


def test_a_review_is_found_by_its_reference_by_those_who_see_that_there_are_reviews(pages):
    reviews = {"H8JE-66-r1": {"dsl1", "clerk1", "senco1", "gov1", "prov1"}, "t6mg-45-r2": {"dsl1", "clerk1", "senco1", "la1"}}
    for name, finding in reviews.items():
        path = f"/placements/{name[:7].upper()}"
        finders = {
            ref for ref in ("dsl1", "clerk1", "senco1", "gov1", "prov1", "la1", "att1") if found(pages, ref, name) == [path]
        }
        assert finders == finding, name


def test_governors_and_authority_find_what_is_within_their_reach_and_nothing_else(pages):
    """Placements of the next meeting, by reference or name; of pupils with a plan; providers only where their page opens."""
    assert found(pages, "gov1", "H8JE") == found(pages, "gov1", "Pupil+5") == ["/placements/H8JE-66"]
    assert found(pages, "la1", "T6MG") == found(pages, "la1", "Pupil+7") == ["/placements/T6MG-45"]
    assert found(pages, "gov1", "T6MG") == found(pages, "gov1", "Pupil+7") == []
    assert found(pages, "la1", "H8JE") == found(pages, "la1", "Pupil+5") == []
    assert found(pages, "la1", "Workshop") == []
    for ref in ("gov1", "la1"):
        hits = found(pages, ref, "inv")
        assert hits and all(pages.as_(ref).get(path).status_code == 200 for path in hits)


def test_breaking_the_glass_opens_all_of_it_for_an_hour_and_tells_the_dsl_at_once(pages, two_schools):
    clerk = pages.as_("clerk1")
    assert "open all of it for an hour" in clerk.get("/placements/H8JE-66").text
    fields = {"placement": "H8JE-66", "reason": "an invented emergency"}
    assert pages.api("clerk1").post("/api/do/break_glass", json={"fields": fields}).status_code == 201
    assert pages.api("clerk1").get("/api/placements/H8JE-66").json()["reasons"]
    with two_schools.database.reading() as session:
        told = session.scalars(select(Message.role).where(Message.kind == "broken_glass", Message.severity == "critical")).all()
        sealed = session.scalars(select(BrokenGlass.reason)).one()
    assert {"dsl", "deputy_dsl"} <= set(told)
    assert sealed.startswith("sealed:")
    assert "an invented emergency" in pages.as_("dsl1").get("/looks").text
    assert "an invented emergency" not in pages.as_("dp1").get("/looks").text
    from datetime import timedelta

    pages.clock.at += timedelta(hours=1, seconds=1)
    assert pages.api("clerk1").get("/api/placements/H8JE-66").json()["reasons"] is None


def test_the_verification_mark_tells_of_an_entry_that_was_changed(pages, two_schools):
    page = pages.as_("dsl1")
    assert "worked out again just now" in page.get("/placements/D3PX-19/chronology").text
    with two_schools.database.writing() as session:
        session.execute(text("DROP TRIGGER event_never_updated"))
        session.execute(
            text("UPDATE event SET by = 'somebody' WHERE id = (SELECT max(e.id) FROM event e JOIN placement p"
                 " ON p.id = e.placement_id JOIN school s ON s.id = p.school_id WHERE p.ref = 'D3PX-19' AND s.urn = '999001')")
        )  # fmt: skip
    shown = page.get("/placements/D3PX-19/chronology").text
    assert "does not verify" in shown and re.search(r"does not verify: \d+ of its entries", shown)
    assert "worked out again just now" in page.get("/placements/A9KF-28/chronology").text


def test_data_protection_sees_pupils_by_reference_and_no_name(pages):
    for path in ("/pupils", "/pupils.csv", "/pupils?q=Pupil", "/do/keep_record"):
        assert "Invented Pupil" not in pages.as_("dp1").get(path).text
    assert "u05" in pages.as_("dp1").get("/pupils").text
    assert "Invented Pupil 5" in pages.as_("clerk1").get("/pupils").text


def test_a_pupil_is_found_by_name_first_where_there_are_too_many_to_choose_from(pages, monkeypatch):
    from offsite.web.forms import pages as forms

    monkeypatch.setattr(forms, "MOST_CHOICES", 5)
    answer = pages.as_("clerk1").get("/do/propose_placement")
    assert answer.status_code == 303 and answer.headers["location"] == "/pupils?to=propose_placement"
    assert "/do/propose_placement?pupil=u05" in pages.as_("clerk1").get("/pupils?to=propose_placement&q=pupil+5").text


@pytest.mark.parametrize(("against", "whom"), [
    ("", "the safeguarding lead or a deputy safeguarding lead"),
    ("dsl", "a deputy safeguarding lead"),
    ("ddsl1", "the safeguarding lead"),
])  # fmt: skip
def test_whoever_may_not_read_a_concern_is_sent_to_nobody_it_is_against(pages, against, whom):
    name, placement = f"invented-whom-{against or 'nobody'}", {"": "A9KF-28", "dsl": "D3PX-19", "ddsl1": "Q2ZN-90"}[against]
    fields = {"placement": placement, "concern": name, "kind": "allegation", "about": "placement"}
    fields |= {"against": against} if against else {}
    assert pages.api("att1").post("/api/do/raise_concern", json={"fields": fields}).status_code == 201
    head = pages.as_("head1")
    assert f"yes: speak to {whom}<" in head.get(f"/placements/{placement}").text
    assert f"not yours to read: speak to {whom}." in head.get(f"/concerns/{name}").text
    if against == "dsl":
        assert "none on record" in pages.as_("dsl1").get(f"/placements/{placement}").text
