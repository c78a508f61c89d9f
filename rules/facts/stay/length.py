"""Facts about how long and how much a pupil is at the provider."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from models.placement import Partnership
from offsite.case.attendance.hours import minutes_a_week
from offsite.case.case import Case
from offsite.case.direction.enforceable import is_school
from offsite.case.direction.terms import start_day, terms
from offsite.case.reached import reached
from offsite.case.settings import setting
from offsite.law.calendars import CalendarTooShort
from offsite.law.london import day_of
from offsite.law.parameters import parameter
from rules.facts.words import day_in_words
from rules.judge import Fact
from rules.language import FactKind, flag, number

ONE_DAY = timedelta(days=1)


class LengthFacts(FactKind):
    """One a started placement: how long it has run."""

    kind = "length"
    days_over_maximum = number("school days since the start past the agreed maximum", unit="school days", may_be_unknown=True)
    school = flag("the provider is a school")
    sixtieth_day_passed = flag("the sixtieth school day after the start has passed", may_be_unknown=True)
    partnership = flag("a working partnership is recorded")


class WeekFacts(FactKind):
    """One a placement: what is planned at the provider in a week, and for how long so far."""

    kind = "week"
    school = flag("the provider is a school")
    over_threshold = flag("planned hours there exceed the threshold of the school or its authority", may_be_unknown=True)
    sessions = number("sessions a week at the provider", unit="sessions")
    days_since_start = number("days since the start; -1 before it", unit="calendar days")


def derive_length(case: Case, at: datetime) -> Iterator[Fact]:
    """Once started: school days from the start to today, both counted."""
    today, begun = day_of(at), start_day(case)
    if begun is None:
        return
    days, maximum = case.school.school_days, terms(case).maximum_days
    run: int | None
    try:
        days.is_school_day(today)
        run = len(days.days_between(begun, today))
    except CalendarTooShort:
        run = None
    sixty = parameter("partnership", max(begun, date(2010, 9, 1))).value
    yield Fact(
        LengthFacts,
        LengthFacts.values(
            days_over_maximum=None if run is None else run - maximum,
            school=is_school(case, today),
            sixtieth_day_passed=reached(case, today, lambda: days.after(begun, sixty) + ONE_DAY),
            partnership=bool(case.of(Partnership)),
        ),
        case.ref,
        today,
        False,
        lambda: {"start": day_in_words(begun), "run": run, "maximum": maximum},
    )


def derive_week(case: Case, at: datetime) -> Iterator[Fact]:
    """The timetable at the provider."""
    today, begun = day_of(at), start_day(case)
    minutes, hours = minutes_a_week(case, today), setting(case.school, "hours_threshold", today)
    sessions = sum(len(wanted) for wanted in terms(case).sessions.values())
    yield Fact(
        WeekFacts,
        WeekFacts.values(
            school=is_school(case, today),
            over_threshold=None if minutes is None else minutes > hours * 60,
            sessions=sessions,
            days_since_start=-1 if begun is None else (today - begun).days,
        ),
        case.ref,
        today,
        False,
        lambda: {"minutes": minutes, "hours": hours, "sessions": sessions, "start": day_in_words(begun)},
    )


SOURCES = (((LengthFacts,), derive_length, False), ((WeekFacts,), derive_week, False))
