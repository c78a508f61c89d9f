"""Dispatch: each minute, escalations and digests that are due, then whatever waits in the outbox.

Sending is repeated by the outbox itself, message by message and with back-off; a failed delivery fails no run. What is
critical was sent right after its commit already: this is the net.
"""

import asyncio
import threading
from datetime import datetime
from typing import Any

from prefect import flow, task

from flows.live import live_now, scheduled_start
from flows.shown import log, tag
from flows.steps import TRIES_AGAIN
from offsite.casework.keeping.installation import Installation
from offsite.casework.outgoing import send_what_is_due
from offsite.casework.watch.job_runs import run_job

JOB = "dispatch"
ONE_AT_A_TIME = threading.Lock()
"""A dispatch that takes longer than a minute is not overtaken by the next, which would send the same messages."""


@flow(name="dispatch-messages", flow_run_name="dispatch messages", timeout_seconds=600)
async def dispatch_messages() -> None:
    """Send what is due."""
    await tag({}, JOB)
    counts = await send(scheduled_start())
    log().info(", ".join(f"{count} {what}" for what, count in counts.items()) or "another dispatch is still running")


@task(name="send what is due", **TRIES_AGAIN)
async def send(slot: datetime) -> dict[str, Any]:
    """Escalate, write digests, deliver; recorded for the watchdog."""
    return await asyncio.to_thread(send_once, Installation.current(), slot)


def send_once(here: Installation, slot: datetime) -> dict[str, Any]:
    """One dispatch of this process; nothing where one is running."""
    if not ONE_AT_A_TIME.acquire(blocking=False):
        return {}
    try:
        return run_job(here.database, JOB, slot, live_now, lambda at: send_what_is_due(here.database, here.channels, at))
    finally:
        ONE_AT_A_TIME.release()
