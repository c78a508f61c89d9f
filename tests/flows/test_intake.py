"""Intake: every run a command asked for is started once, at its time, whatever fails in between."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from flows import intake
from models.runs import JobRun, PendingRun
from offsite.casework.pending import SUPERSEDED, due_runs, mark_started

MON_2_NOV = datetime(2026, 11, 2, 9, tzinfo=UTC)
MON_16_NOV = datetime(2026, 11, 16, 9, tzinfo=UTC)


@pytest.fixture
def started(monkeypatch):
    """What was asked of Prefect: deployment, parameters, key."""
    asked = []

    async def start_run(_client, deployment, parameters, key):
        asked.append((deployment, parameters, key))
        return f"run-{len(asked)}"

    monkeypatch.setattr(intake, "start_run", start_run)
    return asked


def run():
    asyncio.run(intake.start_pending.fn())


def test_a_proposal_starts_its_set_up_flow(here, clock, rows, started):
    clock(MON_2_NOV)
    run()
    assert ("set-up-placement/set-up-placement", {"placement": "p1", "school": "100001"}) in [s[:2] for s in started]
    assert rows(JobRun)[-1].counts == {"started": len(started), "failed": 0}


def test_what_was_started_is_not_started_again(here, clock, started):
    clock(MON_2_NOV)
    run()
    before = len(started)
    run()
    assert len(started) == before


def test_a_moment_waits_for_its_day(here, clock, started):
    """Review on Monday 30 November: prepared on the 16th."""
    clock(MON_16_NOV - timedelta(days=1))
    run()
    assert "prepare" not in [parameters.get("moment") for _, parameters, _ in started]
    clock(MON_16_NOV)
    run()
    assert "prepare" in [parameters.get("moment") for _, parameters, _ in started]


def test_a_moment_of_a_review_that_was_moved_is_not_started(here, clock, rows, command):
    command("move_review", {"review": "r1", "meets": "2026-12-14"}, MON_2_NOV + timedelta(hours=1))
    due = due_runs(here.database, MON_16_NOV)
    assert [waiting for waiting in due if waiting.parameters.get("moment")] == []
    assert [row.flow_run for row in rows(PendingRun) if row.flow_run and "moment" in row.parameters] == [SUPERSEDED]


def test_one_that_cannot_be_started_holds_up_no_other_and_stays_waiting(here, clock, rows, monkeypatch):
    asked = []

    async def start_run(_client, deployment, parameters, key):
        asked.append(deployment)
        if len(asked) == 1:
            raise RuntimeError("Prefect is away")
        return "run"

    monkeypatch.setattr(intake, "start_run", start_run)
    clock(MON_16_NOV)
    with pytest.raises(RuntimeError, match="1 of"):
        run()
    assert len(asked) > 1
    assert len(due_runs(here.database, MON_16_NOV)) == 1
    assert rows(JobRun)[-1].outcome == "failed"


def test_killed_between_starting_and_marking_it_is_started_again_under_the_same_key(here, clock):
    """Prefect knows the key, so the second start starts nothing."""
    [first, *_] = due_runs(here.database, MON_2_NOV)
    assert due_runs(here.database, MON_2_NOV)[0].key == first.key
    mark_started(here.database, first, MON_2_NOV, "run")
    assert first.key not in [waiting.key for waiting in due_runs(here.database, MON_2_NOV)]
