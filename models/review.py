"""Governor reviews: when they meet, who is invited, what they decide, who is told; and requests for one."""

from datetime import date, time
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base
from models.recorded import OfPlacement


class Review(OfPlacement, Base):
    """A meeting was scheduled, moved or cancelled (`change`); the newest row of a name holds."""

    __tablename__ = "review"

    name: Mapped[str] = mapped_column(index=True)
    change: Mapped[str]
    meets_on: Mapped[date]
    meets_at: Mapped[time | None]
    """London time, where one was given."""
    place: Mapped[str | None]
    """Where it meets, or how to join it."""


class Nomination(OfPlacement, Base):
    """The board's representative at a review, and what bears on who may sit (reg 5(3)). The newest row holds."""

    __tablename__ = "nomination"

    review: Mapped[str]
    name: Mapped[str | None]
    head: Mapped[bool]
    was_head_until: Mapped[date | None]
    authority_employee: Mapped[bool]
    connected: Mapped[bool]


class Invitation(OfPlacement, Base):
    """One invitee was invited: `parent:REF`, pupil, provider, head, representative or local_authority."""

    __tablename__ = "invitation"

    review: Mapped[str]
    recipient: Mapped[str]
    sent_on: Mapped[date]


class View(OfPlacement, Base):
    """Somebody sent their views for a review."""

    __tablename__ = "view"

    review: Mapped[str]
    sender: Mapped[str]
    said: Mapped[str | None]
    """Sealed."""


class ReviewHeld(OfPlacement, Base):
    """The meeting took place."""

    __tablename__ = "review_held"

    review: Mapped[str]
    held_on: Mapped[date]
    attended: Mapped[list[str]] = mapped_column(JSON)


class Decision(OfPlacement, Base):
    """What the review decided: continue, vary, end or reintegrate. The newest row holds, the first says when."""

    __tablename__ = "decision"

    review: Mapped[str]
    decision: Mapped[str]
    days: Mapped[int | None]
    """School days, from the first school day after the meeting."""
    until: Mapped[date | None]
    reasons: Mapped[str | None]
    """Sealed."""
    views_considered: Mapped[list[str]] = mapped_column(JSON)
    amends: Mapped[bool]


class Outcome(OfPlacement, Base):
    """The outcome as notified to one recipient."""

    __tablename__ = "outcome"

    review: Mapped[str]
    recipient: Mapped[str]
    method: Mapped[str]
    sent_on: Mapped[date]
    given_on: Mapped[date]
    omitted: Mapped[list[str]] = mapped_column(JSON)
    """reasons, period."""
    stated: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What it stated: whether reasons, whether a period."""


class ReviewRequest(OfPlacement, Base):
    """Somebody asked in writing for a review (reg 4A)."""

    __tablename__ = "request"

    name: Mapped[str] = mapped_column(index=True)
    asked_by: Mapped[str]
    asked_on: Mapped[date]


class RequestReply(OfPlacement, Base):
    """A request was answered."""

    __tablename__ = "request_reply"

    request: Mapped[str]
