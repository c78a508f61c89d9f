"""How letters say days, times, counts and lists, in plain English."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from offsite.law.london import LONDON

WEEKDAY_WORDS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def day_in_words(day: date) -> str:
    """Wednesday 25 November 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def weekday_days(days: Iterable[date]) -> str:
    """Friday 20 and Monday 23 November 2026: days in their order, each month named once."""
    months: list[tuple[str, list[str]]] = []
    for day in days:
        month = f"{day:%B %Y}"
        if not months or months[-1][0] != month:
            months.append((month, []))
        months[-1][1].append(f"{day:%A} {day.day}")
    return ", ".join(f"{listed(found)} {month}" for month, found in months)


def time_in_words(at: time | str) -> str:
    """8:45am, 1:10pm; midday for 12 noon."""
    moment = time.fromisoformat(at) if isinstance(at, str) else at
    if (moment.hour, moment.minute) == (12, 0):
        return "midday"
    return f"{moment.hour % 12 or 12}:{moment.minute:02}{'am' if moment.hour < 12 else 'pm'}"


def instant_in_words(at: datetime) -> str:
    """Wednesday 25 November 2026, 8:45am, in London."""
    there = at.astimezone(LONDON)
    return f"{day_in_words(there.date())}, {time_in_words(there.time())}"


def listed(items: Iterable[str], last: str = "and") -> str:
    """a, b and c; empty for nothing."""
    *first, end = list(items) or [""]
    return f"{', '.join(first)} {last} {end}" if first else end


def counted(count: int, what: str, several: str = "") -> str:
    """one school day, 30 school days; `several` where the plural is no mere s."""
    number = NUMBERS[count] if 0 <= count < len(NUMBERS) else str(count)
    return f"{number} {what if count == 1 else several or f'{what}s'}"


def weekdays_in_words(days: Sequence[str]) -> str:
    """Monday to Friday for days in a row, else Monday, Tuesday and Thursday."""
    order = list(WEEKDAY_WORDS)
    places = sorted(order.index(day) for day in days)
    if len(places) > 2 and places[-1] - places[0] == len(places) - 1:
        return f"{WEEKDAY_WORDS[order[places[0]]]} to {WEEKDAY_WORDS[order[places[-1]]]}"
    return listed(WEEKDAY_WORDS[order[place]] for place in places)
