"""Looks: who read the text of a concern, or opened a placement that is not theirs to see (domain.md, 9)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base
from models.recorded import Instant, Number, OfPlacement


class Look(Base):
    """Somebody was shown the text of a concern. Shown to the safeguarding lead; never changed."""

    __tablename__ = "look"
    __table_args__ = (Index("ix_look_school", "school_id", "at"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    concern: Mapped[str]
    by: Mapped[str]
    """A person's reference."""
    at: Mapped[datetime] = mapped_column(Instant)
    through: Mapped[str]
    """page, api, document or export."""


class BrokenGlass(OfPlacement, Base):
    """Somebody opened a placement that is not theirs to see, with a reason: for an hour, and the DSL is told at once."""

    __tablename__ = "broken_glass"

    by: Mapped[str]
    """A person's reference."""
    reason: Mapped[str | None]
    """Sealed."""
