"""Marks in the registers, and what was done to find out where a pupil is: contacts, visits.

A mark belongs to a pupil, a register and a session; which placement it bears on is worked out. An amendment is a new
row that names the one it amends, so the original entry, reason, day and name stay (SI 2024/208 reg 6(1)).
"""

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base
from models.recorded import OfPlacement, OfPupil


class Mark(OfPupil, Base):
    """One entry in one register for one session."""

    __tablename__ = "mark"
    __table_args__ = (
        Index("ix_mark_register", "pupil_id", "provider_id", "day", "session"),
        Index("ix_mark_day", "school_id", "day", "session", "provider_id", "pupil_id", "code"),
        UniqueConstraint("amends"),
    )

    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    """Whose register: the provider's, or the home school's where there is none."""
    day: Mapped[date]
    session: Mapped[str]
    code: Mapped[str]
    activity: Mapped[str | None]
    """The nature of the activity (codes B and K)."""
    site: Mapped[str | None]
    remote: Mapped[bool]
    approved_by: Mapped[str | None]
    supervised_by: Mapped[str | None]
    reason: Mapped[str | None]
    """Sealed: the reason for an absence, or for an amendment."""
    amends: Mapped[int | None] = mapped_column(ForeignKey("mark.id"))
    """Of an amendment: the entry before it for this session in this register, also one that was corrected."""


class Contact(OfPlacement, Base):
    """Somebody was spoken to, or was not reached: parent, provider or pupil."""

    __tablename__ = "contact"

    contacted: Mapped[str]
    reached: Mapped[bool]
    """False: nobody was. An attempt is kept, and is no contact."""
    day: Mapped[date | None]
    """The day it is about, where told; the rules go by when it happened."""
    session: Mapped[str | None]
    about: Mapped[str | None]
    """Sealed."""


class Visit(OfPlacement, Base):
    """Somebody visited the provider."""

    __tablename__ = "visit"

    note: Mapped[str | None]
    sites_seen: Mapped[str | None]
    pupil_seen: Mapped[str | None]
    staff_met: Mapped[str | None]
    central_record: Mapped[str | None]
    premises: Mapped[str | None]
    teaching: Mapped[str | None]
    behaviour: Mapped[str | None]
    registers: Mapped[str | None]
    actions: Mapped[str | None]
    """All sealed."""
