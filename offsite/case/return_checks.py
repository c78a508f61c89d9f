"""The checks after a return, 2, 6 and 12 weeks from the day it began (domain.md, 5)."""

from datetime import date, timedelta

from models.placement import Closure, ReturnStep
from offsite.case.case import Case
from offsite.law.london import day_of

CHECKS_IN_WEEKS = (2, 6, 12)


def checks_due(case: Case, closure: Closure) -> list[tuple[int, date]]:
    """The checks after a return, counted from the day it began; none after another ending."""
    begun = [row for row in case.of(ReturnStep) if row.begun]
    if closure.outcome != "returned" or not begun:
        return []
    return [(weeks, day_of(begun[-1].happened_at) + timedelta(weeks=weeks)) for weeks in CHECKS_IN_WEEKS]
