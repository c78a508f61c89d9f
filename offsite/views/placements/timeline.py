"""The course of a placement, day by day, in a dozen lines: what was, and what is set."""

from collections.abc import Iterator
from datetime import date

from models.placement import Closure, Hold, Notice, Registration, ReturnPlan, ReturnStep
from offsite.case.case import Case
from offsite.case.direction.period import last_day
from offsite.case.direction.plans import agreed_plan
from offsite.case.direction.terms import determination, planned_start, start_day
from offsite.case.governors.reviews import reviews
from offsite.law.london import day_of

Point = tuple[date, str, bool]
"""Day, what, and whether it is still to come."""


def timeline(case: Case, today: date) -> list[Point]:
    """What happened and what is set, in order of days."""
    return [(day, what, day > today) for day, what in sorted(_points(case))]


def _points(case: Case) -> Iterator[tuple[date, str]]:
    if (made := determination(case)) is not None:
        yield day_of(made.happened_at), "determined by the governing body"
    for given_on in sorted({notice.given_on for notice in case.of(Notice)}):
        yield given_on, "notice given"
    if (plan := agreed_plan(case)) is not None:
        yield day_of(plan.happened_at), "plan agreed"
    for registered in case.of(Registration):
        yield day_of(registered.happened_at), "registered at the receiving school"
    started = start_day(case)
    yield (started, "started") if started else (planned_start(case), "start planned")
    for hold in case.of(Hold):
        yield day_of(hold.happened_at), "put on hold" if hold.begun else "hold lifted"
    for review in reviews(case):
        if review.state != "cancelled":
            decided = f", decided: {review.decision.decision}" if review.decision else ""
            yield review.met_on, f"review {review.name} {review.state}{decided}"
    if (back := case.newest(ReturnPlan)) is not None:
        yield back.return_on, "return planned"
    for step in case.of(ReturnStep):
        yield day_of(step.happened_at), "return begun" if step.begun else "stepped back to the placement"
    closure = case.newest(Closure)
    if closure is not None:
        yield day_of(closure.happened_at), f"closed: {closure.outcome.replace('_', ' ')}"
        return
    ends = last_day(case)
    if ends is not None:
        yield ends, "period ends"
