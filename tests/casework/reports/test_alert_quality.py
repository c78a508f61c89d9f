"""What became of alerts, by rule and month: read, acted on, cleared before anybody read them, marked not useful."""

from datetime import date

import pytest

from models.encrypted_text import Texts
from offsite.casework.reports.alert_quality import alert_quality


@pytest.fixture
def november(placed):
    """Three concerns on the 10th: read after 12 minutes, after 40 and taken, and not at all; an alert that cleared itself."""
    for concern, at in (("c1", "10:00"), ("c2", "10:05"), ("c3", "10:10")):
        placed.do("raise_concern", f"2026-11-10 {at}", placement="p1", concern=concern, kind="concern", about="pupil",
                  text="a bruise", by="head1")  # fmt: skip
    placed.do("acknowledge", "2026-11-10 10:12", by="dsl1", rule="concern-raised", placement="p1", subject="c1")
    placed.do("take", "2026-11-10 10:45", by="dsl1", rule="concern-raised", placement="p1", subject="c2",
              next_step="call home", due="2026-11-11")  # fmt: skip
    placed.do("mark_not_useful", "2026-11-10 11:00", by="dsl1", rule="concern-raised", subject="c3", reason="told twice")
    placed.do("record_contact", "2026-11-16 10:00", placement="p1", with_="provider")
    placed.do("start", "2026-11-16 10:30", placement="p1", by="head1")
    return placed


def quality(hilltop, *days):
    with hilltop.database.reading() as session:
        found = alert_quality(session, 1, Texts(session, hilltop.key_file, 1), *days)
    return {(row.rule, row.month): row for row in found}


def test_a_row_says_what_became_of_the_alerts(november):
    row = quality(november)["concern-raised", "2026-11"]
    assert (row.raised, row.acknowledged, row.acted_on, row.still_open) == (3, 2, 1, 3)
    assert (row.minutes_to_acknowledge, row.longest_to_acknowledge) == (12, 40)
    assert (row.not_useful, row.reasons) == (1, ("told twice",))


def test_what_clears_before_anybody_reads_it_is_counted_apart(november):
    row = quality(november)["start-not-recorded", "2026-11"]
    assert (row.raised, row.acknowledged, row.cleared_by_itself, row.still_open) == (1, 0, 1, 0)
    assert row.minutes_to_acknowledge is None


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [(11, None, False), (10, None, True), (None, 9, False), (None, 10, True), (10, 10, True)],
)
def test_the_days_asked_for_are_both_included(november, first, last, shown):
    days = [None if day is None else date(2026, 11, day) for day in (first, last)]
    assert (("concern-raised", "2026-11") in quality(november, *days)) is shown
