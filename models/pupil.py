"""The pupil and the pupil's parents, what makes everything more urgent, and since when."""

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base
from models.recorded import Number, OfPupil


class Pupil(Base):
    """A pupil on the school's roll, known by an opaque reference."""

    __tablename__ = "pupil"
    __table_args__ = (UniqueConstraint("school_id", "ref"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    ref: Mapped[str]


class PupilDetails(OfPupil, Base):
    """Name and birth date; the newest row holds."""

    __tablename__ = "pupil_details"

    name: Mapped[str]
    born: Mapped[date | None]
    upn: Mapped[str | None]
    year_group: Mapped[str | None]


class Parent(OfPupil, Base):
    """A parent. `responsibility`: has parental responsibility; `contact`: no order bars contact."""

    __tablename__ = "parent"

    ref: Mapped[str]
    name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    address: Mapped[str | None]
    language: Mapped[str | None]
    responsibility: Mapped[bool]
    contact: Mapped[bool]


class PupilAttribute(OfPupil, Base):
    """That something became true or false of a pupil on a day: ehc_plan, looked_after, social_worker,
    child_protection_plan, child_in_need, exploitation (domain.md, 8)."""

    __tablename__ = "pupil_attribute"

    attribute: Mapped[str]
    holds: Mapped[bool]
    from_day: Mapped[date]
    at_entry: Mapped[bool]
    """True where it was so when the pupil was first entered, so that no change is claimed on that day."""


class MissingEpisode(OfPupil, Base):
    """A day on which the pupil was missing."""

    __tablename__ = "missing_episode"

    day: Mapped[date]


class RecordHold(OfPupil, Base):
    """A class of records (register, pupil, safeguarding) is kept past its day. The reason is sealed."""

    __tablename__ = "record_hold"

    record_class: Mapped[str]
    reason: Mapped[str | None]


class RecordErased(OfPupil, Base):
    """A class of records was erased."""

    __tablename__ = "record_erased"

    record_class: Mapped[str]
    reason: Mapped[str | None]


class TextKey(Base):
    """The key to one owner's texts, itself wrapped by the key file. The owner is a pupil, or the school (no pupil).

    Not a fact but a tool: erasing a pupil's texts means emptying `wrapped`.
    """

    __tablename__ = "text_key"
    __table_args__ = (UniqueConstraint("school_id", "pupil_id"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    pupil_id: Mapped[int | None] = mapped_column(ForeignKey("pupil.id"))
    wrapped: Mapped[str | None]
