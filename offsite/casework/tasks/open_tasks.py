"""What people must do: the tasks that stages opened for a placement, and which of them are done.

A task row is only opened; nobody ticks it off. Whether it is done is read from what was recorded since, so doing the
thing and saying that it was done are one act. A task of a closed placement is moot, unless it is about
closing. What a rule cannot tell is a task as well, for whoever can find out what is missing, for as long as it is missing.
"""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.alert import CannotTell
from models.placement import Task
from offsite.case.case import Case
from offsite.case.direction.terms import closed
from offsite.casework.tasks.task_kinds import TASKS, Opened
from offsite.law.london import day_of
from rules.book import BOOK


class OpenTask(NamedTuple):
    """A task as it stands."""

    kind: str
    subject: str
    role: str
    due: date | None
    says: str
    done: bool
    overdue: bool


AFTER_CLOSE = frozenset({"notify_outcome"})
"""Kinds that are still owed once the placement has closed, though they are not about closing."""


def is_done(case: Case, kind: str, subject: str, since: datetime, at: datetime) -> bool:
    """Whether the record shows a task as done, or moot since the placement closed, at an instant."""
    of_kind = TASKS[kind]
    if closed(case) is not None and not of_kind.about_closing and kind not in AFTER_CLOSE:
        return True
    return of_kind.done(case, Opened(subject, since, day_of(at)))


def open_tasks(session: Session, case: Case, at: datetime) -> list[OpenTask]:
    """Every task opened for a placement, each with whether it is done; what is not done first, by due day.

    A due day that moved opens a task anew: of one kind and subject the newest holds.
    """
    rows = session.scalars(select(Task).where(Task.placement_id == case.id).order_by(Task.id))
    newest = {(row.kind, row.subject): row for row in rows if row.kind in TASKS}
    today = day_of(at)
    found = []
    for row in newest.values():
        done = is_done(case, row.kind, row.subject, row.happened_at, at)
        overdue = not done and row.due is not None and row.due < today
        found.append(OpenTask(row.kind, row.subject, row.role, row.due, row.says, done, overdue))
    return sorted([*_to_find_out(session, case), *found], key=lambda task: (task.done, task.due or date.max))


def _to_find_out(session: Session, case: Case) -> list[OpenTask]:
    wanted = select(CannotTell).where(CannotTell.placement_id == case.id, CannotTell.until.is_(None)).order_by(CannotTell.id)
    return [
        OpenTask(
            "find_out",
            f"{row.rule} {row.subject}",
            BOOK[row.rule].known_by(row.missing),
            None,
            f"Offsite cannot tell whether {row.rule} holds; find out: {', '.join(row.missing)}.",
            False,
            False,
        )
        for row in session.scalars(wanted)
        if row.rule in BOOK
    ]
