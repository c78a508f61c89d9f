"""Dispatch: hand what is in the outbox to its channel, again and again until it is taken or given up.

Sending happens outside any transaction, each outcome in one of its own: a process killed between the two sends the message
again, with the same id. At least once, never not at all. What is given up is told to the head.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.alert import Alert
from models.database import Database
from models.message import Delivery, Message
from offsite.case.loading import load_school
from offsite.messages.addressing import whom
from offsite.messages.channels import Channel, ChannelError, Outgoing
from offsite.messages.outbox import add, refs_of

BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60))
"""How long to wait after the first, second, ... failure; the last one again and again."""
CRITICAL_BACK_OFF = timedelta(minutes=1)
CRITICAL_HOUR = timedelta(hours=1)
"""A critical message is tried every minute for this long."""
GIVEN_UP_AFTER = timedelta(hours=24)
NOWHERE = "nobody to tell: no working address"


class Dispatched(NamedTuple):
    """What one dispatch did."""

    sent: int
    failed: int
    dead: int


def dispatch(database: Database, channels: Mapping[str, Channel], at: datetime, *, critical_only: bool = False) -> Dispatched:
    """Try every message whose time has come. Failures are recorded, never raised."""
    with database.reading() as session:
        waiting = [m for m in _waiting(session, at) if not critical_only or m.severity == "critical"]
    sent = failed = dead = 0
    for message in waiting:
        error = _send(channels, message)
        outcome = "sent" if error is None else "dead" if _given_up(message, at, error) else "failed"
        with database.writing() as session:
            session.add(Delivery(message_id=message.id, at=at, outcome=outcome, error=error))
            if outcome == "dead":
                _tell_head(session, message, at)
        sent, failed, dead = sent + (outcome == "sent"), failed + (outcome == "failed"), dead + (outcome == "dead")
    return Dispatched(sent, failed, dead)


def send_critical_now(database: Database, channels: Mapping[str, Channel], at: datetime) -> Dispatched:
    """Send what is critical right after its commit; the dispatch each minute is the net."""
    return dispatch(database, channels, at, critical_only=True)


def _send(channels: Mapping[str, Channel], message: Message) -> str | None:
    if not message.address:
        return NOWHERE
    try:
        channels[message.channel].send(Outgoing(message.message_id, message.address, message.subject, message.body))
    except ChannelError as error:
        return str(error)
    return None


def _waiting(session: Session, at: datetime) -> list[Message]:
    settled = select(Delivery.message_id).where(Delivery.outcome.in_(("sent", "dead")))
    tries = {
        row.message_id: (row.tries, row.last)
        for row in session.execute(
            select(Delivery.message_id, func.count().label("tries"), func.max(Delivery.at).label("last"))
            .where(Delivery.outcome == "failed", Delivery.message_id.not_in(settled))
            .group_by(Delivery.message_id)
        )
    }
    found = session.scalars(select(Message).where(Message.id.not_in(settled)).order_by(Message.id)).all()
    session.expunge_all()
    return [m for m in found if m.id not in tries or at >= tries[m.id][1] + _wait(m, tries[m.id][0], at)]


def _wait(message: Message, tries: int, at: datetime) -> timedelta:
    if message.severity == "critical" and at - message.created_at <= CRITICAL_HOUR:
        return CRITICAL_BACK_OFF
    return BACK_OFF[min(tries, len(BACK_OFF)) - 1]


def _given_up(message: Message, at: datetime, error: str) -> bool:
    return error == NOWHERE or at - message.created_at >= GIVEN_UP_AFTER


def _tell_head(session: Session, message: Message, at: datetime) -> None:
    if message.kind == "dead_letter":
        return
    school = load_school(session, message.school_id)
    alerts = session.scalars(select(Alert).where(Alert.ref.in_(message.alerts)).order_by(Alert.id)).all()
    if alerts:
        for one in whom(school, ("head",), at):
            if one.person_id != message.person_id or message.person_id is None:
                add(session, school, "dead_letter", message.severity, one, alerts, at, refs_of(session, alerts))
