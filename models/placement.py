"""A placement: its terms, how it was set up, its start, holds, return and closure.

Texts (`reasons`, `report` and the like) are sealed tokens, see encrypted_text.py.
"""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base
from models.recorded import Number, OfPlacement

JsonOrNull = JSON(none_as_null=True)


class Placement(Base):
    """The case around one direction. Pupil and provider never change; everything else is in rows that may."""

    __tablename__ = "placement"
    __table_args__ = (UniqueConstraint("school_id", "ref"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    ref: Mapped[str]
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)


class Terms(OfPlacement, Base):
    """What was proposed, whole; a change of it is a new row. The newest row holds."""

    __tablename__ = "terms"

    purpose: Mapped[str]
    tried: Mapped[list[str]] = mapped_column(JSON)
    """Sealed."""
    not_appropriate: Mapped[str | None]
    """Sealed: why nothing could be tried in school."""
    reasons: Mapped[str | None]
    """Sealed."""
    start: Mapped[date]
    """The relevant day: the first school day on which the pupil must attend off-site."""
    days: Mapped[int]
    """School days of the direction, the start counted."""
    maximum_days: Mapped[int]
    """School days: the proposed maximum."""
    sessions: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    """{"mon": ["am", "pm"], ...} at the provider."""
    home_sessions: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    mode: Mapped[str]
    site: Mapped[str | None]
    address: Mapped[str | None]
    session_times: Mapped[dict[str, list[str]] | None] = mapped_column(JsonOrNull)
    report_to: Mapped[str | None]
    approved_by: Mapped[str | None]
    supervised_by: Mapped[str | None]
    reintegration_is_objective: Mapped[bool]
    census_reason: Mapped[str | None]
    transport: Mapped[str | None]
    """Sealed: how the pupil travels, and who pays."""
    meals: Mapped[str | None]
    """Sealed."""


class Consultation(OfPlacement, Base):
    """Somebody was consulted about the placement."""

    __tablename__ = "consultation"

    consulted: Mapped[str]
    said: Mapped[str | None]
    """Sealed."""


class RiskAssessment(OfPlacement, Base):
    """The risk assessment was made or renewed."""

    __tablename__ = "risk_assessment"


class Determination(OfPlacement, Base):
    """The governing body required the pupil to attend off-site (s.29A(1))."""

    __tablename__ = "determination"

    days: Mapped[int]
    """School days."""
    minute: Mapped[str | None]


class Notice(OfPlacement, Base):
    """The notice as given to one recipient: `parent:REF`, `pupil` or `local_authority`."""

    __tablename__ = "notice"

    recipient: Mapped[str]
    method: Mapped[str]
    sent_on: Mapped[date]
    given_on: Mapped[date]
    """By post the deemed delivery, two working days after posting; else the day sent."""
    omitted: Mapped[list[str]] = mapped_column(JSON)
    """Prescribed items it leaves out (reg 3(4))."""
    start: Mapped[date]
    days: Mapped[int]


class Registration(OfPlacement, Base):
    """The pupil was registered at the receiving school as well."""

    __tablename__ = "registration"

    learned_on: Mapped[date]
    home_register_entered: Mapped[bool]


class StatutoryStep(OfPlacement, Base):
    """A step the law asks for was taken: new_pupil, transfer_file, absence, sickness, enquiries, ..."""

    __tablename__ = "statutory_step"

    kind: Mapped[str]


class Start(OfPlacement, Base):
    """The pupil started."""

    __tablename__ = "start"

    overridden_by: Mapped[str | None]
    override_reason: Mapped[str | None]
    """Sealed."""
    gates_shut: Mapped[list[str]] = mapped_column(JSON)
    """The gates that were overridden."""


class Hold(OfPlacement, Base):
    """A safeguarding hold was put on (`begun` true) or lifted."""

    __tablename__ = "hold"

    begun: Mapped[bool]
    reason: Mapped[str | None]
    """Sealed."""


class Partnership(OfPlacement, Base):
    """The working partnership of a long stay is on record."""

    __tablename__ = "partnership"


class ReadinessRequest(OfPlacement, Base):
    """Somebody asked for a readiness assessment by hand."""

    __tablename__ = "readiness_request"


class ReadinessAssessment(OfPlacement, Base):
    """How ready the pupil is to return: each criterion met, not_met or cannot_tell; advice, never a decision."""

    __tablename__ = "reintegration_assessment"

    criteria: Mapped[dict[str, str]] = mapped_column(JSON)
    recommendation: Mapped[str | None]
    """Sealed."""


class ReturnPlan(OfPlacement, Base):
    """The reintegration plan."""

    __tablename__ = "return_plan"

    return_on: Mapped[date]
    support: Mapped[list[str]] = mapped_column(JSON)
    """Sealed."""
    key_adult: Mapped[str | None]
    phases: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """[{"from": "2026-11-30", "to": "2026-12-04", "sessions": {"mon": ["am"]}}]: sessions still at the provider."""
    worked: Mapped[str | None]
    """Sealed: what worked off-site."""
    risk: Mapped[str | None]
    """Sealed."""
    review_on: Mapped[list[str] | None] = mapped_column(JsonOrNull)
    """Days on which the return is looked at, in ISO form."""
    step_back: Mapped[str | None]
    """Sealed: when, and how, the pupil goes back to the provider."""
    part_time_agreed_on: Mapped[date | None]
    """The day the parent agreed to a part-time timetable (code C2)."""


class ReturnStep(OfPlacement, Base):
    """The return began (`begun` true) or the pupil stepped back to the placement."""

    __tablename__ = "return_step"

    begun: Mapped[bool]


class ReturnCheck(OfPlacement, Base):
    """A check after the return."""

    __tablename__ = "return_check"

    weeks: Mapped[int]


class Closure(OfPlacement, Base):
    """The placement ended; it is never reopened."""

    __tablename__ = "closure"

    outcome: Mapped[str]
    report: Mapped[str | None]
    """Sealed."""


class Document(OfPlacement, Base):
    """A letter as drafted: kept whole and sealed, since letters hold detail."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("placement_id", "kind", "subject", "digest"),)

    kind: Mapped[str]
    subject: Mapped[str]
    html: Mapped[str]
    """Sealed."""
    text: Mapped[str]
    """Sealed."""
    digest: Mapped[str]
    """SHA-256 of the facts it was drafted from: the same draft is not filed twice."""


class Task(OfPlacement, Base):
    """Something a person must do, opened by a stage flow or because a rule cannot tell. Whether it is done is
    worked out from what is recorded."""

    __tablename__ = "task"
    __table_args__ = (UniqueConstraint("placement_id", "kind", "subject", "due"),)

    kind: Mapped[str]
    subject: Mapped[str]
    role: Mapped[str]
    due: Mapped[date | None]
    says: Mapped[str]
    """What to do, in words without personal detail."""


class Issued(OfPlacement, Base):
    """A letter as it was given: the draft that was newest then, which is kept whole, and the SHA-256 of its HTML."""

    __tablename__ = "issued"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    recipient: Mapped[str]
    sha256: Mapped[str]
