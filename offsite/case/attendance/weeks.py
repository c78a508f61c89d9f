"""Attendance week by week, three ways."""

from datetime import date, timedelta
from typing import NamedTuple

from offsite.case.attendance.tally import Tally, combined, in_register
from offsite.case.case import Case


class Week(NamedTuple):
    """One week, counted three ways (domain.md, 6)."""

    monday: date
    home: Tally
    provider: Tally
    together: Tally


def mondays(first: date, last: date) -> list[date]:
    """The Mondays of the weeks in which the days from `first` to `last` lie."""
    monday = first - timedelta(first.weekday())
    return [monday + timedelta(weeks=n) for n in range(((last - monday).days // 7) + 1)]


def three_ways(case: Case, first: date, last: date) -> list[Week]:
    """Week by week from `first` to `last`: the home register, the provider's, and both together."""
    found = []
    for monday in mondays(first, last):
        within = _within(monday, first, last)
        home, there = in_register(case.home_marks, *within), in_register(case.provider_marks, *within)
        found.append(Week(monday, home, there, combined(case, *within)))
    return found


def _within(monday: date, first: date, last: date) -> tuple[date, date]:
    return max(monday, first), min(monday + timedelta(6), last)
