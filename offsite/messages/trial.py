"""A test message: sent at once to one person by one channel and tried once, so that somebody can see what becomes of it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from models import chronology
from models.database import Database
from models.message import Delivery, Message
from offsite.messages.addressing import Addressee
from offsite.messages.channels import Channel, Outgoing
from offsite.messages.dispatch import hand_over
from offsite.messages.outbox import put, stable_id
from offsite.messages.reach import Way
from offsite.messages.wording import word_test


def send_test(
    database: Database, channels: Mapping[str, Channel], school_id: int, way: Way, role: str, key: str, at: datetime
) -> str:
    """Send a test message by one way and record what became of it; returns its id. The same `key` sends nothing again.

    One that fails is given up, and nobody is told but whoever asked: it says whether a person can be reached.
    """
    message_id = stable_id("test", str(way.person_id), way.channel, key)
    with database.reading() as session:
        if session.scalar(select(Message.id).where(Message.message_id == message_id)) is not None:
            return message_id
    words = word_test(way.channel)
    error = hand_over(channels, way.channel, Outgoing(message_id, way.address, words.subject, words.body))
    with database.writing() as session:
        chronology.lock_school(session, school_id)
        to = Addressee(role, way.person_id, way.address)
        if put(session, school_id, message_id, "test", "low", to, [], words, at, way.channel):
            message = session.scalars(select(Message).where(Message.message_id == message_id)).one()
            outcome = "sent" if error is None else "dead"
            session.add(Delivery(message_id=message.id, at=at, outcome=outcome, error=None if error is None else str(error)))
    return message_id
