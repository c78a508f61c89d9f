"""Dispatch: hand what is in the outbox to its channel, again and again until it is taken or given up.

Sending happens outside any transaction, each outcome in one of its own: a process killed between the two sends the message
again, with the same id. At least once, never not at all. A channel is served beside the others, so that one that hangs or
fails holds none back. What bounces or is given up is told to the head.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import chronology
from models.alert import Alert
from models.database import Database
from models.message import Delivery, Message
from offsite.case.case import SchoolFile
from offsite.case.loading import load_school
from offsite.law.london import day_of
from offsite.messages.addressing import LAST_RESORT, Addressee, whom
from offsite.messages.channels import Bounced, Channel, ChannelError, Outgoing
from offsite.messages.further import send_further
from offsite.messages.outbox import add, against_of, refs_of
from offsite.messages.reach import FAILED, failing

BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60))
"""How long to wait after the first, second, ... failure; the last one again and again."""
CRITICAL_BACK_OFF = timedelta(minutes=1)
CRITICAL_HOUR = timedelta(hours=1)
"""A critical message is tried every minute for this long, unless its address is refused."""
GIVEN_UP_AFTER = timedelta(hours=24)
NOWHERE = "nobody to tell: no working address"
LOG = logging.getLogger(__name__)


class Dispatched(NamedTuple):
    """What one dispatch did."""

    sent: int
    failed: int
    """To be tried again, bounced ones too."""
    dead: int


class _Tries(NamedTuple):
    """The failures of a message so far."""

    failures: int
    last: datetime
    bounced: int


def dispatch(database: Database, channels: Mapping[str, Channel], at: datetime, *, critical_only: bool = False) -> Dispatched:
    """Try every message whose time has come, by every channel that is on. Failures are recorded, never raised."""
    waiting = _waiting(database, at, critical_only)
    if send_further(database, waiting, channels, at):
        waiting = _waiting(database, at, critical_only)
    counts = {"sent": 0, "failed": 0, "dead": 0}
    for message, error in _handed_over(channels, waiting):
        outcome = _outcome(message, error, at)
        with database.writing() as session:
            session.add(Delivery(message_id=message.id, at=at, outcome=outcome, error=None if error is None else str(error)))
            if outcome in ("bounced", "dead"):
                _tell_somebody(session, message, channels, at)
        counts["failed" if outcome == "bounced" else outcome] += 1
    return Dispatched(**counts)


def send_critical_now(database: Database, channels: Mapping[str, Channel], at: datetime) -> Dispatched:
    """Send what is critical right after its commit; the dispatch each minute is the net."""
    return dispatch(database, channels, at, critical_only=True)


def hand_over(channels: Mapping[str, Channel], channel: str, message: Outgoing) -> ChannelError | None:
    """Hand one message to its channel; what went wrong, where something did."""
    if channel not in channels:
        return ChannelError(f"the channel {channel} is switched off")
    try:
        channels[channel].send(message)
    except ChannelError as error:
        return error
    except Exception as error:  # a fault in one channel must lose no message of another
        LOG.error("the channel %s failed in a way it should not: %s", channel, type(error).__name__)
        return ChannelError(f"the channel failed: {type(error).__name__}")
    return None


def _handed_over(channels: Mapping[str, Channel], waiting: Sequence[Message]) -> Iterator[tuple[Message, ChannelError | None]]:
    """Hand messages over in their order, each channel in a thread of its own; each as soon as it is through."""
    lines = {channel: ThreadPoolExecutor(1, f"offsite-{channel}") for channel in {message.channel for message in waiting}}
    try:
        through = {lines[message.channel].submit(_send, channels, message): message for message in waiting}
        for one in as_completed(through):
            yield through[one], one.result()
    finally:
        for line in lines.values():
            line.shutdown(cancel_futures=True)


def _send(channels: Mapping[str, Channel], message: Message) -> ChannelError | None:
    if not message.address:
        return ChannelError(NOWHERE)
    return hand_over(channels, message.channel, Outgoing(message.message_id, message.address, message.subject, message.body))


def _outcome(message: Message, error: ChannelError | None, at: datetime) -> str:
    if error is None:
        return "sent"
    if not message.address or at - message.created_at >= GIVEN_UP_AFTER:
        return "dead"
    return "bounced" if isinstance(error, Bounced) else "failed"


def _waiting(database: Database, at: datetime, critical_only: bool) -> list[Message]:
    settled = select(Delivery.message_id).where(Delivery.outcome.in_(("sent", "dead")))
    failures = (
        select(
            Delivery.message_id,
            func.count(),
            func.max(Delivery.at),
            func.count().filter(Delivery.outcome == "bounced"),
        )
        .where(Delivery.outcome.in_(FAILED), Delivery.message_id.not_in(settled))
        .group_by(Delivery.message_id)
    )
    with database.reading() as session:
        tries = {message_id: _Tries(*counted) for message_id, *counted in session.execute(failures)}
        found = session.scalars(select(Message).where(Message.id.not_in(settled)).order_by(Message.id)).all()
        session.expunge_all()
    due = [m for m in found if m.id not in tries or at >= tries[m.id].last + _wait(m, tries[m.id], at)]
    return [message for message in due if not critical_only or message.severity == "critical"]


def _wait(message: Message, tries: _Tries, at: datetime) -> timedelta:
    if message.severity == "critical" and not tries.bounced and at - message.created_at <= CRITICAL_HOUR:
        return CRITICAL_BACK_OFF
    return BACK_OFF[min(tries.failures, len(BACK_OFF)) - 1]


def _tell_somebody(session: Session, message: Message, channels: Mapping[str, Channel], at: datetime) -> None:
    """Tell the head of what could not be delivered; where nothing reaches the head either, whoever is next."""
    chronology.lock_school(session, message.school_id)
    alerts = session.scalars(select(Alert).where(Alert.ref.in_(message.alerts)).order_by(Alert.id)).all()
    if not alerts:
        return
    school = load_school(session, message.school_id)
    lost = failing(session, [person for person, _ in school.people_on(day_of(at))], channels)
    about: defaultdict[frozenset[str], list[Alert]] = defaultdict(list)
    for alert in alerts:
        about[against_of(session, alert)].append(alert)
    for barred, group in about.items():
        for one in _next(school, message, barred, lost, at):
            add(session, school, "dead_letter", message.severity, one, group, at, refs_of(session, group))


def _next(school: SchoolFile, message: Message, barred: frozenset[str], lost: frozenset[int], at: datetime) -> list[Addressee]:
    """Those of the first role in which somebody else can be reached; of the first with anybody else, where none can."""
    in_turn = [
        [one for one in whom(school, (role,), at, barred) if one.address and one.person_id != message.person_id]
        for role in ("head", *LAST_RESORT)
    ]
    reached = ([one for one in found if one.person_id not in lost] for found in in_turn)
    return next(filter(None, reached), None) or next(filter(None, in_turn), [])
