"""Calendars: school days, working days, calendar days, school years. Every deadline names the one it counts in.

A calendar that does not reach far enough raises CalendarTooShort; nothing here ever guesses.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

import holidays

Session = Literal["am", "pm"]
DAY = timedelta(days=1)
SATURDAY = 5


class HalfTerm(NamedTuple):
    """A half term, first to last day on file."""

    first: date
    last: date


class Step(NamedTuple):
    """One day walked over while counting: counted where `why` is None, else skipped, and why."""

    day: date
    why: str | None


class CalendarTooShort(Exception):
    """The school's calendar on file does not reach the day that is sought."""

    def __init__(self, side: Literal["before", "after"], first_on_file: date | None, last_on_file: date | None) -> None:
        """`side`: whether the sought day lies before or after what is on file."""
        self.side, self.first_on_file, self.last_on_file = side, first_on_file, last_on_file
        edge = first_on_file if side == "before" else last_on_file
        self.wanted = f"calendar {side} {edge:%-d %B %Y}" if edge else "calendar at all"
        super().__init__(f"cannot tell, no {self.wanted}")


@lru_cache(maxsize=256)
def _bank_holidays(year: int) -> Mapping[date, str]:
    return dict(holidays.country_holidays("GB", subdiv="ENG", years=year, language="en_GB"))


def bank_holiday(day: date) -> str | None:
    """The name of England's bank holiday on a day, if it is one."""
    return _bank_holidays(day.year).get(day)


class SchoolDays:
    """School days: Monday to Friday in the half terms on file, less bank holidays, INSET days and closures."""

    def __init__(self, half_terms: Sequence[HalfTerm], closed: Mapping[date, str] | None = None) -> None:
        """`closed`: whole days closed inside a half term, and why."""
        self.half_terms = tuple(sorted(HalfTerm(*h) for h in half_terms))
        self._closed = dict(closed or {})
        self.first_on_file = self.half_terms[0].first if self.half_terms else None
        self.last_on_file = max((h.last for h in self.half_terms), default=None)
        self._days = tuple(
            day
            for half in self.half_terms
            for day in _each_day(half.first, half.last)
            if day.weekday() < SATURDAY and day not in self._closed and bank_holiday(day) is None
        )
        self._set = frozenset(self._days)

    def covers(self, day: date) -> bool:
        """Whether a day lies within what is on file (holidays between half terms do)."""
        return self.first_on_file is not None and self.last_on_file is not None and (
            self.first_on_file <= day <= self.last_on_file
        )  # fmt: skip

    def is_school_day(self, day: date) -> bool:
        """Whether a day is a school day; raises CalendarTooShort outside what is on file."""
        if not self.covers(day):
            raise self._too_short("before" if self.first_on_file is None or day < self.first_on_file else "after")
        return day in self._set

    def why_closed(self, day: date) -> str | None:
        """Why a day is no school day; None where it is one."""
        if day in self._set:
            return None
        if day.weekday() >= SATURDAY:
            return "weekend"
        if (name := bank_holiday(day)) is not None:
            return f"bank holiday ({name})"
        if day in self._closed:
            return f"closed: {self._closed[day]}"
        return "holiday between half terms" if self.covers(day) else "not on the calendar on file"

    def before(self, day: date, n: int) -> date:
        """The n-th school day before `day`, not counting it: SD(day,-n). Raises CalendarTooShort."""
        if self.last_on_file is None or day > self.last_on_file + DAY:
            raise self._too_short("after")
        at = bisect_left(self._days, day) - n
        if at < 0:
            raise self._too_short("before")
        return self._days[at] if n else day

    def after(self, day: date, n: int) -> date:
        """The n-th school day after `day`, not counting it: SD(day,+n). Raises CalendarTooShort."""
        if self.first_on_file is None or day < self.first_on_file - DAY:
            raise self._too_short("before")
        at = bisect_right(self._days, day) + n - 1
        if at >= len(self._days):
            raise self._too_short("after")
        return self._days[at] if n else day

    def nth_from(self, first: date, n: int) -> date:
        """The day on which the n-th school day falls, counting `first` as the first if it is one."""
        return self.after(first - DAY, n)

    def walk_before(self, day: date, n: int) -> tuple[Step, ...]:
        """Every day walked over to SD(day,-n), in counting order."""
        return self._walk(day, self.before(day, n), -DAY)

    def walk_after(self, day: date, n: int) -> tuple[Step, ...]:
        """Every day walked over to SD(day,+n), in counting order."""
        return self._walk(day, self.after(day, n), DAY)

    def days_between(self, first: date, last: date) -> list[date]:
        """The school days from `first` to `last`, both included; those on file."""
        return list(self._days[bisect_left(self._days, first) : bisect_right(self._days, last)])

    def half_term_of(self, day: date) -> HalfTerm | None:
        """The half term a day lies in."""
        return next((half for half in self.half_terms if half.first <= day <= half.last), None)

    def next_half_term(self, after: date) -> HalfTerm | None:
        """The first half term that begins after a day."""
        return next((half for half in self.half_terms if half.first > after), None)

    def _walk(self, origin: date, end: date, step: timedelta) -> tuple[Step, ...]:
        steps, day = [], origin
        while day != end:
            day += step
            steps.append(Step(day, self.why_closed(day)))
        return tuple(steps)

    def _too_short(self, side: Literal["before", "after"]) -> CalendarTooShort:
        return CalendarTooShort(side, self.first_on_file, self.last_on_file)


class WorkingDays:
    """Monday to Friday less England's bank holidays."""

    def is_working_day(self, day: date) -> bool:
        """Whether a day is a working day."""
        return self.why_not(day) is None

    def why_not(self, day: date) -> str | None:
        """Why a day is no working day; None where it is one."""
        if day.weekday() >= SATURDAY:
            return "weekend"
        name = bank_holiday(day)
        return f"bank holiday ({name})" if name else None

    def after(self, day: date, n: int) -> date:
        """The n-th working day after `day`, not counting it."""
        return self.walk_after(day, n)[-1].day if n else day

    def walk_after(self, day: date, n: int) -> tuple[Step, ...]:
        """Every day walked over, in counting order."""
        steps: list[Step] = []
        while sum(step.why is None for step in steps) < n:
            day += DAY
            steps.append(Step(day, self.why_not(day)))
        return tuple(steps)


def calendar_walk(day: date, n: int) -> tuple[Step, ...]:
    """The calendar days from `day`, not counted, `n` forward (or back where negative): nothing is skipped."""
    step = DAY if n > 0 else -DAY
    return tuple(Step(day + step * i, None) for i in range(1, abs(n) + 1))


def school_year(day: date) -> tuple[date, date]:
    """First and last day of the school year a day lies in: 1 September to 31 August."""
    year = day.year if day.month >= 9 else day.year - 1
    return date(year, 9, 1), date(year + 1, 8, 31)


def school_year_name(day: date) -> str:
    """The school year's name: 2026-27."""
    first, last = school_year(day)
    return f"{first.year}-{last.year % 100:02d}"


def _each_day(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += DAY
