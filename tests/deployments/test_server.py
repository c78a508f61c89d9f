"""The embedded server for real: it starts, its scheduler schedules, runs are done once, a stop leaves nothing behind.

With a newer fastapi the server dies at import, with a newer SQLAlchemy its scheduler schedules nothing: this is the proof of
both caps in pyproject.toml.
"""

import asyncio
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deployments.embedded import running
from models.runs import JobRun
from offsite.casework.keeping.installation import Installation

PATIENCE = 90
"""Seconds until something that must happen is given up."""

COUNT = """
import asyncio
from prefect import get_client
from prefect.client.schemas.filters import FlowRunFilter
async def main():
    async with get_client() as client:
        runs = await client.read_flow_runs(limit=200)
        names = {d.id: d for d in await client.read_deployments()}
        for run in runs:
            print(names[run.deployment_id].name, run.state_type.value)
        for d in names.values():
            print("deployment", d.name, "paused" if d.paused else "active")
asyncio.run(main())
"""

TOML = 'school = "999001"\ndemo = true\n[messages]\nchannel = "files"\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    data = tmp_path_factory.mktemp("served") / "data"
    Installation.create(data, TOML)
    return data


def ask(embedded):
    found = subprocess.run(
        [sys.executable, "-c", COUNT], env=embedded.environment(), capture_output=True, text=True, check=True
    )
    return [tuple(line.split()) for line in found.stdout.splitlines()]


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(1)
    pytest.fail(f"not within {PATIENCE} s: {condition.__doc__ or condition}")


def alive(pid):
    return Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def done_jobs(data):
    here = Installation.open(data)
    with here.database.reading() as session:
        return {row.job for row in session.query(JobRun)}


def test_the_scheduler_schedules_the_worker_works_and_a_stop_leaves_nothing(folder):
    with running(folder, 0) as embedded:
        pids = [child.process.pid for child in embedded.children]
        wait_for(lambda: sum(row == ("sweep-quarter-hour", "SCHEDULED") for row in ask(embedded)) >= 3)
        wait_for(lambda: "start_pending" in done_jobs(folder))
    assert not any(alive(pid) for pid in pids)


@pytest.fixture(scope="module")
def started_again(folder):
    """The server, started where it was stopped before."""
    with running(folder, 0) as embedded:
        yield embedded


def test_schedules_stay_active_over_a_stop_and_nothing_is_entered_twice(started_again):
    found = wait_for(lambda: [row for row in ask(started_again) if row[0] == "deployment"])
    assert len({row[1] for row in found}) == len(found) == 9
    assert {row[2] for row in found} == {"active"}


def test_a_child_that_dies_is_started_again(started_again):
    worker = started_again.children[1]
    os.kill(worker.process.pid, 9)
    worker.process.wait()
    assert started_again.tend() == ["worker"]
    assert worker.alive
    assert started_again.tend() == []


def test_of_late_runs_of_a_schedule_only_the_newest_is_run():
    """Prefect off for hours: the quarter-hours come all at once."""
    from deployments.catalogue import CATALOGUE
    from deployments.worker import Worker

    asked, claimed = [], []

    class Client:
        async def get_scheduled_flow_runs_for_deployments(self, _ids, scheduled_before):
            return [Run(n) for n in (2, 0, 1)]

        async def set_flow_run_state(self, run_id, state, force=False):
            asked.append((run_id, state.name))

    class Run:
        def __init__(self, n):
            self.id, self.deployment_id = n, "quarter"
            self.next_scheduled_start_time = datetime(2026, 11, 24, 6 + n, tzinfo=UTC)

    worker = Worker({"quarter": next(d for d in CATALOGUE if d.name == "sweep-quarter-hour")})

    async def claim(_client, _deployed, run):
        claimed.append(run.id)
        return True

    worker._claim = claim
    assert asyncio.run(worker.poll(Client())) == 1
    assert asked == [(0, "Skipped"), (1, "Skipped")]
    assert claimed == [2]
