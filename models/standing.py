"""Where each placement stands, so that lists of thousands can be filtered, sorted and paged by the database.

Derived, and proven so: tests/casework/test_standings.py works every row out again from the record. What a page shows of a
placement is never read from here but worked out afresh; this only says which placements a page is about.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base
from models.recorded import Instant, Number


class Standing(Base):
    """One placement as it stood when it was last looked at: by its last command or by the daily sweep."""

    __tablename__ = "standing"
    __table_args__ = (
        Index("ix_standing_list", "school_id", "live", "next_due"),
        Index("ix_standing_meeting", "school_id", "live", "meets_on"),
        Index("ix_standing_provider", "provider_id", "live"),
    )

    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), primary_key=True, autoincrement=False, type_=Number)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    ref: Mapped[str]
    stage: Mapped[str]
    live: Mapped[bool]
    """Not closed."""
    held: Mapped[bool]
    start: Mapped[date]
    next_due: Mapped[date | None]
    """Due day of the first duty of the statutory clock that is still pending; referrals to the LADO, which tell of an
    allegation, are left out of these three: they have alerts of their own."""
    next_duty: Mapped[str | None]
    """That duty; where no duty has a day, one that is owed without one, cannot be told, or is a meeting past and not held."""
    breached: Mapped[int]
    """How many duties were breached."""
    meets_on: Mapped[date | None]
    """Day of the next review that is to be decided; on the day it is held, until it is."""
    with_plan: Mapped[bool]
    """Whether the pupil has an EHC plan."""
    possible: Mapped[int]
    """Possible sessions since the start, both registers together."""
    missed: Mapped[int]
    expected_on: Mapped[date]
    """The day for which the next two were worked out."""
    expected_am: Mapped[bool]
    expected_pm: Mapped[bool]
    as_of: Mapped[datetime] = mapped_column(Instant)
