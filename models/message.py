"""The outbox: messages to people, written in the alert's own transaction, and every attempt to deliver them."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base
from models.recorded import Instant, Number


class Message(Base):
    """One message to one person by one channel. Holds references only: no name, reason or health word."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_person", "person_id", "address", "id"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    """Stable: a repeat carries the same, so that a mail server can drop it."""
    kind: Mapped[str]
    """alert, worse, handed_over, escalation, phone, digest, dead_letter, untold, broken_glass, account or test."""
    alerts: Mapped[list[str]] = mapped_column(JSON)
    """References of the alerts it is about; of an untold message, of the rows of cannot_tell: untold-7."""
    role: Mapped[str]
    """The role it is sent for."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[str]
    """email, phone (the phone list, which is mailed), text or call."""
    address: Mapped[str | None]
    severity: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant)


class Delivery(Base):
    """One attempt to deliver a message: sent, failed (to be tried again), bounced (its address was refused: told to the head,
    and tried again) or dead (given up, told to the head)."""

    __tablename__ = "delivery"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    outcome: Mapped[str]
    error: Mapped[str | None]
