"""Objectives' automatic work: plan, start and first review as tasks; nothing set or decided."""

from datetime import UTC, date, datetime

from models.plan import Objective, Plan
from models.review import Review
from offsite.casework.stages.objectives import agree_objectives

FRI_6_NOV = datetime(2026, 11, 6, 9, tzinfo=UTC)


def work(record, at=FRI_6_NOV):
    return agree_objectives(record.database, record.key_file, record.urn, "p1", at)


def test_the_plan_is_due_five_school_days_before_the_start(record):
    """Start Monday 16 November 2026: Monday the 9th."""
    work(record)
    assert ("agree_plan", "p1", "head", date(2026, 11, 9)) in record.tasks()


def test_the_first_review_is_proposed_and_not_set(record):
    """Four school weeks after the start; only a person sets a review."""
    work(record)
    assert ("schedule_review", "first", "clerk", date(2026, 12, 14)) in record.tasks()
    assert record.count(Review) == 0


def test_a_plan_without_readiness_criteria_leaves_that_task(record):
    record.enter(
        date(2026, 11, 5),
        Plan(agreed_by=["school", "provider"], english=True, maths=True, part_time_agreed=False),
        Objective(name="o1", text="calm", measure="incidents", by=date(2026, 12, 18)),
    )
    work(record)
    assert {task[0] for task in record.tasks()} == {"agree_readiness", "record_start", "schedule_review"}


def test_a_review_in_the_diary_needs_no_proposal(record):
    record.enter(date(2026, 11, 5), Review(name="r1", change="scheduled", meets_on=date(2026, 11, 30)))
    work(record)
    assert "schedule_review" not in {task[0] for task in record.tasks()}


def test_a_moved_start_moves_the_due_days(record, new_terms):
    """The newest task of a kind holds."""
    work(record)
    record.enter(date(2026, 11, 9), new_terms(start=date(2026, 11, 23)))
    work(record, datetime(2026, 11, 9, 10, tzinfo=UTC))
    dues = [due for kind, _, _, due in record.tasks() if kind == "record_start"]
    assert dues == [date(2026, 11, 16), date(2026, 11, 23)]


def test_a_second_run_opens_nothing(record):
    work(record)
    assert work(record).lines == ()
