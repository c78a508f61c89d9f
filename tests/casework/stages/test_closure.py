"""Closure: what is left to do, with its days."""

from datetime import UTC, date, datetime

import pytest

from models.placement import Closure, ReturnStep, Start
from models.provider import ProviderDetails
from offsite.casework.stages.closure import close_placement

FRI_11_DEC = date(2026, 12, 11)


def work(record):
    return close_placement(record.database, record.key_file, record.urn, "p1", datetime(2026, 12, 11, 15, tzinfo=UTC))


@pytest.fixture
def returned(record):
    """Started, begun to return on Monday 7 December, closed as returned on Friday the 11th."""
    record.enter(date(2026, 11, 16), Start(gates_shut=[]))
    record.enter(date(2026, 12, 7), ReturnStep(begun=True))
    record.enter(FRI_11_DEC, Closure(outcome="returned"))
    return record


def test_an_open_placement_is_left_alone(record):
    assert work(record).lines == ()


def test_the_checks_are_counted_from_the_day_the_return_began(returned):
    work(returned)
    assert {(subject, due) for kind, subject, _, due in returned.tasks() if kind == "check_return"} == {
        ("2 weeks", date(2026, 12, 21)),
        ("6 weeks", date(2027, 1, 18)),
        ("12 weeks", date(2027, 3, 1)),
    }


def test_the_papers_are_due_in_ten_school_days(returned):
    """Five to Friday 18 December, five from Monday 4 January 2027."""
    work(returned)
    found = {kind: due for kind, _, _, due in returned.tasks()}
    assert found["final_report"] == found["end_census"] == date(2027, 1, 8)


def test_records_are_kept_until_the_25th_birthday_and_six_years(returned):
    work(returned)
    kept = {subject: due for kind, subject, _, due in returned.tasks() if kind == "retain"}
    assert kept == {"register": date(2032, 12, 11), "pupil": date(2036, 5, 4), "safeguarding": date(2036, 5, 4)}


def test_a_school_ends_the_dual_registration_and_returns_the_file(returned):
    returned.enter(date(2026, 12, 1), ProviderDetails(from_day=date(2026, 9, 1), name="Aspire", kind="pru"))
    work(returned)
    assert {"end_registration", "return_file"} <= {task[0] for task in returned.tasks()}


def test_a_withdrawn_placement_leaves_only_its_records(record):
    record.enter(FRI_11_DEC, Closure(outcome="withdrawn"))
    work(record)
    assert {task[0] for task in record.tasks()} == {"retain"}


def test_a_report_that_was_given_is_no_task(record):
    record.enter(date(2026, 11, 16), Start(gates_shut=[]))
    record.enter(FRI_11_DEC, Closure(outcome="safety", report="the provider closed"))
    work(record)
    assert "final_report" not in {task[0] for task in record.tasks()}


def test_a_second_run_opens_nothing(returned):
    work(returned)
    assert work(returned).lines == ()
