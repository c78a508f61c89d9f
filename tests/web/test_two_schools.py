"""Two schools full of look-alikes in one installation: no row, count, hit, document or message of one is seen at the other."""

import pytest

HERE, ELSEWHERE = "999001", "999003"
PATHS = [
    "/dsl",
    "/head",
    "/placements",
    "/placements.csv?closed=true",
    "/alerts",
    "/alerts.csv",
    "/people",
    "/people.csv",
    "/pupils",
    "/pupils.csv?q=pupil",
    "/people/att1/account",
    "/account",
    "/providers",
    "/health",
    "/settings",
    "/attendance",
    "/looks",
    "/search?q=oTHe",
    "/search?q=inv",
    "/search?q=H8JE",
    "/search?q=H8JE-66-r1",
    "/search?q=V5RC-73-c1",
    "/dsl/unconfirmed",
    "/placements/V5RC-73/concerns",
    "/placements/V5RC-73/contacts",
    "/placements/H8JE-66",
    "/placements/H8JE-66/documents",
    "/documents/inspection-sheet",
    "/placements/H8JE-66/documents/now/review_pack",
    "/placements/H8JE-66/documents/now/chronology",
    "/providers/workshop",
    "/do/hand_over?alert={alert}",
    "/do/propose_placement",
    "/do/raise_concern",
    "/do/cover",
]


@pytest.mark.parametrize(("urn", "foreign"), [(HERE, "Otherplace"), (ELSEWHERE, "Invented")])
@pytest.mark.parametrize("path", PATHS)
def test_no_word_of_the_other_school_is_on_a_page(pages, path, urn, foreign):
    who = pages.as_("dsl1", urn)
    if "{alert}" in path:
        path = path.replace("{alert}", pages.api("dsl1", urn).get("/api/alerts").json()["rows"][0]["alert"])
    answer = who.get(path)
    assert answer.status_code == 200
    said = answer.text.replace('value="oTHe"', "")
    assert foreign.lower() not in said.lower()


AT_API = [
    ("dsl1", "me"),
    ("dsl1", "this-session"),
    ("dsl1", "cannot-tell"),
    ("dsl1", "concerns/V5RC-73-c1"),
    ("dsl1", "looks"),
    ("dsl1", "broken-glass"),
    ("clerk1", "duties"),
    ("clerk1", "requests"),
    ("senco1", "plans"),
    ("la1", "counts"),
    ("att1", "registers/2026-11-24"),
    ("prov1", "registers/2026-11-24/own"),
    ("dsl1", "placements?closed=true"),
    ("dsl1", "placements/H8JE-66"),
    ("dsl1", "placements/H8JE-66/chronology"),
    ("dsl1", "placements/H8JE-66/documents"),
    ("dsl1", "placements/H8JE-66/documents/now/chronology"),
    ("dsl1", "placements/H8JE-66/reviews/H8JE-66-r1/documents/review_pack"),
    ("dsl1", "alerts"),
    ("dsl1", "search?q=inv"),
    ("dsl1", "search?q=othe"),
    ("dsl1", "people"),
    ("dsl1", "providers"),
    ("dsl1", "providers/workshop"),
    ("dsl1", "settings"),
    ("dsl1", "health"),
    ("dsl1", "rules"),
    ("dsl1", "law"),
]


@pytest.mark.parametrize(("urn", "foreign"), [(HERE, "Otherplace"), (ELSEWHERE, "Invented")])
@pytest.mark.parametrize(("person", "path"), AT_API)
def test_no_word_of_the_other_school_is_in_an_answer(pages, person, path, urn, foreign):
    answer = pages.api(person, urn).get(f"/api/{path}")
    assert answer.status_code == 200
    assert foreign.lower() not in answer.text.lower()


def test_a_command_says_nothing_of_the_other_school(pages):
    """Nor does a refusal list what is on record there."""
    for fields in ({"placement": "nowhere"}, {"placement": "H8JE-66", "reason": ""}):
        answer = pages.api("dsl1").post("/api/do/put_on_hold", json={"fields": fields})
        assert "otherplace" not in answer.text.lower() and ELSEWHERE not in answer.text


def test_an_alert_of_the_other_school_is_not_on_record(pages):
    theirs = {row["alert"] for row in pages.api("dsl1", ELSEWHERE).get("/api/alerts").json()["rows"]}
    ours = pages.as_("dsl1")
    assert theirs
    for ref in theirs:
        assert ours.get(f"/alerts/{ref}").status_code == 404
        assert ours.get(f"/do/acknowledge?alert={ref}").status_code == 404
        assert pages.api("dsl1").get(f"/api/alerts/{ref}").status_code == 404


def test_a_document_filed_at_the_other_school_is_not_on_record(pages, two_schools):
    from sqlalchemy import select

    from models.placement import Document, Placement
    from models.school import School

    with two_schools.database.reading() as session:
        wanted = select(Document.id).join(Placement, Placement.id == Document.placement_id)
        theirs = session.scalars(wanted.join(School, School.id == Placement.school_id).where(School.urn == ELSEWHERE)).all()
    ours = pages.as_("dsl1")
    for number in theirs:
        assert ours.get(f"/placements/H8JE-66/documents/filed/{number}").status_code == 404


def test_counts_are_of_one_school(pages):
    one, other = (pages.api("dsl1", urn).get("/api/placements").json()["total"] for urn in (HERE, ELSEWHERE))
    assert one == other == 11
