"""Review meetings: setting, moving, cancelling and holding them; who represents the board, who is invited, whose views came."""

from functools import partial
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.review import Invitation, Nomination, Review, ReviewHeld, View
from offsite.case.case import Case
from offsite.case.direction import recipients
from offsite.case.governors.reviews import ReviewFile, review
from offsite.casework.command import Command, NewRef, Private, Ref, Text, Words, handles
from offsite.casework.commands.fields import Day, Meeting, Recipients, When
from offsite.casework.issuing import Issue, keep_as_issued
from offsite.casework.refusals import Refused, Senseless
from offsite.casework.stages.moments import moments_of
from offsite.casework.work import Work
from offsite.law.london import day_of, instant_of
from offsite.letters.prescribed.invitation import draft_invitation

Invitee = Literal["relevant_person", "provider", "head", "representative", "local_authority"]
FLOW = "governor-review/governor-review"


class Representative(BaseModel):
    """The governing body's person at a review, and what bears on whether they may sit (reg 5(3))."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Words | None = None
    was_head_until: Day | None = None
    head: bool = False
    authority_employee: bool = False
    connected: bool = False


class OfReview(Command):
    """A command about one review."""

    review: Ref

    def edits(self) -> str:
        """The review."""
        return f"review {self.review}"


class ScheduleReview(OfReview):
    """Set a review meeting."""

    review: NewRef
    placement: Ref
    meets: Annotated[Meeting, Field(description='a day, or a London time: "2026-12-07 16:00"')]
    place: Annotated[Words | None, Field(description="where it meets, or how to join it")] = None
    representative: Annotated[Representative | None, Private(), Field(description="left out: an eligible one")] = None


@handles(ScheduleReview)
def schedule_review(command: ScheduleReview, work: Work) -> None:
    """Refused where the name is in use, or the meeting lies in the past."""
    case = work.case(command.placement)
    work.free(Review, command.review, "review")
    _refuse_past(work, command.meets)
    _set(work, case, command.review, "scheduled", command.meets, command.place)
    _nominate(work, case, command.review, command.representative or Representative())


class MoveReview(OfReview):
    """Move a review meeting to another day."""

    placement: Ref | None = None
    meets: Meeting
    place: Annotated[Words | None, Field(description="where it meets now; left out: as before")] = None
    representative: Annotated[Representative | None, Private()] = None


@handles(MoveReview)
def move_review(command: MoveReview, work: Work) -> None:
    """Refused where it was held or cancelled, or would meet in the past."""
    case, found = not_held(work, command.review)
    _refuse_past(work, command.meets)
    _set(work, case, command.review, "moved", command.meets, command.place or found.place)
    if command.representative is not None:
        _nominate(work, case, command.review, command.representative)


class CancelReview(OfReview):
    """Cancel a review meeting."""

    placement: Ref | None = None
    meets: Annotated[Meeting | None, Field(description="not needed")] = None


@handles(CancelReview)
def cancel_review(command: CancelReview, work: Work) -> None:
    """Refused where it was held or cancelled already."""
    case, found = not_held(work, command.review)
    work.add(
        Review(
            placement_id=case.id,
            name=command.review,
            change="cancelled",
            meets_on=found.meets_on,
            meets_at=found.meets_at,
            place=found.place,
        )
    )


class Nominate(OfReview):
    """Nominate the board's representative at a review."""

    representative: Annotated[Representative, Private()]


@handles(Nominate)
def nominate(command: Nominate, work: Work) -> None:
    """Refused where the review was held. An ineligible one is recorded, and alerted."""
    case, _ = not_held(work, command.review)
    _nominate(work, case, command.review, command.representative)


class Invite(OfReview):
    """Record that invitees were invited in writing."""

    to: Annotated[Recipients, Field(description="relevant_person, provider, head, representative, local_authority")]

    def edits(self) -> None:  # type: ignore[override]  # two people's invitations never conflict
        """Nothing: invitations add up."""


@handles(Invite)
def invite(command: Invite, work: Work) -> None:
    """Refused where the review is cancelled, or the invitee unknown."""
    case = work.review_case(command.review)
    if review(case, command.review).cancelled:
        raise Refused(f"review {command.review!r} is cancelled; nobody is invited to it.", field="review")
    invited = named(case, command.to, work)
    keep_as_issued(work, case, [_invitation(work, case, command.review, kind, who) for kind, who in _by_kind(invited).items()])
    for recipient in invited:
        work.add(Invitation(placement_id=case.id, review=command.review, recipient=recipient, sent_on=work.day))


def _by_kind(invited: list[str]) -> dict[str, list[str]]:
    """Invitees of a kind, such as both parents, are sent the same letter."""
    found: dict[str, list[str]] = {}
    for recipient in invited:
        found.setdefault(recipients.kind_of(recipient), []).append(recipient)
    return found


def _invitation(work: Work, case: Case, review: str, kind: str, invited: list[str]) -> Issue:
    letter = partial(draft_invitation, case, review, kind, work.texts, work.happened_at)
    return Issue("invitation", f"{review} {kind}", invited, letter)


class ReceiveViews(OfReview):
    """Record that somebody's views for a review arrived."""

    sender: Annotated[Invitee, Field(alias="from")]
    said: Annotated[Text | None, Field(description="what they wrote")] = None

    def edits(self) -> None:  # type: ignore[override]
        """Nothing: views add up."""


@handles(ReceiveViews)
def receive_views(command: ReceiveViews, work: Work) -> None:
    """Any number of times."""
    case = work.review_case(command.review)
    work.add(View(placement_id=case.id, review=command.review, sender=command.sender, said=work.seal(command.said)))


class HoldReview(OfReview):
    """Record that a review was held, and who came."""

    attended: tuple[Ref, ...] = ()


@handles(HoldReview)
def hold_review(command: HoldReview, work: Work) -> None:
    """Refused where it was held or cancelled, or still lies in the future."""
    case, found = not_held(work, command.review)
    if found.meets_on > work.day:
        raise Refused(
            f"review {command.review!r} is set for {found.meets_on:%-d %B %Y}, which is still to come; "
            "move it first if it was held earlier.",
            field="review",
        )
    work.add(
        ReviewHeld(
            placement_id=case.id,
            review=command.review,
            held_on=work.day,
            attended=sorted(set(command.attended)),
        )
    )
    work.start_flow(FLOW, _parameters(work, case, command.review, "outcome"))


def named(case: Case, to: tuple[str, ...], work: Work) -> list[str]:
    """Invitees or recipients as they are recorded; raises Senseless for one that is none."""
    allowed = {recipients.PROVIDER, recipients.HEAD, recipients.REPRESENTATIVE, recipients.AUTHORITY}
    parents = {parent.ref for parent in case.pupil.parents}
    found: list[str] = []
    for name in to:
        if name == "relevant_person":
            people = recipients.relevant_people(case.pupil, work.day)
            if not people:
                raise Senseless("to", name, "a parent with responsibility and contact; none is on record")
            found.extend(people)
        elif name == recipients.PARENT:
            found.extend(f"{recipients.PARENT}:{ref}" for ref in sorted(parents))
        elif name in parents:
            found.append(f"{recipients.PARENT}:{name}")
        elif name in allowed | {recipients.PUPIL}:
            found.append(name)
        else:
            raise Senseless("to", name, ("relevant_person", *sorted(allowed)))
    return list(dict.fromkeys(found))


def not_held(work: Work, name: str) -> tuple[Case, ReviewFile]:
    """A review that is still to meet, and its case; raises UnknownName, or Refused where it was held or cancelled."""
    case = work.review_case(name)
    found = review(case, name)
    if found.state != "scheduled":
        raise Refused(f"review {name!r} was {found.state} already.", field="review")
    return case, found


def _refuse_past(work: Work, meets: When) -> None:
    today = day_of(work.happened_at)
    if meets.on < today:
        raise Senseless("meets", meets.on.isoformat(), f"{today.isoformat()} or later")
    if meets.at is not None and instant_of(meets.on, meets.at) < work.happened_at:
        raise Senseless("meets", f"{meets.on.isoformat()} {meets.at:%H:%M}", "a time that is still to come")


def _set(work: Work, case: Case, name: str, change: str, meets: When, place: str | None) -> None:
    work.add(Review(placement_id=case.id, name=name, change=change, meets_on=meets.on, meets_at=meets.at, place=place))
    for due in moments_of(meets.on):
        work.start_flow(FLOW, _parameters(work, case, name, due.moment), not_before=max(due.at, work.recorded_at))


def _parameters(work: Work, case: Case, name: str, moment: str) -> dict[str, str]:
    return {"school": work.school.urn, "placement": case.ref, "review": name, "moment": moment}


def _nominate(work: Work, case: Case, name: str, who: Representative) -> None:
    work.add(
        Nomination(
            placement_id=case.id,
            review=name,
            name=work.seal(who.name),
            head=who.head,
            was_head_until=who.was_head_until,
            authority_employee=who.authority_employee,
            connected=who.connected,
        )
    )
