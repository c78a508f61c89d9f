"""Safeguarding concerns: raising, triaging, finding, referring, closing; the safety review of a placement."""

from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field, model_validator

from models.concern import Concern, ConcernClosure, Found, Referral, Triage
from models.concern import SafetyReview as SafetyReviewRow
from models.people import Person
from offsite.case.safeguarding.against import holders_of, names_against
from offsite.casework.command import OPERATOR, Command, Ref, Text, handles
from offsite.casework.commands.fields import Role
from offsite.casework.refusals import Refused, Senseless
from offsite.casework.work import Work
from offsite.law.london import day_of


class RaiseConcern(Command):
    """Raise a safeguarding concern about a pupil, a placement or a provider. It never replaces a referral."""

    after_close: ClassVar[bool] = True

    concern: Annotated[Ref, Field(description="a name for it")]
    placement: Ref | None = None
    provider: Ref | None = None
    kind: Literal["concern", "low_level", "allegation", "missing"]
    about: Literal["pupil", "placement", "provider"]
    against: Annotated[Ref | None, Field(description="a person's reference or a role; never told of it")] = None
    text: Text | None = None

    @model_validator(mode="after")
    def _one_place(self) -> "RaiseConcern":
        if (self.placement is None) == (self.provider is None):
            raise ValueError("placement, provider: name exactly one of them")
        return self


@handles(RaiseConcern)
def raise_concern(command: RaiseConcern, work: Work) -> None:
    """Refused where the name is in use, or `against` is neither a person nor a role."""
    placement_id = provider_id = None
    if command.placement is not None:
        placement_id = work.case(command.placement).id
    elif command.provider is not None:
        provider_id = work.provider(command.provider).id
    work.free(Concern, command.concern, "concern")
    holders: list[str] = []
    if command.against is not None and command.against in get_args(Role):
        holders = holders_of(work.school, command.against, {work.day, day_of(work.recorded_at)})
    elif command.against is not None:
        work.id_of(Person, command.against, "against")
    work.add(
        Concern(
            concern=command.concern,
            placement_id=placement_id,
            provider_id=provider_id,
            kind=command.kind,
            about=command.about,
            against=command.against,
            against_holders=holders,
            text=work.seal(command.text),
        )
    )


class OfConcern(Command):
    """A command about one concern."""

    after_close: ClassVar[bool] = True

    concern: Ref

    def edits(self) -> str:
        """The concern."""
        return f"concern {self.concern}"


def _open(command: OfConcern, work: Work) -> Concern:
    found = work.concern(command.concern)
    if work.newest_of_concern(ConcernClosure, command.concern) is not None:
        raise Refused(f"concern {command.concern!r} is closed already.", field="concern")
    return found


def refuse_whom_it_is_against(work: Work, name: str) -> None:
    """Refuse where who acts is one of those a concern is against."""
    _not_against(work, work.concern(name))


def _not_against(work: Work, found: Concern) -> None:
    who = work.said.by
    if who != OPERATOR and names_against(found) & {who, *work.roles_of(who, day_of(work.recorded_at))}:
        raise Refused(f"by is {who!r}, whom the concern is against; somebody else must do this.", field="by")


class TriageConcern(OfConcern):
    """Record that a concern was triaged, with what was decided."""

    decision: Text
    summary: Annotated[Text | None, Field(description="what head and governors may be told of it, as agreed; no names")] = None


@handles(TriageConcern)
def triage_concern(command: TriageConcern, work: Work) -> None:
    """Refused where it is closed already."""
    found = _open(command, work)
    _not_against(work, found)
    work.add(_about(found, Triage(decision=work.seal(command.decision), summary=work.seal(command.summary))))


class FindChild(OfConcern):
    """Record that a missing pupil was found."""

    decision: Text | None = None


@handles(FindChild)
def find_child(command: FindChild, work: Work) -> None:
    """Refused where it is closed already, or nobody was missing."""
    found = _open(command, work)
    if found.kind != "missing":
        raise Senseless("concern", command.concern, f"a concern of kind missing; this one is {found.kind}")
    work.add(_about(found, Found(decision=work.seal(command.decision))))


class CloseConcern(OfConcern):
    """Close a concern, with a decision: the DSL's or a deputy's."""

    decision: Text
    summary: Annotated[Text | None, Field(description="what head and governors may be told of it, as agreed; no names")] = None


@handles(CloseConcern)
def close_concern(command: CloseConcern, work: Work) -> None:
    """Refused where it is closed already, and by anyone other than DSL or deputy."""
    found = _open(command, work)
    work.require_role("close a concern", "dsl", "deputy_dsl")
    _not_against(work, found)
    work.add(_about(found, ConcernClosure(decision=work.seal(command.decision), summary=work.seal(command.summary))))


class ReferToLado(OfConcern):
    """Record a referral to the LADO, or a reasoned decision not to refer."""

    decision: Literal["referred", "not_referred"]
    reasons: Text | None = None


@handles(ReferToLado)
def refer_to_lado(command: ReferToLado, work: Work) -> None:
    """Refused where a decision not to refer gives no reasons."""
    found = work.concern(command.concern)
    if command.decision == "not_referred" and command.reasons is None:
        raise Senseless("reasons", None, "the reasons for not referring")
    work.add(_about(found, Referral(decision=command.decision, reasons=work.seal(command.reasons))))


class ReviewSafety(Command):
    """Record that the placement was reviewed for safety: continue, hold or end."""

    placement: Ref
    decision: Literal["continue", "hold", "end"]


@handles(ReviewSafety)
def review_safety(command: ReviewSafety, work: Work) -> None:
    """Any number of times. A hold is put on by put_on_hold."""
    work.add(SafetyReviewRow(placement_id=work.case(command.placement).id, decision=command.decision))


Row = Triage | Found | ConcernClosure | Referral


def _about(found: Concern, row: Row) -> Row:
    row.concern, row.placement_id, row.provider_id = found.concern, found.placement_id, found.provider_id
    return row
