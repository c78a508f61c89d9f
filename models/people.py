"""The people who act and are told: staff, governors, providers' and the authority's people, with their roles."""

from datetime import date

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base
from models.recorded import Number, Recorded


class Person(Base):
    """Somebody with a role, known in the school by a short reference."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("school_id", "ref"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    ref: Mapped[str]


class PersonDetails(Recorded, Base):
    """How to reach a person and which roles they hold, from a day on."""

    __tablename__ = "person_details"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    from_day: Mapped[date]
    name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    roles: Mapped[list[str]] = mapped_column(JSON)
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    """Of somebody who works at a provider: which."""


class Cover(Recorded, Base):
    """Somebody stands in for a role from one day to another, both included."""

    __tablename__ = "cover"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str]
    first: Mapped[date]
    last: Mapped[date]
