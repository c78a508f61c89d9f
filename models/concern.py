"""Safeguarding concerns and what became of them. Texts are sealed."""

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base
from models.recorded import OfConcern, OfPlacement


class Concern(OfConcern, Base):
    """A concern was raised. `concern` is its name."""

    __tablename__ = "concern"
    __table_args__ = (Index("ix_concern_name", "school_id", "concern"),)

    kind: Mapped[str]
    """concern, low_level, allegation or missing."""
    about: Mapped[str]
    """pupil, placement or provider."""
    against: Mapped[str | None]
    """A person's reference or a role: never told of it."""
    against_holders: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """References of those who held or covered that role when it was raised: never told of it, whatever they hold later."""
    text: Mapped[str | None]
    """Sealed."""


class Triage(OfConcern, Base):
    """A concern was triaged."""

    __tablename__ = "triage"

    decision: Mapped[str | None]
    """Sealed."""
    summary: Mapped[str | None]
    """Sealed: what head and governors may be told of it, as agreed. The newest holds."""


class Found(OfConcern, Base):
    """A missing pupil was found."""

    __tablename__ = "found"

    decision: Mapped[str | None]
    """Sealed."""


class ConcernClosure(OfConcern, Base):
    """The safeguarding lead closed a concern, with a decision."""

    __tablename__ = "concern_closure"

    decision: Mapped[str | None]
    """Sealed."""
    summary: Mapped[str | None]
    """Sealed: what head and governors may be told of it, as agreed. The newest holds."""


class Referral(OfConcern, Base):
    """A LADO referral, or a reasoned decision not to refer."""

    __tablename__ = "referral"

    decision: Mapped[str]
    """referred or not_referred."""
    reasons: Mapped[str | None]
    """Sealed."""


class SafetyReview(OfPlacement, Base):
    """The placement was reviewed for safety: continue, hold or end."""

    __tablename__ = "safety_review"

    decision: Mapped[str]
