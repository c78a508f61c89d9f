"""Escalation: what nobody acknowledged goes further.

Critical: after 15 minutes to deputy and head too, after 30 to the head by phone list. High: not acknowledged by the end of
the next school day, to DSL and head. Minutes are the school's setting; they count day and night.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.alert import ENDINGS, Alert, AlertStep
from models.message import Message
from offsite.case.case import SchoolFile
from offsite.case.settings import setting
from offsite.law.calendars import CalendarTooShort
from offsite.law.london import day_of, instant_of, time_of
from offsite.messages.addressing import whom
from offsite.messages.outbox import AT_ONCE, add, against_of, refs_of

READ = ("acknowledged", "taken", "handed_over", *ENDINGS)
END_OF_DAY = "17:00"
"""London time at which a school day ends, where no session times are known."""


class Step(NamedTuple):
    """One step of an escalation: when, to which roles, by which channel."""

    at: datetime
    kind: str
    channel: str
    roles: tuple[str, ...]
    severity: str


def escalate(session: Session, school: SchoolFile, at: datetime) -> int:
    """Write every step that is due by `at` and not yet written; returns how many messages were added."""
    written = _written(session, school.id)
    due = [
        (session.get_one(Alert, unread.id), step)
        for unread in _unread(session, school.id)
        for step in _steps(school, unread.severity, unread.since)
        if step.at <= at and (unread.ref, step.kind, step.severity) not in written
    ]
    refs = refs_of(session, (alert for alert, _ in due))
    added = 0
    for alert, step in due:
        for one in whom(school, step.roles, at, against_of(session, alert)):
            added += add(session, school, step.kind, step.severity, one, [alert], at, refs, step.channel)
    return added


def next_escalation(session: Session, school: SchoolFile, after: datetime) -> datetime | None:
    """The next instant after `after` at which something unread goes further; None where nothing waits."""
    moments = [step.at for unread in _unread(session, school.id) for step in _steps(school, unread.severity, unread.since)]
    return min((moment for moment in moments if moment > after), default=None)


def _written(session: Session, school_id: int) -> set[tuple[str, str, str]]:
    """The steps written already: alert, kind and severity."""
    found = session.execute(
        select(Message.alerts, Message.kind, Message.severity).where(
            Message.school_id == school_id, Message.kind.in_(("escalation", "phone"))
        )
    )
    return {(ref, row.kind, row.severity) for row in found for ref in row.alerts}


class _Unread(NamedTuple):
    """An alert nobody has read, with the severity it reached and since when."""

    id: int
    ref: str
    severity: str
    since: datetime


def _unread(session: Session, school_id: int) -> Iterator[_Unread]:
    read = select(AlertStep.alert_id).where(AlertStep.step.in_(READ))
    steps = select(AlertStep.alert_id, AlertStep.severity, AlertStep.at).where(
        AlertStep.step == "severity", AlertStep.alert_id.not_in(read)
    )
    worse = {step.alert_id: step for step in session.execute(steps.order_by(AlertStep.id))}
    alerts = select(Alert.id, Alert.ref, Alert.severity, Alert.raised_at).where(
        Alert.school_id == school_id, Alert.id.not_in(read)
    )
    for alert in session.execute(alerts.order_by(Alert.id)):
        step_up = worse.get(alert.id)
        severity = step_up.severity if step_up else alert.severity
        if severity in AT_ONCE:
            yield _Unread(alert.id, alert.ref, severity, step_up.at if step_up else alert.raised_at)


def _steps(school: SchoolFile, severity: str, since: datetime) -> Iterator[Step]:
    if severity == "critical":
        first, second = setting(school, "untold_minutes", day_of(since))
        yield Step(since + timedelta(minutes=first), "escalation", "email", ("deputy_dsl", "head"), severity)
        yield Step(since + timedelta(minutes=second), "phone", "phone", ("head",), severity)
        return
    yield Step(_end_of_next_school_day(school, since), "escalation", "email", ("dsl", "head"), severity)


def _end_of_next_school_day(school: SchoolFile, since: datetime) -> datetime:
    day = day_of(since)
    try:
        following = school.school_days.after(day, 1)
    except CalendarTooShort:
        following = day + timedelta(days=1)
    ends = [times[1] for times in school.details_on(following).sessions.values()]
    return instant_of(following, time_of(max(ends, default=END_OF_DAY)))
