"""Escalation: what nobody acknowledged goes further.

Critical: after 15 minutes to deputy and head too, after 30 to the head by phone list. High: not acknowledged by the end of
the next school day, to DSL and head. Minutes are the school's setting; they count day and night, and begin anew where an
alert is handed over. What goes further at the same time is one message a person, with a list of references.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache, partial
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import chronology
from models.alert import Alert
from models.message import Message
from offsite.case.alert_steps import HAS_ENDED, IS_ACKNOWLEDGED, SEVERITY, WAITING_SINCE
from offsite.case.case import SchoolFile
from offsite.case.settings import setting
from offsite.law.calendars import CalendarTooShort
from offsite.law.london import day_of, instant_of, time_of
from offsite.messages.addressing import Addressee, whom
from offsite.messages.outbox import AT_ONCE, add, against_of, nobody_reads, refs_of

END_OF_DAY = "17:00"
"""London time at which a school day ends, where no session times are known."""


class Step(NamedTuple):
    """One step of an escalation: when, to which roles, by which channel."""

    at: datetime
    kind: str
    channel: str
    roles: tuple[str, ...]
    severity: str


class _Unread(NamedTuple):
    """An alert that waits to be acknowledged, with the severity it reached and since when it waits."""

    id: int
    ref: str
    severity: str
    since: datetime


class _Group(NamedTuple):
    """What one message tells of: alerts that go the same step further, to the same person."""

    to: Addressee
    kind: str
    channel: str
    severity: str
    nobody_reads: bool


def escalate(session: Session, school: SchoolFile, at: datetime) -> int:
    """Write every step that is due by `at` and not yet written; returns how many messages were added."""
    chronology.lock_school(session, school.id)  # what is written is read first: nobody writes the same beside us
    past = [(unread, step) for unread, step in _steps_of_unread(session, school) if step.at <= at]
    if not past:
        return 0
    written = _written(session, school.id, min(unread.since for unread, _ in past))
    due = [
        (unread, step)
        for unread, step in past
        if not _is_written(written.get((unread.ref, step.kind, step.severity)), unread.since)
    ]
    alerts = {unread.id: session.get_one(Alert, unread.id) for unread, _ in due}
    groups: defaultdict[_Group, list[_Unread]] = defaultdict(list)
    for unread, step in due:
        alert = alerts[unread.id]
        unreadable = nobody_reads(session, school, alert, at)
        for one in whom(school, step.roles, at, against_of(session, alert)):
            groups[_Group(one, step.kind, step.channel, step.severity, unreadable)].append(unread)
    refs = refs_of(session, alerts.values())
    return sum(_add(session, school, group, found, alerts, at, refs) for group, found in groups.items())


def _add(
    session: Session,
    school: SchoolFile,
    group: _Group,
    found: list[_Unread],
    alerts: dict[int, Alert],
    at: datetime,
    refs: dict[int, str],
) -> bool:
    """Its id tells when each began to wait: handed over and waiting again, an alert goes further once more."""
    told, since = [alerts[unread.id] for unread in found], [unread.since.isoformat() for unread in found]
    return add(
        session, school, group.kind, group.severity, group.to, told, at, refs, group.channel, of=since,
        nobody_reads=group.nobody_reads,
    )  # fmt: skip


def escalations(session: Session, school: SchoolFile) -> list[datetime]:
    """The instants, past and to come, at which what is unread now goes further, in order."""
    return sorted({step.at for _, step in _steps_of_unread(session, school)})


def _steps_of_unread(session: Session, school: SchoolFile) -> Iterator[tuple[_Unread, Step]]:
    """Every step of everything unread, whether its time has come or not."""
    steps = cache(partial(_steps, school))  # many began to wait at the same instant
    for unread in _unread(session, school.id):
        for step in steps(unread.severity, unread.since):
            yield unread, step


def _written(session: Session, school_id: int, since: datetime) -> dict[tuple[str, str, str], datetime]:
    """When each step was written last, by alert, kind and severity; what was written before `since` is left out."""
    found = session.execute(
        select(Message.alerts, Message.kind, Message.severity, Message.created_at)
        .where(Message.school_id == school_id, Message.kind.in_(("escalation", "phone")), Message.created_at >= since)
        .order_by(Message.id)
    )
    return {(ref, row.kind, row.severity): row.created_at for row in found for ref in row.alerts}


def _is_written(last: datetime | None, since: datetime) -> bool:
    return last is not None and last >= since


def _unread(session: Session, school_id: int) -> Iterator[_Unread]:
    waiting = select(Alert.id, Alert.ref, SEVERITY, WAITING_SINCE).where(
        Alert.school_id == school_id, ~HAS_ENDED, ~IS_ACKNOWLEDGED
    )
    for row in session.execute(waiting.order_by(Alert.id)):
        unread = _Unread(*row)
        if unread.severity in AT_ONCE:
            yield unread


def _steps(school: SchoolFile, severity: str, since: datetime) -> tuple[Step, ...]:
    if severity == "critical":
        first, second = setting(school, "untold_minutes", day_of(since))
        return (
            Step(since + timedelta(minutes=first), "escalation", "email", ("deputy_dsl", "head"), severity),
            Step(since + timedelta(minutes=second), "phone", "phone", ("head",), severity),
        )
    return (Step(_end_of_next_school_day(school, since), "escalation", "email", ("dsl", "head"), severity),)


def _end_of_next_school_day(school: SchoolFile, since: datetime) -> datetime:
    day = day_of(since)
    try:
        following = school.school_days.after(day, 1)
    except CalendarTooShort:
        following = day + timedelta(days=1)
    ends = [times[1] for times in school.details_on(following).sessions.values()]
    return instant_of(following, time_of(max(ends, default=END_OF_DAY)))
