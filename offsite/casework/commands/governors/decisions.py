"""What a review decides, and who is told of it; requests for a review and their answers."""

from functools import partial
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from models.review import Decision, Outcome, RequestReply, ReviewRequest
from offsite.case.case import Case
from offsite.case.governors.reviews import review
from offsite.casework.command import Command, Ref, Text, handles
from offsite.casework.commands.fields import Day, Method, Recipients, SchoolDayCount
from offsite.casework.commands.governors.reviews import FLOW, OfReview, named
from offsite.casework.issuing import Issue, keep_as_issued
from offsite.casework.refusals import Refused, Senseless
from offsite.casework.work import Work
from offsite.law.clock import post_given
from offsite.letters.prescribed.outcome import draft_outcome

Verdict = Literal["continue", "vary", "end", "reintegrate"]


class Decide(OfReview):
    """Record what a review decided: whether the requirement continues, and for what period."""

    decision: Verdict
    days: Annotated[SchoolDayCount | None, Field(description="school days, from the first after the meeting")] = None
    until: Day | None = None
    reasons: Text | None = None
    views_considered: tuple[Ref, ...] = ()

    @model_validator(mode="after")
    def _one_period(self) -> "Decide":
        if self.days is not None and self.until is not None:
            raise ValueError("days and until: give one of them, not both")
        return self


@handles(Decide)
def decide(command: Decide, work: Work) -> None:
    """Refused where the review was not held, or is decided already (amend it)."""
    case = work.review_case(command.review)
    found = review(case, command.review)
    if found.decision is not None:
        raise Refused(f"review {command.review!r} is decided already; use amend_decision.", field="review")
    _decide(command, work, case, amends=False)


class AmendDecision(Decide):
    """Amend what a review decided; the earlier decision stays on record."""


@handles(AmendDecision)
def amend_decision(command: AmendDecision, work: Work) -> None:
    """Refused where nothing is decided yet."""
    case = work.review_case(command.review)
    if review(case, command.review).decision is None:
        raise Refused(f"review {command.review!r}: nothing is decided yet; use decide.", field="review")
    _decide(command, work, case, amends=True)


def _decide(command: Decide, work: Work, case: Case, *, amends: bool) -> None:
    found = review(case, command.review)
    if found.held is None:
        raise Refused(f"review {command.review!r} was not held, so there is no decision to record.", field="review")
    if command.until is not None and command.until < found.held.held_on:
        raise Senseless("until", command.until.isoformat(), f"{found.held.held_on.isoformat()} or later")
    work.add(
        Decision(
            placement_id=case.id,
            review=command.review,
            decision=command.decision,
            days=command.days,
            until=command.until,
            reasons=work.seal(command.reasons),
            views_considered=sorted(set(command.views_considered)),
            amends=amends,
        )
    )
    parameters = {"school": work.school.urn, "placement": case.ref}
    work.start_flow(FLOW, {**parameters, "review": command.review, "moment": "outcome"})
    if command.decision == "reintegrate":
        work.start_flow("assess-reintegration/assess-reintegration", parameters)


class NotifyOutcome(OfReview):
    """Record that recipients were notified of a review's outcome in writing; post counts two working days later."""

    after_close: ClassVar[bool] = True

    to: Annotated[Recipients, Field(description="relevant_person, provider, local_authority")]
    method: Method
    omit: tuple[Literal["reasons", "period"], ...] = ()

    def edits(self) -> None:  # type: ignore[override]
        """Nothing: notifications add up."""


@handles(NotifyOutcome)
def notify_outcome(command: NotifyOutcome, work: Work) -> None:
    """Refused where nothing is decided."""
    case = work.review_case(command.review)
    decision = review(case, command.review).decision
    if decision is None:
        raise Refused(f"review {command.review!r}: nothing is decided yet, so there is no outcome.", field="review")
    has_reasons = decision.reasons is not None and "reasons" not in command.omit
    has_period = (decision.days is not None or decision.until is not None) and "period" not in command.omit
    given_on = post_given(work.day) if command.method == "post" else work.day
    recipients = named(case, command.to, work)
    letter = partial(draft_outcome, case, command.review, work.texts, work.happened_at, omitted=command.omit)
    keep_as_issued(work, case, [Issue("outcome", command.review, recipients, letter)])
    for recipient in recipients:
        work.add(
            Outcome(
                placement_id=case.id,
                review=command.review,
                recipient=recipient,
                method=command.method,
                sent_on=work.day,
                given_on=given_on,
                omitted=sorted(command.omit),
                stated={"reasons": has_reasons, "period": has_period, "decision": decision.decision},
            )
        )


class RequestReview(Command):
    """Record a written request for a review (SI 2010/1156 reg 4A)."""

    request: Ref
    placement: Ref
    asked_by: Literal["parent", "pupil", "local_authority"]


@handles(RequestReview)
def request_review(command: RequestReview, work: Work) -> None:
    """Refused where the name is in use."""
    case = work.case(command.placement)
    work.free(ReviewRequest, command.request, "request")
    work.add(ReviewRequest(placement_id=case.id, name=command.request, asked_by=command.asked_by, asked_on=work.day))


class ReplyToRequest(Command):
    """Record that a request for a review was answered."""

    request: Ref


@handles(ReplyToRequest)
def reply_to_request(command: ReplyToRequest, work: Work) -> None:
    """Any number of times."""
    work.add(RequestReply(placement_id=work.request_case(command.request).id, request=command.request))
