"""How every fact is kept: inserted once, never changed, with the event that made it and its two times.

`happened_at` is when it was so, by which the clock judges; `recorded_at` is when Offsite was told. Both are UTC
instants. A row whose event was corrected no longer counts (see `Correction` in chronology.py).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Integer
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

Number = BigInteger().with_variant(Integer(), "sqlite")
"""A row's number: 64 bits; on SQLite the plain integer that numbers itself."""


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. Refuses a time without a zone: nobody should guess what a naive time meant."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC; raises ValueError for a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Hand out in UTC."""
        return None if value is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """Hand out in UTC also from SQLite, which keeps a text without the zone: read at once, a page reads thousands."""
        return _in_utc if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _in_utc(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored + "+00:00")


class Recorded:
    """A fact of one school."""

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)

    @declared_attr
    def school_id(cls) -> Mapped[int]:
        """The school whose record this is."""
        return mapped_column(ForeignKey("school.id"), index=True)

    @declared_attr
    def event_id(cls) -> Mapped[int]:
        """The event of the chronology that made this row."""
        return mapped_column(ForeignKey("event.id"), index=True)


class OfPupil(Recorded):
    """A fact about one pupil."""

    @declared_attr
    def pupil_id(cls) -> Mapped[int]:
        """The pupil."""
        return mapped_column(ForeignKey("pupil.id"), index=True)


class OfProvider(Recorded):
    """A fact about one provider."""

    @declared_attr
    def provider_id(cls) -> Mapped[int]:
        """The provider."""
        return mapped_column(ForeignKey("provider.id"), index=True)


class OfPlacement(Recorded):
    """A fact about one placement."""

    @declared_attr
    def placement_id(cls) -> Mapped[int]:
        """The placement."""
        return mapped_column(ForeignKey("placement.id"), index=True)


class OfConcern(Recorded):
    """A fact about one concern, which is about a placement, or about a provider and so each live placement there."""

    concern: Mapped[str]

    @declared_attr
    def placement_id(cls) -> Mapped[int | None]:
        """The placement the concern was raised in, if it was."""
        return mapped_column(ForeignKey("placement.id"), index=True)

    @declared_attr
    def provider_id(cls) -> Mapped[int | None]:
        """The provider the concern was raised about, where no placement was named."""
        return mapped_column(ForeignKey("provider.id"), index=True)
