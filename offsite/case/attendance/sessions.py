"""Which sessions the pupil is expected at the provider.

A session is expected from the planned start on (also when the start was refused or forgotten) once the direction is
determined, on the home school's school days when the provider works, on the timetable; not on hold, not from the return
on (its phases count) until a step back, not after closing. It is still expected after the period lapsed.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache

from models.placement import ReturnPlan
from offsite.case.case import SESSIONS, WEEKDAYS, Case, Slot
from offsite.case.direction.terms import closed, determination, on_hold, phases, planned_start, return_begun, terms_at
from offsite.law.calendars import Session
from offsite.law.london import instant_of, time_of


@lru_cache(maxsize=8192)
def subject_of(slot: Slot) -> str:
    """A session as alerts name it: 2026-11-16 am."""
    return f"{slot[0]} {slot[1]}"


def session_times(case: Case, slot: Slot) -> tuple[datetime, datetime] | None:
    """Start and end (UTC) of a session at the provider; None where the times are not known."""
    day, session = slot
    own = case.provider.details_on(day).sessions
    times = (own if own else case.school.details_on(day).sessions).get(session)
    if not times:
        return None
    return instant_of(day, time_of(times[0])), instant_of(day, time_of(times[1]))


def expected(case: Case, slot: Slot) -> bool:
    """Whether the pupil is expected at the provider in one session. A day past the calendar on file: not."""
    day, session = slot
    days = case.school.school_days
    if not days.covers(day) or not days.is_school_day(day):
        return False
    if determination(case) is None or day < planned_start(case):
        return False
    if slot in case.school.closed_slots or slot in case.provider.closed_slots:
        return False
    times = session_times(case, slot)
    begins = times[0] if times else instant_of(day)
    ended = closed(case)
    if (ended is not None and ended.happened_at <= begins) or on_hold(case, begins):
        return False
    return session in _timetable(case, day, begins).get(WEEKDAYS[day.weekday()], ())


def _timetable(case: Case, day: date, at: datetime) -> dict[str, list[Session]]:
    if return_begun(case, at) is None:
        return terms_at(case, at).sessions  # type: ignore[return-value]  # JSON holds plain words
    plan = next((p for p in reversed(case.of(ReturnPlan)) if p.happened_at <= at), None)
    return next((p.sessions for p in phases(plan) if p.first <= day <= p.last), {})


def expected_sessions(case: Case, first: date, last: date) -> Iterator[Slot]:
    """Every session, first to last day inclusive, in which the pupil is expected at the provider."""
    day = max(first, planned_start(case))
    while day <= last:
        for session in SESSIONS:
            if expected(case, (day, session)):
                yield day, session
        day += timedelta(days=1)
