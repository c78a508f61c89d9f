"""Intake: start the runs that commands asked for, once their time has come.

Each is started under the key of its row, so starting twice starts once, and marked only afterwards: killed in between,
it is started again under the same key.
"""

import asyncio

from prefect import flow, get_client
from prefect.client.orchestration import PrefectClient

from flows.live import live_now, scheduled_start
from flows.shown import log, tag
from flows.starting import start_run
from offsite.casework.keeping.installation import Installation
from offsite.casework.pending import Waiting, due_runs, mark_started, still_waiting
from offsite.casework.watch import job_runs

JOB = "start_pending"


@flow(name="start-pending", flow_run_name="start pending runs", timeout_seconds=600)
async def start_pending() -> None:
    """Start what is waiting, oldest first. One that cannot be started is tried again, and holds up no other."""
    await tag({}, "intake")
    here, at, slot = Installation.current(), live_now(), scheduled_start()
    waiting = await asyncio.to_thread(due_runs, here.database, at)
    async with get_client() as client:
        started = [await attempt(client, each) for each in waiting]
    failed = started.count(False)
    counts = {"started": len(started) - failed, "failed": failed}
    left = await asyncio.to_thread(still_waiting, here.database, at)
    outcome = "failed" if failed else "done"
    await asyncio.to_thread(job_runs.record, here.database, JOB, slot, at, live_now(), outcome, counts)
    log().info("%s started, %s failed, %s still waiting", counts["started"], failed, left)
    if failed:
        raise RuntimeError(f"{failed} of {len(started)} runs could not be started; they stay waiting")


async def attempt(client: PrefectClient, waiting: Waiting) -> bool:
    """Start one run under its key, and mark it; whether it was started. What fails stays waiting for the next minute:
    that is its back-off; the failure fails this run in the end."""
    try:
        flow_run = await start_run(client, waiting.deployment, waiting.parameters, waiting.key)
        await asyncio.to_thread(mark_started, Installation.current().database, waiting, live_now(), flow_run)
    except Exception as failure:
        log().warning("%s could not be started: %s", waiting.deployment, type(failure).__name__)
        return False
    return True
