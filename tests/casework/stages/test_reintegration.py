"""Readiness: the evidence for each criterion, three-valued, with whole counts. Start Monday 16 November 2026."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.attendance import Mark
from models.concern import Concern, ConcernClosure
from models.placement import Closure, Consultation, ReadinessAssessment, ReturnPlan, Start, Task
from models.placement import Determination as Determined
from models.plan import Objective, ObjectiveAssessment, Plan, ProgressReport
from offsite.case.direction.readiness import CRITERIA, evidence
from offsite.casework.stages.desk import read_case
from offsite.casework.stages.reintegration import assess

START = date(2026, 11, 16)
MON_14_DEC = datetime(2026, 12, 14, 9, tzinfo=UTC)
"""Four weeks on: forty sessions were expected."""


@pytest.fixture
def attending(record):
    """Determined and started."""
    record.enter(date(2026, 11, 3), Determined(days=30))
    record.enter(START, Start(gates_shut=[]))
    return record


def mark(record, present, absent=0):
    """So many sessions present, then so many absent, from the start on."""
    slots = [
        (START + timedelta(days=d), s) for d in range(28) for s in ("am", "pm") if (START + timedelta(days=d)).weekday() < 5
    ]
    codes = {"am": "/", "pm": "\\"}
    marks = [
        Mark(provider_id=1, day=day, session=session, code=codes[session] if n < present else "N", remote=False)
        for n, (day, session) in enumerate(slots[: present + absent])
    ]
    record.enter(date(2026, 12, 13), *marks)


def found(record, criterion, at=MON_14_DEC):
    case = read_case(record.database, record.urn, "p1")
    return next(e for e in evidence(case, at) if e.criterion == criterion)


@pytest.mark.parametrize(
    ("present", "absent", "verdict"),
    [
        pytest.param(36, 4, "met", id="90 in 100 exactly"),
        pytest.param(35, 5, "not_met", id="one session less"),
        pytest.param(36, 0, "met", id="4 without a mark: met whatever they were"),
        pytest.param(30, 0, "cannot_tell", id="10 without a mark could go either way"),
        pytest.param(30, 5, "not_met", id="5 without a mark could not save it"),
        pytest.param(0, 0, "cannot_tell", id="no mark at all"),
    ],
)
def test_attendance_is_decided_on_whole_counts(attending, present, absent, verdict):
    mark(attending, present, absent)
    assert found(attending, "attendance").verdict == verdict


def test_attendance_gives_its_figures(attending):
    mark(attending, 36, 3)
    figures = found(attending, "attendance").figures
    assert "attended 36 of 39 possible sessions at the provider in 4 weeks" in figures
    assert "1 expected sessions have no mark" in figures


def test_before_four_weeks_have_passed_attendance_cannot_be_told(attending):
    assert found(attending, "attendance", MON_14_DEC - timedelta(days=1)).verdict == "cannot_tell"


@pytest.mark.parametrize(
    ("met", "not_met", "verdict"),
    [
        pytest.param(3, 1, "met", id="three of four"),
        pytest.param(2, 2, "not_met", id="two of four"),
        pytest.param(2, 1, "cannot_tell", id="two of four, one not assessed"),
    ],
)
def test_three_quarters_of_the_objectives(attending, met, not_met, verdict):
    names = [f"o{n}" for n in range(4)]
    attending.enter(
        date(2026, 11, 5),
        Plan(agreed_by=["school", "provider"], english=True, maths=True, part_time_agreed=False, readiness=list(CRITERIA)),
        *(Objective(name=name, text="t", measure="m", by=date(2026, 12, 18)) for name in names),
    )
    results = ["met"] * met + ["not_met"] * not_met
    attending.enter(
        date(2026, 12, 1), *(ObjectiveAssessment(objective=n, result=r) for n, r in zip(names, results, strict=False))
    )
    assert found(attending, "objectives").verdict == verdict


def test_an_open_concern_stands_in_the_way_until_it_is_closed(attending):
    attending.enter(date(2026, 12, 1), Concern(concern="c1", kind="concern", about="pupil", provider_id=None))
    assert found(attending, "no_critical_concern").verdict == "not_met"
    attending.enter(date(2026, 12, 2), ConcernClosure(concern="c1"))
    assert found(attending, "no_critical_concern").verdict == "met"


def test_what_the_provider_recommends_is_for_people_to_say(attending):
    attending.enter(date(2026, 12, 1), ProgressReport(ratings={"o1": "green", "o2": "amber"}))
    shown = found(attending, "provider_recommends")
    assert shown.verdict == "cannot_tell"
    assert "1 green, 1 amber, 0 red" in shown.figures


def test_views_of_pupil_and_parent_since_the_start(attending):
    attending.enter(date(2026, 12, 1), Consultation(consulted="pupil"))
    assert found(attending, "views_recorded").verdict == "not_met"
    attending.enter(date(2026, 12, 1), Consultation(consulted="parent"))
    assert found(attending, "views_recorded").verdict == "met"


def test_a_key_adult_must_be_named(attending):
    attending.enter(date(2026, 12, 1), ReturnPlan(return_on=date(2027, 1, 5), support=[], phases=[]))
    assert found(attending, "timetable_and_key_adult").verdict == "not_met"
    attending.enter(date(2026, 12, 2), ReturnPlan(return_on=date(2027, 1, 5), support=[], key_adult="Ms K", phases=[]))
    assert found(attending, "timetable_and_key_adult").verdict == "met"


def run(record, at=MON_14_DEC):
    return assess(record.database, record.key_file, record.urn, "p1", at)


def test_the_evidence_is_filed_and_the_senco_asked(attending):
    run(attending)
    [paper] = attending.letters("readiness")
    assert "It decides nothing." in paper
    assert [(kind, role) for kind, _, role, _ in attending.tasks()] == [("assess_readiness", "senco")]


def test_it_does_not_itself_assess(attending):
    run(attending)
    assert attending.count(ReadinessAssessment) == 0


def test_the_same_evidence_is_filed_once(attending):
    run(attending)
    run(attending, MON_14_DEC + timedelta(hours=1))
    assert len(attending.letters("readiness")) == 1
    assert attending.count(Task) == 1


def test_a_closed_placement_is_not_assessed(attending):
    attending.enter(date(2026, 12, 10), Closure(outcome="returned"))
    assert run(attending).lines == ()


def test_the_lines_give_counts_and_no_name(attending):
    lines = " ".join(run(attending).lines)
    assert "evidence: 1 met, 2 not met, 3 cannot tell" in lines
    assert "Brook" not in lines
