"""A sweep beside the one of the day before: what found something and suddenly does not is worth a line."""

from datetime import date

import pytest

from models.runs import JobRun
from offsite.casework.replay.scenario import moment
from offsite.casework.reports.sweeps_compared import compare_sweeps
from offsite.casework.watch.sweep import sweep

DAY = date(2026, 11, 17)


def run(hilltop, at, **rules):
    counts = {rule.replace("_", "-"): dict(zip(("looked_at", "found", "cleared", "cannot_tell"), row, strict=True))
              for rule, row in rules.items()}  # fmt: skip
    with hilltop.database.writing() as session:
        session.add(JobRun(job="sweep_daily", slot=moment(at), judged_at=moment(at), started_at=moment(at),
                           finished_at=moment(at), outcome="done", counts=counts))  # fmt: skip


def lines(hilltop, day=DAY):
    with hilltop.database.reading() as session:
        found = compare_sweeps(session, "daily", day)
    return {row.rule: row.worth_a_line for row in found.rules}


@pytest.mark.parametrize(
    ("before", "now", "odd"),
    [
        ((9, 3, 0, 0), (9, 0, 0, 0), "suddenly finds nothing"),
        ((9, 3, 0, 0), (9, 1, 0, 0), None),
        ((9, 0, 0, 0), (9, 0, 0, 0), None),
        ((9, 3, 0, 0), (0, 0, 0, 0), "looked at nothing"),
        ((0, 0, 0, 0), (0, 0, 0, 0), None),
    ],
)
def test_what_suddenly_finds_or_looks_at_nothing_gets_a_line(hilltop, before, now, odd):
    run(hilltop, "2026-11-16 06:00", poor_start=before)
    run(hilltop, "2026-11-17 06:00", poor_start=now)
    line = lines(hilltop)["poor-start"]
    assert (line is None) if odd is None else (odd in line)


def test_a_rule_that_is_in_only_one_of_the_two_counts_as_nothing_in_the_other(hilltop):
    run(hilltop, "2026-11-16 06:00", poor_start=(9, 3, 0, 0))
    run(hilltop, "2026-11-17 06:00", notice_late=(9, 3, 0, 0))
    found = lines(hilltop)
    assert "looked at nothing" in found["poor-start"]
    assert found["notice-late"] is None


def test_the_sweep_compared_with_is_of_the_day_before_and_a_later_one_does_not_count(hilltop):
    run(hilltop, "2026-11-15 06:00", poor_start=(9, 3, 0, 0))
    run(hilltop, "2026-11-17 06:00", poor_start=(9, 0, 0, 0))
    run(hilltop, "2026-11-17 10:00", poor_start=(9, 0, 0, 0))
    run(hilltop, "2026-11-18 06:00", poor_start=(9, 5, 0, 0))
    with hilltop.database.reading() as session:
        found = compare_sweeps(session, "daily", DAY)
        assert (found.judged_at, found.before) == (moment("2026-11-17 10:00"), moment("2026-11-15 06:00"))
        assert compare_sweeps(session, "daily", date(2026, 11, 14)) is None


def test_what_a_person_mended_between_two_sweeps_is_not_odd(placed):
    """The start nobody recorded is found on Monday the 16th, and recorded before Tuesday."""
    for clock in ("daily", "quarter_hour"):
        sweep(placed.database, placed.runner, clock, moment("2026-11-16 10:00"))
    placed.do("start", "2026-11-16 11:00", placement="p1", by="head1")
    for clock in ("daily", "quarter_hour"):
        sweep(placed.database, placed.runner, clock, moment("2026-11-17 10:00"))
    with placed.database.reading() as session:
        rows = {row.rule: row for row in compare_sweeps(session, "quarter_hour", DAY).rules}
    row = rows["start-not-recorded"]
    assert (row.found_before, row.found, row.ended_between, row.worth_a_line) == (1, 0, 1, None)
