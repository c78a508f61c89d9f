"""The plan in writing: objectives, curriculum, readiness criteria; and progress against it."""

from datetime import date

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base
from models.placement import JsonOrNull
from models.recorded import OfPlacement


class Plan(OfPlacement, Base):
    """The plan as agreed; the newest row holds, with the objectives of the same event."""

    __tablename__ = "plan"

    agreed_by: Mapped[list[str]] = mapped_column(JSON)
    english: Mapped[bool]
    maths: Mapped[bool]
    part_time_agreed: Mapped[bool]
    readiness: Mapped[list[str] | None] = mapped_column(JsonOrNull)
    """Criteria, by name for the default ones, sealed for others; None: none recorded."""
    report_every_days: Mapped[int | None]
    """School days; the school's setting where left out."""


class Objective(OfPlacement, Base):
    """One objective of the plan."""

    __tablename__ = "objective"

    name: Mapped[str]
    text: Mapped[str | None]
    """Sealed."""
    measure: Mapped[str | None]
    """Sealed."""
    baseline: Mapped[str | None]
    """Sealed."""
    target: Mapped[str | None]
    """Sealed."""
    by: Mapped[date | None]
    owner: Mapped[str | None]


class ObjectiveAssessment(OfPlacement, Base):
    """An objective was assessed: met, partly or not_met."""

    __tablename__ = "objective_assessment"

    objective: Mapped[str]
    result: Mapped[str]


class ProgressReport(OfPlacement, Base):
    """The provider reported progress: a rating (red, amber, green) for objectives by name."""

    __tablename__ = "progress_report"

    ratings: Mapped[dict[str, str]] = mapped_column(JSON)
    note: Mapped[str | None]
    """Sealed."""
