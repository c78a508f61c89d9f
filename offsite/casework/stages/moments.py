"""The moments of a governor review at which something is to be done, counted in calendar days from the meeting.

A command that sets or moves a review has a run started at each (`moments_of`); the times are London.
"""

from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple, get_args

from offsite.law.london import day_of, instant_of
from offsite.law.parameters import parameter

Moment = Literal["prepare", "invite", "chase", "day", "outcome"]
MOMENTS: tuple[Moment, ...] = get_args(Moment)
AT = time(7)
"""After the daily rules and the digest, before anybody's day begins."""
PREPARE, OUTCOME = 14, 3
CHASE_BEFORE_LIMIT = 1


class Due(NamedTuple):
    """One moment of a review and when it comes."""

    moment: Moment
    at: datetime


def moments_of(meets_on: date) -> tuple[Due, ...]:
    """Every moment of a review that meets on a day, in order."""
    on = max(meets_on, date(2010, 9, 1))
    before = {
        "prepare": PREPARE,
        "invite": parameter("invitations_reminder", on).value,
        "chase": parameter("invitations", on).value + CHASE_BEFORE_LIMIT,
        "day": 0,
        "outcome": -OUTCOME,
    }
    return tuple(Due(moment, instant_of(meets_on - timedelta(days=before[moment]), AT)) for moment in MOMENTS)


def reached(meets_on: date, at: datetime, asked: Moment | None = None) -> tuple[Moment, ...]:
    """The moments whose London day has come at `at`, and all up to the one asked for."""
    today, up_to = day_of(at), MOMENTS.index(asked) if asked else -1
    return tuple(due.moment for n, due in enumerate(moments_of(meets_on)) if day_of(due.at) <= today or n <= up_to)
