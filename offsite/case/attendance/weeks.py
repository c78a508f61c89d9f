"""Attendance week by week, three ways."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from offsite.case.attendance.tally import Tally, alone, tally, together
from offsite.case.case import Case, MarkRow, Slot


class Week(NamedTuple):
    """One week, counted three ways (domain.md, 6)."""

    monday: date
    home: Tally
    provider: Tally
    together: Tally


def mondays(first: date, last: date) -> list[date]:
    """The Mondays of the weeks in which the days from `first` to `last` lie."""
    monday = _monday(first)
    return [monday + timedelta(weeks=n) for n in range(((last - monday).days // 7) + 1)]


def three_ways(case: Case, first: date, last: date) -> list[Week]:
    """Week by week from `first` to `last`: the home register, the provider's, and both together."""
    home, there = alone(case.home_marks, first, last), alone(case.provider_marks, first, last)
    ways = [by_week(way, first, last) for way in (home, there, together(case, first, last))]
    return [Week(monday, *(way[monday] for way in ways)) for monday in mondays(first, last)]


def by_week(marks: Iterable[tuple[Slot, MarkRow]], first: date, last: date) -> dict[date, Tally]:
    """Marks from `first` to `last` counted by the Monday of their week; a week without one has nothing possible."""
    of_week: defaultdict[date, list[tuple[Slot, MarkRow]]] = defaultdict(list)
    for marked in marks:
        of_week[_monday(marked[0][0])].append(marked)
    return {monday: tally(of_week[monday]) for monday in mondays(first, last)}


@lru_cache(maxsize=4096)
def _monday(day: date) -> date:
    return day - timedelta(day.weekday())
