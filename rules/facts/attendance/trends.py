"""Facts about how attendance at the provider goes: the first sessions, the last weeks, the same session again and again."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from offsite.case.attendance.sessions import expected
from offsite.case.attendance.tally import ABSENT, POSSIBLE, in_register, klass
from offsite.case.case import SESSIONS, WEEKDAYS, Case
from offsite.case.direction.terms import planned_start
from offsite.case.safeguarding.vulnerability import vulnerable
from offsite.law.calendars import Session
from offsite.law.london import day_of
from offsite.law.parameters import parameter
from rules.facts.words import day_in_words
from rules.judge import Fact
from rules.language import FactKind, flag, number

ONE_DAY = timedelta(days=1)
OURS = date(2010, 9, 1)
"""The numbers here are ours, the same from the first day that any rule looks at."""
IN_WORDS = dict(zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))


class FirstSessionFacts(FactKind):
    """One a placement whose first sessions at the provider are marked: how they went."""

    kind = "first_sessions"
    marked = number("of the first ten possible sessions, those marked", unit="sessions")
    missed_in_a_row = number("the most missed in a row among them", unit="sessions")
    under_half = flag("fewer than half of them were attended")


class TrendFacts(FactKind):
    """One a placement with forty school days behind it: the last twenty beside the twenty before."""

    kind = "trend"
    possible_before = number("possible sessions at the provider in the twenty school days before", unit="sessions")
    possible_lately = number("possible sessions at the provider in the last twenty school days", unit="sessions")
    fallen = flag("attendance fell by fifteen percentage points or more")


class PatternFacts(FactKind):
    """One a weekday's session at the provider that was missed."""

    kind = "pattern"
    missed = number("of its last four occurrences, those missed", unit="occurrences")


def derive_start(case: Case, at: datetime) -> Iterator[Fact]:
    """The first possible sessions expected at the provider, each by its combined mark."""
    first, today = parameter("first_sessions", OURS).value, day_of(at)
    missed: list[bool] = []
    day = last = planned_start(case)
    while day <= today and len(missed) < first:
        for session in SESSIONS:
            found = _combined_class(case, day, session)
            if found in POSSIBLE and len(missed) < first and expected(case, (day, session)):
                missed.append(found in ABSENT)
                last = day
        day += ONE_DAY
    if not missed or last < case.watch_from:
        return
    attended = len(missed) - sum(missed)
    yield Fact(
        FirstSessionFacts,
        FirstSessionFacts.values(
            marked=len(missed), missed_in_a_row=_longest_run(missed), under_half=attended * 2 < len(missed)
        ),
        case.ref,
        today,
        any(missed) and vulnerable(case, today),
        lambda: {"marked": len(missed), "missed": sum(missed)},
    )


def _combined_class(case: Case, day: date, session: Session) -> str | None:
    mark = case.home_marks.get((day, session))
    if mark is None or mark.code == "D":
        mark = case.provider_marks.get((day, session))
    return None if mark is None else klass(mark.code, day)


def _longest_run(missed: list[bool]) -> int:
    longest = run = 0
    for one in missed:
        run = run + 1 if one else 0
        longest = max(longest, run)
    return longest


def derive_trend(case: Case, at: datetime) -> Iterator[Fact]:
    """The provider's register over the last school days that are over, and over as many before."""
    today, days = day_of(at), parameter("falling_window", OURS).value
    window = case.school.school_days.days_between(today - timedelta(200), today - ONE_DAY)[-2 * days :]
    if len(window) < 2 * days:
        return
    before = in_register(case.provider_marks, window[0], window[days - 1])
    lately = in_register(case.provider_marks, window[days], window[-1])
    fall = lately.missed * before.possible - before.missed * lately.possible
    points = parameter("falling_points", OURS).value
    fallen = before.possible * lately.possible > 0 and 100 * fall >= points * before.possible * lately.possible
    yield Fact(
        TrendFacts,
        TrendFacts.values(possible_before=before.possible, possible_lately=lately.possible, fallen=fallen),
        case.ref,
        today,
        fallen and vulnerable(case, today),
        lambda: {
            "before": f"{before.possible - before.missed} of {before.possible}",
            "lately": f"{lately.possible - lately.missed} of {lately.possible}",
        },
    )


def derive_patterns(case: Case, at: datetime) -> Iterator[Fact]:
    """Each weekday's session that was missed, by its last possible occurrences in the provider's register."""
    last, enough = parameter("pattern_occurrences", OURS).value, parameter("pattern_missed", OURS).value
    today = day_of(at)
    possible: defaultdict[tuple[int, Session], list[tuple[date, bool]]] = defaultdict(list)
    misses: defaultdict[tuple[int, Session], int] = defaultdict(int)
    for (day, session), mark in case.provider_marks.items():
        found = klass(mark.code, day)
        if found in POSSIBLE:
            possible[day.weekday(), session].append((day, found in ABSENT))
            misses[day.weekday(), session] += found in ABSENT
    for weekday, session in sorted(key for key, count in misses.items() if count >= enough):
        occurrences = sorted(possible[weekday, session])[-last:]
        missed = [day for day, absent in occurrences if absent]
        name = WEEKDAYS[weekday]
        yield Fact(
            PatternFacts,
            PatternFacts.values(missed=len(missed)),
            f"{name} {session}",
            today,
            len(missed) >= enough and vulnerable(case, today),
            lambda name=name, session=session, missed=missed, occurrences=occurrences: {  # type: ignore[misc]
                "session": f"{IN_WORDS[name]} {'morning' if session == 'am' else 'afternoon'}",
                "missed": len(missed),
                "seen": len(occurrences),
                "last": day_in_words(missed[-1] if missed else None),
            },
        )


SOURCES = (
    ((FirstSessionFacts,), derive_start, False),
    ((TrendFacts,), derive_trend, False),
    ((PatternFacts,), derive_patterns, False),
)
