"""Alerts: what the rules found, and what became of it. An alert's state is its steps, in order."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base
from models.recorded import Instant, Number

ENDINGS = ("cleared", "withdrawn", "resolved")


class Alert(Base):
    """Something a rule found, raised once. Its identity is school, rule, placement and subject."""

    __tablename__ = "alert"
    __table_args__ = (Index("ix_alert_identity", "school_id", "rule", "placement_id", "subject"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    """Short and opaque, as in messages: A-7K2F9."""
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"), index=True)
    rule: Mapped[str]
    """A rule's id, or system-... ."""
    subject: Mapped[str]
    severity: Mapped[str]
    """As raised; a `severity` step may have raised it since."""
    authority: Mapped[str]
    """As shown: good_practice where a law does not bind the school."""
    source: Mapped[str]
    evidence: Mapped[str]
    tell: Mapped[list[str]] = mapped_column(JSON)
    raised_at: Mapped[datetime] = mapped_column(Instant)
    judged_on: Mapped[date]
    due: Mapped[date | None]
    because: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    concern: Mapped[str | None]
    """The concern it is about: whom that is against is never told."""
    rule_book: Mapped[str]
    """Hash of the rule book that found it."""
    earlier_id: Mapped[int | None] = mapped_column(ForeignKey("alert.id"))
    """The last alert of the same identity."""


class AlertStep(Base):
    """A step: severity, acknowledged, taken, handed_over, read (by somebody, while it waits for whoever it was handed to),
    not_useful, cleared, withdrawn, resolved."""

    __tablename__ = "alert_step"
    __table_args__ = (
        Index(
            "uq_alert_step_ending",
            "alert_id",
            unique=True,
            sqlite_where=text("step IN ('cleared', 'withdrawn', 'resolved')"),
            postgresql_where=text("step IN ('cleared', 'withdrawn', 'resolved')"),
        ),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id"), index=True)
    step: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[str]
    severity: Mapped[str | None]
    because: Mapped[str | None]
    reason: Mapped[str | None]
    """Sealed, where a person gave one."""
    next_step: Mapped[str | None]
    """Sealed."""
    due: Mapped[date | None]
    handed_to: Mapped[str | None]
    """A person's reference or a role."""


class CannotTell(Base):
    """A rule that could not tell, what it missed, since when, and until when."""

    __tablename__ = "cannot_tell"
    __table_args__ = (Index("ix_cannot_tell_identity", "school_id", "rule", "placement_id", "subject"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"))
    rule: Mapped[str]
    subject: Mapped[str]
    missing: Mapped[list[str]] = mapped_column(JSON)
    since: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)
