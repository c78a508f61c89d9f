"""Facts about what a review decided and who was told, and about requests for a review."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from models.review import Outcome, View
from offsite.case.case import Case
from offsite.case.direction import recipients
from offsite.case.direction.served import invitations_served, outcome_served
from offsite.case.governors.reviews import RequestFile, ReviewFile, held_on, held_or_set_since, requests, reviews
from offsite.case.reached import reached
from offsite.law import clock
from offsite.law.london import day_of
from offsite.law.parameters import parameter
from rules.facts.words import day_in_words, people
from rules.judge import Fact
from rules.language import FactKind, flag, number

RELEVANT_PERSON = "relevant_person"
"""Always prescribed: a parent, or from 18 the pupil."""


class DecisionFacts(FactKind):
    """One a held review: what was decided and what the outcome says."""

    kind = "decision"
    days_since_held = number("days since the meeting was held", unit="calendar days")
    decided = flag("a decision is recorded")
    incomplete = flag("an outcome gives no reasons, or a decision to continue states no period")
    views_passed_over = number("prescribed invitees whose views came before the meeting and are not named as considered")


class OutcomeFacts(FactKind):
    """One a held review: who was told of its outcome, and when."""

    kind = "outcome"
    days_since_held = number("days since the meeting was held", unit="calendar days")
    untold = flag("some prescribed recipient has no outcome notice")
    days_late = number("the outcome past six days after the meeting", unit="calendar days")


class RequestFacts(FactKind):
    """One a written request for a review (reg 4A)."""

    kind = "request"
    entitled = flag(
        "asked by the relevant person, or the authority maintaining an EHC plan", may_be_unknown=True, known_by="attendance"
    )
    held_before = flag("a review was held in the ten weeks before the request")
    answered = flag("a review was held, or is set to meet, on or after the day of the request")
    replied = flag("a reply is recorded")
    fifth_day_come = flag("the fifth school day after the request has come", may_be_unknown=True)
    tenth_day_come = flag("the tenth school day after the request has come", may_be_unknown=True)


def derive_decisions(case: Case, at: datetime) -> Iterator[Fact]:
    """The decision of each held review."""
    today = day_of(at)
    for review in reviews(case):
        if review.held:
            held = review.held.held_on
            yield Fact(
                DecisionFacts,
                DecisionFacts.values(
                    days_since_held=(today - held).days,
                    decided=review.decision is not None,
                    incomplete=_incomplete(review),
                    views_passed_over=len(_passed_over(case, review)),
                ),
                review.name,
                held,
                False,
                _decision_words(case, review, held),
            )


def derive_outcomes(case: Case, at: datetime) -> Iterator[Fact]:
    """The outcome of each held review against its limit."""
    today = day_of(at)
    for review in reviews(case):
        if review.held:
            held = review.held.held_on
            limit = clock.outcome(held).breached_after
            assert limit is not None
            served = outcome_served(case, review.name, limit)
            given = [(day - limit).days for kind, day in served.first_given.items() if kind in served.prescribed]
            late = max([*given, *([(today - limit).days] if served.missing else [])])
            told = day_in_words(served.complete_on) if served.complete_on else f"not yet: {people(served.missing)}"
            yield Fact(
                OutcomeFacts,
                OutcomeFacts.values(days_since_held=(today - held).days, untold=bool(served.missing), days_late=late),
                review.name,
                held,
                False,
                lambda held=held, limit=limit, served=served, told=told: {  # type: ignore[misc]
                    "due": limit,
                    "limit": day_in_words(limit),
                    "held": day_in_words(held),
                    "missing": people(served.missing),
                    "told": told,
                },
            )


def derive_requests(case: Case, at: datetime) -> Iterator[Fact]:
    """Each request and what came of it."""
    today = day_of(at)
    for request in requests(case):
        yield _request(case, request, today)


def _request(case: Case, request: RequestFile, today: date) -> Fact:
    asked, days = request.asked_on, case.school.school_days
    on = max(asked, date(2013, 1, 1))
    fifth, tenth = parameter("request_reply", on).value, parameter("request_critical", on).value
    return Fact(
        RequestFacts,
        RequestFacts.values(
            entitled=_entitled(case, request),
            held_before=any(clock.in_window(asked, day) for day in held_on(case)),
            answered=held_or_set_since(case, asked),
            replied=request.replied,
            fifth_day_come=reached(case, today, lambda: days.after(asked, fifth)),
            tenth_day_come=reached(case, today, lambda: days.after(asked, tenth)),
        ),
        request.name,
        asked,
        False,
        lambda: {"asked": day_in_words(asked), "by": people([request.asked_by])},
    )


def _entitled(case: Case, request: RequestFile) -> bool | None:
    if request.asked_by == recipients.AUTHORITY:
        return case.pupil.has("ehc_plan", request.asked_on)
    person = recipients.relevant_person(case.pupil, request.asked_on)
    return None if person is None else person == request.asked_by


def _incomplete(review: ReviewFile) -> bool:
    decision = review.decision
    latest: dict[str, Outcome] = {row.recipient: row for row in review.outcomes}
    if any(not row.stated["reasons"] for row in latest.values()):
        return True
    if decision is None or decision.decision != "continue":
        return False
    no_period = decision.days is None and decision.until is None
    return no_period or any(not row.stated["period"] for row in latest.values())


def _passed_over(case: Case, review: ReviewFile) -> list[str]:
    """Prescribed invitees who wrote before the meeting and are not among the views considered (reg 4(2))."""
    held, decision = review.held, review.decision
    sent = [row for row in case.of(View) if row.review == review.name and held and row.happened_at < held.happened_at]
    if held is None or decision is None or not sent:
        return []
    prescribed = invitations_served(case, review.name, held.held_on).prescribed
    wrote = {row.sender for row in sent if row.sender == RELEVANT_PERSON or row.sender in prescribed}
    return sorted(wrote - set(decision.views_considered))


def _decision_words(case: Case, review: ReviewFile, held: date) -> Callable[[], dict[str, Any]]:
    return lambda: {
        "held": day_in_words(held),
        "due": clock.decision(held).due,
        "passed_over": people(_passed_over(case, review)),
    }


SOURCES = (
    ((DecisionFacts,), derive_decisions, False),
    ((OutcomeFacts,), derive_outcomes, True),
    ((RequestFacts,), derive_requests, False),
)
