"""Facts about half terms: was a review held in it, did somebody visit."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from models.attendance import Visit
from models.placement import Hold, ReturnStep
from offsite.case.case import Case
from offsite.case.direction.terms import back_full_time, on_hold, start_day
from offsite.case.governors.reviews import reviews
from offsite.case.reached import reached
from offsite.case.settings import setting
from offsite.law.calendars import HalfTerm
from offsite.law.london import day_of, instant_of
from offsite.law.parameters import parameter
from rules.facts.words import day_in_words
from rules.judge import Fact
from rules.language import FactKind, flag, number

NOON = time(12)
ONE_DAY = timedelta(days=1)
VISIT_EVERY = {"half-termly": None, "monthly": 28, "fortnightly": 14, "weekly": 7}
"""Calendar days between visits by the school's setting; half-termly has no number of its own."""


class HalfTermFacts(FactKind):
    """One the half term that runs, or has just ended: a review in it?"""

    kind = "half_term"
    started_by_then = flag("the pupil started on or before its first school day")
    days_to_end = number("days from today to its last day", unit="calendar days")
    reviewed_or_set = flag("a review was held in it, or is set to meet in it")


class PastHalfTermFacts(FactKind):
    """One a half term after which another has begun: was a review held in it?"""

    kind = "past_half_term"
    started_by_then = flag("the pupil started on or before its first school day")
    attended_throughout = flag("the pupil attended off-site throughout it")
    reviewed = flag("a review was held in it")


class VisitFacts(FactKind):
    """One the half term that runs, or has just ended: did somebody visit?"""

    kind = "visit"
    visited_since_start = flag("a visit since the start is recorded")
    tenth_day_passed = flag("the tenth school day after the start has passed", may_be_unknown=True)
    started_before = flag("the pupil started before this half term")
    visited_in_it = flag("a visit in this half term is recorded")
    near_its_end = flag("the tenth school day before its last day has passed", may_be_unknown=True)
    interval_passed = flag("the school's own interval since the last visit has passed")


def _first_school_day(case: Case, half: HalfTerm) -> date:
    return next(iter(case.school.school_days.days_between(half.first, half.last)), half.first)


def _running(case: Case, today: date) -> tuple[HalfTerm, HalfTerm | None] | None:
    """The half term that has begun last, with the next one on file; none before the first."""
    begun = [half for half in case.school.school_days.half_terms if _first_school_day(case, half) <= today]
    if not begun:
        return None
    return begun[-1], case.school.school_days.next_half_term(begun[-1].last)


def derive_running(case: Case, at: datetime) -> Iterator[Fact]:
    """The half term that runs, until the first school day of the next."""
    today, begun = day_of(at), start_day(case)
    running = _running(case, today)
    if running is None or begun is None:
        return
    half, _ = running
    meets = any(found.state != "cancelled" and half.first <= found.met_on <= half.last for found in reviews(case))
    yield Fact(
        HalfTermFacts,
        HalfTermFacts.values(
            started_by_then=begun <= _first_school_day(case, half),
            days_to_end=(half.last - today).days,
            reviewed_or_set=meets,
        ),
        half.first.isoformat(),
        today,
        False,
        lambda: {"first": day_in_words(half.first), "last": day_in_words(half.last)},
    )


def derive_past(case: Case, at: datetime) -> Iterator[Fact]:
    """Half terms that another has followed: the last, and every one since the rules began to watch."""
    today, begun = day_of(at), start_day(case)
    running = _running(case, today)
    if running is None or begun is None:
        return
    past = [half for half in case.school.school_days.half_terms if half.last < running[0].first]
    held = [found.met_on for found in reviews(case) if found.held]
    for half in past:
        if half.last < begun or (half.last < case.watch_from and half is not past[-1]):
            continue
        yield Fact(
            PastHalfTermFacts,
            PastHalfTermFacts.values(
                started_by_then=begun <= _first_school_day(case, half),
                attended_throughout=_attended_throughout(case, half),
                reviewed=any(half.first <= day <= half.last for day in held),
            ),
            half.first.isoformat(),
            half.last,
            False,
            lambda half=half: {"first": day_in_words(half.first), "last": day_in_words(half.last)},  # type: ignore[misc]
        )


def _attended_throughout(case: Case, half: HalfTerm) -> bool:
    """Not on hold and not back full-time on any school day of it."""
    if not case.of(Hold) and not case.of(ReturnStep):
        return True
    noons = [instant_of(day, NOON) for day in case.school.school_days.days_between(half.first, half.last)]
    return not any(on_hold(case, noon) or back_full_time(case, noon) for noon in noons)


def derive_visits(case: Case, at: datetime) -> Iterator[Fact]:
    """Visits against the start, the half term that runs, and the school's own interval where it has one."""
    today, begun = day_of(at), start_day(case)
    running = _running(case, today)
    if running is None or begun is None:
        return
    half, days = running[0], case.school.school_days
    visits = [day for row in case.of(Visit) if (day := day_of(row.happened_at)) >= begun]
    after, before = parameter("first_visit", date(2010, 9, 1)).value, parameter("visit_before_end", date(2010, 9, 1)).value
    every = VISIT_EVERY[setting(case.school, "visits", today)]
    yield Fact(
        VisitFacts,
        VisitFacts.values(
            visited_since_start=bool(visits),
            tenth_day_passed=reached(case, today, lambda: days.after(begun, after) + ONE_DAY),
            started_before=begun < half.first,
            visited_in_it=any(half.first <= day <= half.last for day in visits),
            near_its_end=reached(case, today, lambda: days.before(half.last, before) + ONE_DAY),
            interval_passed=every is not None and (today - max([begun, *visits])).days > every,
        ),
        half.first.isoformat(),
        today,
        False,
        lambda: {"last": day_in_words(max(visits, default=None)), "first": day_in_words(half.first)},
    )


SOURCES = (
    ((HalfTermFacts,), derive_running, False),
    ((PastHalfTermFacts,), derive_past, False),
    ((VisitFacts,), derive_visits, False),
)
