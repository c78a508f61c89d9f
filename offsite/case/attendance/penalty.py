"""The window in which the threshold for a penalty notice is reached (SI 2007/1867 reg 9A).

Ten sessions of unauthorised absence within any ten consecutive school weeks. A school week runs from Monday to Sunday and
has a session in it; a week without one is skipped and does not break the run.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from offsite.case.case import Slot


class Window(NamedTuple):
    """A run of school weeks in which enough sessions were missed."""

    monday: date
    """The Monday of its first week."""
    sessions: int
    last: date
    """The day of its last session so far."""


def earliest_window(
    missed: Sequence[Slot], school_days: Sequence[date], considered: Collection[date], sessions: int, weeks: int
) -> Window | None:
    """The earliest window not yet considered; None where there is none.

    `missed` are the sessions of unauthorised absence; `considered` the days on which a consideration was recorded. One
    that came when a window was reached uses up every session until its day; one that came too early uses up nothing.
    """
    left = sorted(missed)
    for day in sorted(considered):
        if _window([slot for slot in left if slot[0] <= day], school_days, sessions, weeks):
            left = [slot for slot in left if slot[0] > day]
    return _window(left, school_days, sessions, weeks)


def _window(left: Sequence[Slot], school_days: Sequence[date], sessions: int, weeks: int) -> Window | None:
    if len(left) < sessions:
        return None
    mondays = sorted({_monday(day) for day in (*school_days, *(slot[0] for slot in left))})
    number = {monday: n for n, monday in enumerate(mondays)}
    weeks_of = [number[_monday(slot[0])] for slot in left]
    for first, week in enumerate(weeks_of):
        inside = sum(other < week + weeks for other in weeks_of[first:])
        if inside >= sessions:
            return Window(_monday(left[first][0]), inside, left[first + inside - 1][0])
    return None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
