"""The record of what ran: one row a run of a job, done or failed. The watchdog looks here for what is late."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from models.database import Database
from models.runs import JobRun

EVERY_MINUTE = ("dispatch", "start_pending")
KEPT = timedelta(days=3)
"""How long the runs of a job of every minute are kept: long enough to see on Monday what went wrong on Friday night."""


def run_job(
    database: Database,
    job: str,
    slot: datetime,
    now: Callable[[], datetime],
    work: Callable[[datetime], dict[str, Any]],
) -> dict[str, Any]:
    """Do a job and record it with its counts; what fails is recorded as failed, and raised."""
    begun = now()
    try:
        counts = work(begun)
    except Exception:
        record(database, job, slot, begun, now(), "failed")
        raise
    record(database, job, slot, begun, now(), "done", counts)
    return counts


def record(
    database: Database,
    job: str,
    slot: datetime,
    begun: datetime,
    ended: datetime,
    outcome: str,
    counts: dict[str, Any] | None = None,
) -> None:
    """Record one run of a job; of a job of every minute, old records go."""
    with database.writing() as session:
        if job in EVERY_MINUTE:
            session.execute(delete(JobRun).where(JobRun.job == job, JobRun.judged_at < begun - KEPT))
        session.add(
            JobRun(
                job=job,
                slot=slot,
                judged_at=begun,
                started_at=begun,
                finished_at=ended,
                outcome=outcome,
                counts=counts,
            )
        )
