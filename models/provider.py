"""The provider: who, where, when it works, and the school's checks of it (domain.md, 7)."""

from datetime import date

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base
from models.recorded import Number, OfProvider


class Provider(Base):
    """Whoever provides the education, known in the school by a short reference."""

    __tablename__ = "provider"
    __table_args__ = (UniqueConstraint("school_id", "ref"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    ref: Mapped[str]


class ProviderDetails(OfProvider, Base):
    """What the provider is, from a day on. Times are London; `cutoff_minutes` after a session starts a mark is due."""

    __tablename__ = "provider_details"

    from_day: Mapped[date]
    name: Mapped[str]
    kind: Mapped[str]
    urn: Mapped[str | None]
    ukprn: Mapped[str | None]
    setting_type: Mapped[str | None]
    sessions: Mapped[dict[str, list[str]] | None] = mapped_column(JSON(none_as_null=True))
    """The school's own where left out."""
    cutoff_minutes: Mapped[int | None]
    """Minutes; the school's setting where left out."""
    contact_name: Mapped[str | None]
    contact_email: Mapped[str | None]
    contact_phone: Mapped[str | None]
    declared_full_time: Mapped[int | None]
    declared_full_time_ehc_or_looked_after: Mapped[int | None]


class Site(OfProvider, Base):
    """An approved site, a main one, a satellite or a subcontractor's."""

    __tablename__ = "site"

    ref: Mapped[str]
    address: Mapped[str]


class ProviderCheck(OfProvider, Base):
    """The standing of one item of the checks: a-m of the source guidance, n (written confirmation), o, p."""

    __tablename__ = "provider_check"

    item: Mapped[str]
    status: Mapped[str]
    valid_until: Mapped[date | None]


class ProviderChange(OfProvider, Base):
    """The provider told of a change (staff, site, arrangement) that may put a child at risk."""

    __tablename__ = "provider_change"

    name: Mapped[str]
    kind: Mapped[str]


class ProviderChangeDecision(OfProvider, Base):
    """The safeguarding lead's decision on such a change."""

    __tablename__ = "provider_change_decision"

    change: Mapped[str]
    decision: Mapped[str]


__all__ = ["ForeignKey"]
