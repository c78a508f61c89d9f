"""Days by which a stage's tasks are due. None where the calendar on file does not reach: nobody guesses."""

from collections.abc import Callable
from datetime import date

from offsite.case.case import Case
from offsite.case.direction.terms import planned_start
from offsite.case.settings import setting
from offsite.law.calendars import CalendarTooShort
from offsite.law.clock import notice


def or_none(sought: Callable[[], date | None]) -> date | None:
    """The day sought; None where the calendar is too short."""
    try:
        return sought()
    except CalendarTooShort:
        return None


def before_start(case: Case, school_days: int) -> date | None:
    """So many school days before the planned start."""
    return or_none(lambda: case.school.school_days.before(planned_start(case), school_days))


def notice_due(case: Case) -> date | None:
    """The day the notice is due: by the careful reading, unless the school chose the plain one."""
    start = planned_start(case)
    reading = str(setting(case.school, "notice_reading", start))
    return or_none(lambda: notice(start, case.school.school_days, reading).due)
