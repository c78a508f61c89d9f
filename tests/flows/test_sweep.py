"""The sweep's flows: one code, two clocks; a slot is swept once, late slots are made up for by one sweep."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from flows import sweep as flow_file
from flows.sweep import findings, sweep_daily, sweep_quarter_hour, sweep_slot
from models.alert import Alert
from models.runs import JobRun, PendingRun
from offsite.casework.watch.sweep import Swept

SIX = datetime(2026, 11, 10, 6, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def test_the_daily_sweep_raises_what_is_due_and_starts_what_was_lost(here, clock, rows):
    """Start Monday 16 November: from Monday the 9th the notice must go out, and no set-up flow ever ran."""
    clock(SIX)
    asyncio.run(sweep_daily.fn())
    assert "notice-due" in {alert.rule for alert in rows(Alert)}
    assert any(row.key.startswith("catch-up-set-up-placement") for row in rows(PendingRun))


def test_a_slot_is_swept_once(here, clock, rows):
    clock(SIX)
    asyncio.run(sweep_quarter_hour.fn())
    asyncio.run(sweep_quarter_hour.fn())
    assert [run.job for run in rows(JobRun)] == ["sweep_quarter_hour"]


def test_late_slots_that_come_all_at_once_are_swept_once(here, clock, rows):
    """A day without Prefect: ninety-six quarter-hours late, one sweep makes up for all."""
    clock(SIX)
    swept = [sweep_slot(here, "quarter_hour", SIX - n * QUARTER) for n in range(1, 97)]
    assert [one.done_before for one in swept].count(False) == 1
    assert {run.judged_at for run in rows(JobRun)} == {SIX}


def test_a_sweep_never_judges_earlier_than_the_last(here, clock, rows):
    """A run may start a second before its slot."""
    clock(SIX - timedelta(seconds=1))
    assert sweep_slot(here, "daily", SIX).judged_at == SIX
    assert sweep_slot(here, "quarter_hour", SIX - QUARTER).judged_at == SIX


def test_a_failed_sweep_is_recorded_for_the_watchdog_and_raised(here, clock, rows, monkeypatch):
    clock(SIX)

    def fails(*args, **kwargs):
        raise RuntimeError("no")

    monkeypatch.setattr(flow_file, "sweep", fails)
    with pytest.raises(RuntimeError):
        sweep_slot(here, "daily", SIX)
    assert [(run.job, run.outcome) for run in rows(JobRun)] == [("sweep_daily", "failed")]


def test_the_table_of_findings_leaves_out_rules_that_found_nothing():
    counts = {"looked_at": 3, "found": 0, "cleared": 0, "cannot_tell": 0}
    swept = Swept("daily", SIX, False, 3, 1, 0, 0, 0, {"a": counts, "b": {**counts, "found": 1}})
    assert [row["rule"] for row in findings(swept)] == ["b"]
