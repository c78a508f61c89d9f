"""Instants and London days. Instants are UTC; days, and the times on a school's wall, are Europe/London."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def day_of(instant: datetime) -> date:
    """The London day of an instant."""
    return instant.astimezone(LONDON).date()


def instant_of(day: date, at: time = time(0)) -> datetime:
    """The UTC instant at which London clocks show `at` on `day`; of the doubled hour in October, the first.

    A time that the change in March skips counts as an hour later, as clocks then show.
    """
    return datetime.combine(day, at, LONDON).astimezone(UTC)


def time_of(text: str) -> time:
    """The time of "08:45". Raises ValueError for anything else."""
    return time.fromisoformat(text)


def quarter_at_or_after(instant: datetime) -> datetime:
    """The next quarter of an hour, or the instant itself where it is one."""
    over = timedelta(minutes=instant.minute % 15, seconds=instant.second, microseconds=instant.microsecond)
    return instant if not over else instant - over + timedelta(minutes=15)
