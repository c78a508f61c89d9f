"""A run that was lost is found by the sweep and started once."""

from datetime import UTC, date, datetime, timedelta

from models.placement import Closure
from models.review import Review
from models.runs import PendingRun
from offsite.casework.stages.catch_up import catch_up
from offsite.casework.stages.review import govern_review
from offsite.casework.stages.set_up import set_up

AT = datetime(2026, 11, 4, 6, tzinfo=UTC)


def test_a_placement_whose_setup_never_ran_is_found(record):
    [found] = catch_up(record.database, AT)
    assert found.deployment == "set-up-placement/set-up-placement"
    assert found.parameters == {"school": record.urn, "placement": "p1"}


def test_one_whose_setup_ran_is_not(record):
    set_up(record.database, record.key_file, record.urn, "p1", AT)
    assert catch_up(record.database, AT) == []


def test_the_same_day_it_is_pended_once_and_the_next_day_again(record):
    """A fault that comes back does not start runs without end, and is never forgotten."""
    catch_up(record.database, AT)
    assert catch_up(record.database, AT + timedelta(hours=1)) == []
    assert len(catch_up(record.database, AT + timedelta(days=1))) == 1
    assert record.count(PendingRun) == 2


def test_a_review_whose_moment_was_lost_is_found_however_long_ago(record):
    set_up(record.database, record.key_file, record.urn, "p1", AT)
    record.enter(date(2026, 11, 4), Review(name="r1", change="scheduled", meets_on=date(2026, 11, 30)))
    late = datetime(2027, 2, 1, 6, tzinfo=UTC)
    reviews = [f for f in catch_up(record.database, late) if "review" in f.parameters]
    assert reviews[0].parameters["review"] == "r1"


def test_a_review_whose_moments_were_worked_is_not(record):
    set_up(record.database, record.key_file, record.urn, "p1", AT)
    record.enter(date(2026, 11, 4), Review(name="r1", change="scheduled", meets_on=date(2026, 11, 30)))
    at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    govern_review(record.database, record.key_file, record.urn, "p1", "r1", at)
    assert [f for f in catch_up(record.database, at) if "review" in f.parameters] == []


def test_a_closed_placement_whose_closing_never_ran_is_found(record):
    record.enter(date(2026, 11, 5), Closure(outcome="withdrawn"))
    [found] = catch_up(record.database, datetime(2026, 11, 6, 6, tzinfo=UTC))
    assert found.deployment == "close-placement/close-placement"
