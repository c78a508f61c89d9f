"""Planned hours at the provider."""

from datetime import date

from offsite.case.case import Case
from offsite.case.direction.terms import terms
from offsite.law.london import time_of


def minutes_a_week(case: Case, day: date) -> int | None:
    """Minutes a week planned at the provider; None where the times of a session on the timetable are not known."""
    own = case.provider.details_on(day).sessions
    times = own if own else case.school.details_on(day).sessions
    minutes = 0
    for sessions in terms(case).sessions.values():
        for session in sessions:
            if not times.get(session):
                return None
            first, last = (time_of(text) for text in times[session])
            minutes += (last.hour - first.hour) * 60 + last.minute - first.minute
    return minutes
