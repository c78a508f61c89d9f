"""Whether a day counted in school days has come, where the calendar may be too short to say.

Where today is on file and the sought day would lie before the calendar, it has come; otherwise a calendar that does not
reach gives None: cannot tell.
"""

from collections.abc import Callable
from datetime import date

from offsite.case.case import Case
from offsite.law.calendars import CalendarTooShort


def reached(case: Case, today: date, sought: Callable[[], date]) -> bool | None:
    """Whether today >= the sought day; None where the calendar cannot tell."""
    days = case.school.school_days
    try:
        return today >= sought()
    except CalendarTooShort as short:
        if short.first_on_file is not None and short.side == "before" and days.covers(today):
            return True
        return None


def days_from(case: Case, today: date, sought: Callable[[], date]) -> int | None:
    """Calendar days from the sought day to today (negative before it); None where the calendar cannot tell."""
    try:
        return (today - sought()).days
    except CalendarTooShort:
        return None


def told(sought: Callable[[], date]) -> date | None:
    """The sought day; None where the calendar cannot tell."""
    try:
        return sought()
    except CalendarTooShort:
        return None
