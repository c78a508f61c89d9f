"""The review pack: everything domain.md 11 asks for; of concerns as much as its reader may see."""

from datetime import UTC, date, datetime

import pytest

from models.attendance import Contact, Visit
from models.concern import Concern, ConcernClosure, Referral, Triage
from models.placement import Consultation, Start
from models.plan import ProgressReport
from models.review import Nomination, Review, View
from offsite.access.sight import Concerns
from offsite.case.case import MarkRow
from offsite.case.statutory_clock import deadlines
from offsite.letters.packs.review_pack import draft_review_pack

MON_30_NOV = datetime(2026, 11, 30, 8, tzinfo=UTC)
MON_16_NOV = datetime(2026, 11, 16, 9, tzinfo=UTC)


@pytest.fixture
def attending(case, row, texts):
    """Started on Monday 16 November; three sessions marked at the provider, one of them missed; a report; two concerns, one
    of them an allegation against the head; a visit; words of pupil and parent."""
    later = datetime(2026, 11, 25, 9, tzinfo=UTC)
    rows, sealed = case.rows._rows, lambda text: texts.seal(text, 1)
    rows[Start] = [row(Start, MON_16_NOV, gates_shut=[])]
    rows[ProgressReport] = [row(ProgressReport, later, ratings={"o1": "green"}, note=sealed("Calmer each week"))]
    rows[Concern] = [
        row(Concern, later, concern="c1", kind="concern", about="pupil", placement_id=1, text=sealed("hidden words")),
        row(Concern, later, concern="c2", kind="allegation", about="provider", placement_id=1, against="head",
            text=sealed("more hidden words")),
    ]  # fmt: skip
    rows[Triage] = [
        row(Triage, later, concern="c1", decision=sealed("see the family"), summary=sealed("A worry about sleep; in hand.")),
    ]
    rows[Visit] = [row(Visit, later, pupil_seen=sealed("proud of a shelf"), actions=sealed("Lee Park checks the saw"))]
    rows[Contact] = [
        row(Contact, later, contacted="parent", reached=True),
        row(Contact, later, contacted="pupil", reached=False),
    ]
    rows[Consultation] = [row(Consultation, later, consulted="pupil", said=sealed("I like the workshop"))]
    rows[View] = [row(View, later, review="r1", sender="relevant_person", said=sealed("Let her come back soon"))]
    rows[Nomination][0].name = sealed("Gwen Ford")
    mon = date(2026, 11, 16)
    case.provider_marks = {
        (mon, "am"): MarkRow(1, 1, "/", False, False),
        (mon, "pm"): MarkRow(2, 1, "\\", False, False),
        (date(2026, 11, 17), "am"): MarkRow(3, 1, "N", False, False),
    }
    return case


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("Uses a calm-down plan | incidents a week | by Friday 18 December 2026 | green | not assessed",
                     id="objectives: measure, aim, ratings, result"),
        pytest.param("Provider's register: 2 of 3 possible sessions (66 %)", id="provider's register"),
        pytest.param("Home register: no possible session marked", id="home register"),
        pytest.param("Both together: 2 of 3 possible sessions (66 %)", id="together"),
        pytest.param("Monday 16 November 2026 | none marked | 2 of 3 (66 %) | 2 of 3 (66 %)", id="week by week"),
        pytest.param("One concern raised, 1 open.", id="concerns"),
        pytest.param("triaged, open: A worry about sleep; in hand.", id="the summary agreed"),
        pytest.param("Wednesday 25 November 2026 | proud of a shelf | Lee Park checks the saw", id="visits"),
        pytest.param("With the parent: one contact, the last on Wednesday 25 November 2026.", id="contacts"),
        pytest.param("With the pupil: no contacts.", id="no contact"),
        pytest.param("Wednesday 25 November 2026: Calmer each week", id="provider's report"),
        pytest.param("the pupil | consulted on Wednesday 25 November 2026 | I like the workshop", id="pupil's voice"),
        pytest.param("Mo Brook | wrote, received on Wednesday 25 November 2026 | Let her come back soon", id="parent's voice"),
        pytest.param("no critical concern | for the safeguarding lead to say", id="readiness"),
        pytest.param("Invitations of r1 | Tuesday 24 November 2026 | not yet | Breached", id="statutory clock"),
        pytest.param("Reasons: repeated disruption", id="reasons"),
        pytest.param("For the board: Gwen Ford", id="the board's person"),
    ],
)  # fmt: skip
def test_a_pack_says(attending, texts, said):
    said = said.replace("the pupil |", "Ana Brook |")
    assert said in draft_review_pack(attending, "r1", texts, MON_30_NOV).text


def test_the_chart_of_attendance_says_in_words_what_it_shows(attending, texts):
    """For whoever hears it: a title in the picture, and the same figures as a table under it."""
    html = draft_review_pack(attending, "r1", texts, MON_30_NOV).html
    chart = html.split("<svg")[1].split("</svg>")[0]
    assert "<title>Attendance week by week, both registers together. week of 16 November: 2 of 3 (66 %);" in chart
    assert 'role="img"' in chart
    assert "style=" not in html


@pytest.mark.parametrize(
    ("level", "shown", "kept"),
    [
        pytest.param(Concerns.NOTHING, "The safeguarding lead speaks", ("One concern", "is open", "sleep"), id="authority"),
        pytest.param(Concerns.FLAG, "A concern is open.", ("One concern", "sleep"), id="SENCO: flag"),
        pytest.param(Concerns.SUMMARY, "A worry about sleep; in hand.", ("hidden words", "see the family"), id="governor"),
        pytest.param(Concerns.ALL, "hidden words", ("more hidden words", "c2"), id="safeguarding lead"),
    ],
)
def test_a_pack_tells_of_concerns_as_much_as_its_reader_may_see(attending, texts, level, shown, kept):
    """domain.md 9."""
    pack = draft_review_pack(attending, "r1", texts, MON_30_NOV, level=level, told={"c1"})
    assert shown in pack.text
    assert not any(word in pack.text + pack.html for word in kept)


def test_a_pack_for_several_readers_tells_nothing_of_what_is_raised_against_a_person(attending, texts, row):
    """Whom a concern is against is never told of it (domain.md 10): not by a count, a duty or a criterion."""
    attending.rows._rows[Referral] = [row(Referral, MON_30_NOV, concern="c2", decision="referred")]
    pack = draft_review_pack(attending, "r1", texts, MON_30_NOV)
    assert "One concern raised, 1 open." in pack.text
    assert "c2" not in pack.text and "lado" not in pack.text.lower() and "allegation" not in pack.text
    assert "2 concerns open" not in pack.text


def test_whoever_may_know_of_an_allegation_sees_its_duty(attending, texts):
    duties = deadlines(attending, MON_30_NOV)
    pack = draft_review_pack(attending, "r1", texts, MON_30_NOV, told={"c1", "c2"}, duties=duties)
    assert "Referral to the LADO of c2" in pack.text


def test_a_concern_without_an_agreed_summary_says_so(attending, texts):
    attending.rows._rows[Triage][0].summary = None
    assert "no summary is agreed for this meeting" in draft_review_pack(attending, "r1", texts, MON_30_NOV).text


def test_the_newest_summary_holds(attending, texts, row):
    closing = row(ConcernClosure, MON_30_NOV, concern="c1", decision="sealed", summary=texts.seal("Settled.", 1))
    attending.rows._rows[ConcernClosure] = [closing]
    assert "closed: Settled." in draft_review_pack(attending, "r1", texts, MON_30_NOV).text


def test_a_pack_of_a_placement_that_has_not_begun_says_what_is_missing(case, texts, at, without):
    text = draft_review_pack(without(case, Nomination, View), "r1", texts, at).text
    for none in ("not named yet", "No visit is on record", "The provider has not reported.", "No views are on record.",
                 "no possible session marked", "No concerns raised, 0 open."):  # fmt: skip
        assert none in text
    assert case.of(Review)
