"""The terms of a placement and where it stands: determined, started, on hold, back full-time, closed."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from models.placement import Closure, Determination, Hold, ReturnPlan, ReturnStep, Start, Terms
from offsite.case.case import SESSIONS, WEEKDAYS, Case
from offsite.law.calendars import Session
from offsite.law.london import day_of

FULL_TIME: dict[str, list[str]] = {day: list(SESSIONS) for day in WEEKDAYS[:5]}


def terms(case: Case) -> Terms:
    """The terms as they stand."""
    return case.of(Terms)[-1]


def terms_at(case: Case, at: datetime) -> Terms:
    """The terms that stood at an instant; before the first, the first."""
    rows = case.of(Terms)
    return next((row for row in reversed(rows) if row.happened_at <= at), rows[0])


def planned_start(case: Case) -> date:
    """The relevant day: the first school day on which the pupil must attend, as now planned."""
    return terms(case).start


def determination(case: Case) -> Determination | None:
    """The governing body's determination, if there is one."""
    return case.newest(Determination)


def started(case: Case) -> Start | None:
    """The start, if it was recorded."""
    return case.newest(Start)


def start_day(case: Case) -> date | None:
    """The London day on which the pupil started."""
    start = started(case)
    return None if start is None else day_of(start.happened_at)


def closed(case: Case) -> Closure | None:
    """The closure, if there is one."""
    return case.newest(Closure)


def on_hold(case: Case, at: datetime) -> bool:
    """Whether a safeguarding hold is on at an instant."""
    held = False
    for row in case.of(Hold):
        if row.happened_at <= at:
            held = row.begun
    return held


class Phase(NamedTuple):
    """One phase of a return: first and last day, and the sessions still at the provider."""

    first: date
    last: date
    sessions: dict[str, list[Session]]


def phases(plan: ReturnPlan | None) -> Iterator[Phase]:
    """The phases of a return plan."""
    for phase in plan.phases if plan else ():
        yield Phase(date.fromisoformat(phase["from"]), date.fromisoformat(phase["to"]), phase["sessions"])


def return_begun(case: Case, at: datetime) -> ReturnStep | None:
    """The return that has begun and was not stepped back from at an instant."""
    newest = None
    for row in case.of(ReturnStep):
        if row.happened_at <= at:
            newest = row
    return newest if newest is not None and newest.begun else None


def back_full_time(case: Case, at: datetime) -> bool:
    """Return begun, not stepped back, and no phase running or to come."""
    if return_begun(case, at) is None:
        return False
    return all(phase.last < day_of(at) for phase in phases(case.newest(ReturnPlan)))


def attending(case: Case, at: datetime) -> bool:
    """Started, not on hold, not closed, not back full-time."""
    return started(case) is not None and closed(case) is None and not on_hold(case, at) and not back_full_time(case, at)
