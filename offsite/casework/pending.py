"""Runs that commands asked for: which of them must be started now, and which have been.

A row is marked only after its run was started, so a crash in between starts it again under the same key, which starts
nothing twice.
"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.chronology import Event
from models.database import Database
from models.review import Review
from models.runs import PendingRun

SUPERSEDED = "superseded"
"""Stands for the run of a moment whose review has been moved since: it is not started."""
SETS_MOMENTS = ("schedule_review", "move_review", "cancel_review")


class Waiting(NamedTuple):
    """A run to be started."""

    id: int
    deployment: str
    parameters: dict[str, Any]
    key: str


def due_runs(database: Database, at: datetime, limit: int = 200) -> list[Waiting]:
    """The runs whose time has come and that are not started, oldest first; those superseded are marked and left out."""
    with database.writing() as session:
        wanted = select(PendingRun).where(PendingRun.started_at.is_(None), PendingRun.not_before <= at)
        rows = session.scalars(wanted.order_by(PendingRun.not_before, PendingRun.id)).all()
        newest = {_same_work(row): row.id for row in rows}
        due = []
        for row in rows:
            if newest[_same_work(row)] != row.id or _superseded(session, row):
                row.started_at, row.flow_run = at, SUPERSEDED
            else:
                due.append(Waiting(row.id, row.deployment, dict(row.parameters), row.key))
        return due[:limit]


def mark_started(database: Database, waiting: Waiting, at: datetime, flow_run: str) -> None:
    """Note that a run was started; the first note stands."""
    with database.writing() as session:
        row = session.get_one(PendingRun, waiting.id)
        if row.started_at is None:
            row.started_at, row.flow_run = at, flow_run


def still_waiting(database: Database, at: datetime) -> int:
    """How many runs should have been started by now."""
    with database.reading() as session:
        wanted = select(func.count()).select_from(PendingRun)
        found: int = session.scalar(wanted.where(PendingRun.started_at.is_(None), PendingRun.not_before <= at)) or 0
        return found


def _same_work(row: PendingRun) -> tuple[str, ...]:
    """What a run is about: of several that wait for the same, the newest makes up for the others, earlier moments too."""
    about = (f"{name}={value}" for name, value in sorted(row.parameters.items()) if name != "moment")
    return (row.deployment, *about)


def _superseded(session: Session, row: PendingRun) -> bool:
    """Whether it stands for a moment of a review that was moved or cancelled after the moment was laid down."""
    review = row.parameters.get("review")
    if row.event_id is None or review is None:
        return False
    kind = session.scalar(select(Event.kind).where(Event.id == row.event_id))
    if kind not in SETS_MOMENTS:
        return False
    newest = select(func.max(Review.event_id)).where(Review.school_id == row.school_id, Review.name == review)
    return session.scalar(newest) != row.event_id
