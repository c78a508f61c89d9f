"""Which ticks a replay must play: those at which something can change although nobody did anything.

Daily rules run at 06:00 and quarter-hour rules on every quarter. What they find depends on the day, on times after a
session's start or end, and on minutes since a concern; so between two commands it is enough to look at the start of each
day, at 06:00, and at the quarter at or after each of those times. `naive_ticks` plays every quarter; a test holds the two
to the same answer.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime, time, timedelta

from offsite.case.attendance.sessions import session_times
from offsite.case.case import SESSIONS, Case
from offsite.case.safeguarding.concerns import concerns
from offsite.case.settings import setting
from offsite.law.london import day_of, instant_of, quarter_at_or_after

DAILY_AT = time(6)
DIGEST_AT = time(6, 15)
QUARTER = timedelta(minutes=15)
MIDNIGHT = time(0)
FIRST_SESSION, UNKNOWN = 60, 120
"""Minutes after a session starts at which a start is missed, and a pupil's place unknown (parameters.toml)."""

NextTick = Callable[[Collection[Case], datetime], datetime]


def next_tick(cases: Collection[Case], after: datetime) -> datetime:
    """The next instant after `after` at which a rule may find something new with nothing done meanwhile."""
    day = day_of(after)
    moments = [instant_of(day, DAILY_AT), instant_of(day + timedelta(days=1), MIDNIGHT)]
    for case in cases:
        moments.extend(_in_a_day(case, after))
    return min(quarter for moment in moments if (quarter := quarter_at_or_after(moment)) > after)


def naive_tick(cases: Collection[Case], after: datetime) -> datetime:
    """The next quarter of an hour."""
    return quarter_at_or_after(after + timedelta(microseconds=1))


def _in_a_day(case: Case, after: datetime) -> Iterator[datetime]:
    day = day_of(after)
    days = case.school.school_days
    if days.covers(day) and days.is_school_day(day):
        cutoff = case.provider.details_on(day).cutoff_minutes or setting(case.school, "cutoff_minutes", day)
        for session in SESSIONS:
            times = session_times(case, (day, session))
            if times:
                yield times[1]
                if (day, session) not in case.provider_marks:
                    yield from (times[0] + timedelta(minutes=minutes) for minutes in (cutoff, FIRST_SESSION, UNKNOWN))
    triage = setting(case.school, "triage_minutes", day)
    for concern in concerns(case):
        if not concern.triaged:
            yield concern.raised.recorded_at + timedelta(minutes=triage)
