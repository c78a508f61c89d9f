"""Facts about setting up: the plan, the provider's checks, dual registration, the start."""

from collections.abc import Iterator
from datetime import date, datetime

from models.placement import Registration
from offsite.case.attendance.sessions import session_times
from offsite.case.case import SESSIONS, WEEKDAYS, Case
from offsite.case.direction.enforceable import is_school
from offsite.case.direction.plans import agreed_plan
from offsite.case.direction.terms import determination, planned_start, started, terms
from offsite.case.reached import reached
from offsite.case.safeguarding.checks import confirmed, never_verified
from offsite.case.safeguarding.vulnerability import vulnerable
from offsite.law.london import day_of
from offsite.law.parameters import parameter
from rules.facts.words import day_in_words
from rules.judge import Fact
from rules.language import FactKind, flag, number


class PlanFacts(FactKind):
    """One a placement: whether the plan is agreed in time."""

    kind = "plan"
    day_come = flag("the fifth school day before the start has come", may_be_unknown=True)
    agreed = flag("objectives, each with measure and date, are agreed in writing by school and provider")


class ProviderFacts(FactKind):
    """One a placement: how the checks of its provider stand."""

    kind = "provider"
    day_come = flag("the fifth school day before the start has come", may_be_unknown=True)
    never_verified = number("items a-m that were never verified", unit="items")
    confirmed = flag("a verified and unexpired written safeguarding confirmation is on record")
    started = flag("the pupil has started")


class RegistrationFacts(FactKind):
    """One a placement: dual registration."""

    kind = "registration"
    determined = flag("the direction is determined")
    school = flag("the provider is a school")
    start_come = flag("the planned start day has come")
    registered = flag("the pupil is registered there")


class StartFacts(FactKind):
    """One a placement: whether the first day passed without a word."""

    kind = "start"
    determined = flag("the direction is determined")
    started = flag("a start is recorded")
    minutes_since_first_session = number(
        "minutes since the first session of the planned start day began",
        unit="minutes",
        may_be_unknown=True,
        known_by="attendance",
    )


def derive_plan(case: Case, at: datetime) -> Iterator[Fact]:
    """The plan against the fifth school day before the start."""
    start = planned_start(case)
    yield Fact(
        PlanFacts,
        PlanFacts.values(day_come=_fifth_day_before(case, at), agreed=agreed_plan(case) is not None),
        case.ref,
        day_of(at),
        False,
        lambda: {"start": day_in_words(start)},
    )


def derive_provider(case: Case, at: datetime) -> Iterator[Fact]:
    """The checks against the fifth school day before the start."""
    today, start, lacking = day_of(at), planned_start(case), never_verified(case.provider)
    yield Fact(
        ProviderFacts,
        ProviderFacts.values(
            day_come=_fifth_day_before(case, at),
            never_verified=len(lacking),
            confirmed=confirmed(case.provider, today),
            started=started(case) is not None,
        ),
        case.provider.ref,
        today,
        False,
        lambda: {"lacking": ", ".join(lacking) or "none", "start": day_in_words(start)},
    )


def derive_registration(case: Case, at: datetime) -> Iterator[Fact]:
    """Registration at a receiving school, by the start."""
    today, start = day_of(at), planned_start(case)
    yield Fact(
        RegistrationFacts,
        RegistrationFacts.values(
            determined=determination(case) is not None,
            school=is_school(case, today),
            start_come=today >= start,
            registered=bool(case.of(Registration)),
        ),
        case.ref,
        max(start, date.min),
        False,
        lambda: {"start": day_in_words(start)},
    )


def derive_start(case: Case, at: datetime) -> Iterator[Fact]:
    """The first session of the planned start day, and what was recorded since."""
    start = planned_start(case)
    begins = _first_session(case, start)
    minutes = None if begins is None else int((at - begins).total_seconds() // 60)
    if minutes is None and day_of(at) < start:
        minutes = -1
    yield Fact(
        StartFacts,
        StartFacts.values(
            determined=determination(case) is not None,
            started=started(case) is not None,
            minutes_since_first_session=minutes,
        ),
        case.ref,
        start,
        vulnerable(case, day_of(at)),
        lambda: {"start": day_in_words(start)},
    )


def _first_session(case: Case, day: date) -> datetime | None:
    timetable = terms(case).sessions.get(WEEKDAYS[day.weekday()], [])
    times = [session_times(case, (day, s)) for s in SESSIONS if s in timetable or not timetable]
    return min((found[0] for found in times if found), default=None)


def _fifth_day_before(case: Case, at: datetime) -> bool | None:
    start, days = planned_start(case), parameter("plan_agreed", date(2010, 9, 1)).value
    return reached(case, day_of(at), lambda: case.school.school_days.before(start, days))


SOURCES = (
    ((PlanFacts,), derive_plan, False),
    ((ProviderFacts,), derive_provider, False),
    ((RegistrationFacts,), derive_registration, False),
    ((StartFacts,), derive_start, False),
)
