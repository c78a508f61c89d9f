"""The school: who it is, its half terms, its closures, its settings."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base
from models.recorded import Number, Recorded


class School(Base):
    """A school that uses Offsite, known by its URN."""

    __tablename__ = "school"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    urn: Mapped[str] = mapped_column(unique=True)


class SchoolDetails(Recorded, Base):
    """What the school is, from a day on. The newest row that has taken effect holds."""

    __tablename__ = "school_details"

    from_day: Mapped[date]
    name: Mapped[str]
    kind: Mapped[str]
    local_authority: Mapped[str]
    sessions: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    """{"am": ["08:45", "12:15"], "pm": ["13:10", "15:15"]}, London times; empty where not known."""


class HalfTermDates(Recorded, Base):
    """One half term, first to last day. Those of the newest event hold."""

    __tablename__ = "half_term"

    first: Mapped[date]
    last: Mapped[date]


class ClosedDay(Recorded, Base):
    """A day, or one session of it, on which the school (no provider named) or a provider is closed."""

    __tablename__ = "closed_day"

    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"), index=True)
    day: Mapped[date]
    sessions: Mapped[list[str]] = mapped_column(JSON)
    """["am", "pm"] for the whole day."""
    reason: Mapped[str]


class SettingsChange(Recorded, Base):
    """Settings of domain.md 13 that a school changed, from a day on."""

    __tablename__ = "settings_change"

    from_day: Mapped[date]
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)


class LetterWording(Recorded, Base):
    """The school's own words in a letter: its letterhead, or one block. The newest row of a block holds; none is law."""

    __tablename__ = "letter_wording"

    block: Mapped[str]
    text: Mapped[str]
    """Empty: none."""
