"""Further channels: what is critical goes by text and call too, where an installation has them and a person a number.

The outbox knows nothing of it. A critical message that is still to be sent gets its siblings before it is sent: rows of
their own, tried, given up and told to the head like any other. A process that dies in between leaves the message
waiting, and the next dispatch makes them.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import chronology
from models.database import Database
from models.message import Message
from offsite.case.loading import load_school
from offsite.law.london import day_of
from offsite.messages.addressing import Addressee
from offsite.messages.channels import FURTHER
from offsite.messages.numbers import dialled
from offsite.messages.outbox import put, stable_id
from offsite.messages.wording import word_text

CRITICAL = ("alert", "worse", "handed_over", "escalation", "phone", "broken_glass")
"""The kinds of messages that go further where they are critical."""


def send_further(database: Database, waiting: Sequence[Message], on: Collection[str], at: datetime) -> int:
    """Make the siblings that waiting messages still lack on the channels that are `on`; returns how many."""
    channels = [channel for channel in FURTHER if channel in on]
    going = [message for message in waiting if channels and _goes_further(message)]
    if not going:
        return 0
    with database.reading() as session:
        lacking = _lacking(session, [(message, channel) for message in going for channel in channels], at)
    for school_id, siblings in lacking.items():
        with database.writing() as session:
            chronology.lock_school(session, school_id)
            for of, channel, number in siblings:
                _make(session, of, channel, number, at)
    return sum(len(siblings) for siblings in lacking.values())


def sibling_id(message_id: str, channel: str) -> str:
    """The id of a message's sibling on another channel: the same whenever it is made."""
    return stable_id(channel, message_id)


def _goes_further(message: Message) -> bool:
    return (
        message.severity == "critical"
        and message.kind in CRITICAL
        and message.channel not in FURTHER
        and message.person_id is not None
    )


def _lacking(
    session: Session, wanted: Sequence[tuple[Message, str]], at: datetime
) -> Mapping[int, list[tuple[Message, str, str]]]:
    """By school: the messages without a sibling on a channel, and the number it would go to."""
    ids = {sibling_id(message.message_id, channel) for message, channel in wanted}
    there = set(session.scalars(select(Message.message_id).where(Message.message_id.in_(ids))))
    numbers = {school_id: _numbers(session, school_id, at) for school_id in {message.school_id for message, _ in wanted}}
    lacking: defaultdict[int, list[tuple[Message, str, str]]] = defaultdict(list)
    for message, channel in wanted:
        number = numbers[message.school_id].get(message.person_id)
        if number is not None and sibling_id(message.message_id, channel) not in there:
            lacking[message.school_id].append((message, channel, number))
    return lacking


def _numbers(session: Session, school_id: int, at: datetime) -> dict[int | None, str | None]:
    people = load_school(session, school_id).people_on(day_of(at))
    return {person.person_id: dialled(person.phone) for person, _ in people}


def _make(session: Session, of: Message, channel: str, number: str, at: datetime) -> None:
    to = Addressee(of.role, of.person_id, number)
    words = word_text(of.subject, of.role, of.alerts)
    put(session, of.school_id, sibling_id(of.message_id, channel), of.kind, of.severity, to, of.alerts, words, at, channel)
