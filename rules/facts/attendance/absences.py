"""Facts about absence that is returned or considered by law: spells, sickness, the penalty notice threshold."""

from collections.abc import Iterator
from datetime import date, datetime

from models.placement import StatutoryStep
from offsite.case.attendance.penalty import earliest_window
from offsite.case.attendance.spells import SICK, UNAUTHORISED, UNEXPLAINED_OR_HOLIDAY, Spell, days_with, spells, spells_watched
from offsite.case.attendance.tally import together
from offsite.case.case import Case, MarkRow, Slot
from offsite.case.direction.terms import closed, planned_start
from offsite.law.calendars import school_year, school_year_name
from offsite.law.london import day_of
from offsite.law.parameters import parameter
from offsite.law.regimes import ATTENDANCE_2024
from rules.facts.words import day_in_words
from rules.judge import Fact
from rules.language import FactKind, flag, number

Marks = list[tuple[Slot, MarkRow]]


class UnauthorisedSpellFacts(FactKind):
    """One a spell of unauthorised absence, long enough to be returned to the authority."""

    kind = "unauthorised_spell"
    days = number("school days in the spell", unit="school days")
    returned = flag("a return of the absence is recorded, on or after its first day")


class LongSpellFacts(FactKind):
    """One a spell of absence on holiday or without a reason, long enough for joint enquiries."""

    kind = "long_spell"
    days = number("school days in the spell", unit="school days")
    enquired = flag("enquiries are recorded, on or after its first day")


class SicknessFacts(FactKind):
    """One a school year in which the pupil was ill."""

    kind = "sickness"
    longest = number("school days of illness on end this school year", unit="school days")
    total = number("school days of illness this school year", unit="school days")
    returned = flag("a return of the sickness is recorded this school year")


class PenaltyFacts(FactKind):
    """One the earliest window not yet considered in which the threshold is reached."""

    kind = "penalty"
    sessions = number("unauthorised sessions within ten school weeks", unit="sessions")


def derive(case: Case, at: datetime) -> Iterator[Fact]:
    """All of these, from one pass over the marks; nothing for a pupil with no such absence."""
    ended = closed(case)
    last = day_of(ended.happened_at) if ended else day_of(at)
    marks: Marks = [(slot, mark) for slot, mark in together(case, ATTENDANCE_2024, last)]
    missed = [slot for slot, mark in marks if mark.code in UNAUTHORISED]
    if missed:
        yield from _spells(case, marks)
        yield from _penalty(case, missed)
    first, _ = school_year(last)
    if any(mark.code in SICK for slot, mark in marks if slot[0] >= first):
        yield _sickness(case, [row for row in marks if row[0][0] >= first], last)


def _spells(case: Case, marks: Marks) -> Iterator[Fact]:
    ten = parameter("absence_return", ATTENDANCE_2024).value
    for spell in spells_watched(case, marks, UNAUTHORISED, ten):
        yield Fact(
            UnauthorisedSpellFacts,
            UnauthorisedSpellFacts.values(days=len(spell.days), returned=_taken(case, "absence", spell.first)),
            spell.first.isoformat(),
            spell.first,
            False,
            lambda spell=spell: _spell_words(spell),  # type: ignore[misc]
        )
    fifteen = parameter("enquiries_reminder", ATTENDANCE_2024).value
    for spell in spells_watched(case, marks, UNEXPLAINED_OR_HOLIDAY, fifteen):
        yield Fact(
            LongSpellFacts,
            LongSpellFacts.values(days=len(spell.days), enquired=_taken(case, "enquiries", spell.first)),
            spell.first.isoformat(),
            spell.first,
            False,
            lambda spell=spell: _spell_words(spell),  # type: ignore[misc]
        )


def _spell_words(spell: Spell) -> dict[str, object]:
    return {"days": len(spell.days), "first": day_in_words(spell.first), "last": day_in_words(spell.days[-1])}


def _penalty(case: Case, missed: list[Slot]) -> Iterator[Fact]:
    ten, weeks = (parameter(name, ATTENDANCE_2024).value for name in ("penalty_sessions", "penalty_weeks"))
    considered = [day_of(row.happened_at) for row in case.of(StatutoryStep) if row.kind == "penalty_notice_considered"]
    days = case.school.school_days.days_between(min(missed)[0], max(missed)[0])
    window = earliest_window(missed, days, considered, ten, weeks)
    if window is None or window.last < max(case.watch_from, planned_start(case)):
        return
    yield Fact(
        PenaltyFacts,
        PenaltyFacts.values(sessions=window.sessions),
        window.monday.isoformat(),
        window.last,
        False,
        lambda: {"sessions": window.sessions, "first": day_in_words(window.monday), "last": day_in_words(window.last)},
    )


def _sickness(case: Case, marks: Marks, last: date) -> Fact:
    first, _ = school_year(last)
    longest = max((len(spell.days) for spell in spells(case, marks, SICK, 1)), default=0)
    total = days_with(marks, SICK)
    return Fact(
        SicknessFacts,
        SicknessFacts.values(longest=longest, total=total, returned=_taken(case, "sickness", first)),
        school_year_name(last),
        last,
        False,
        lambda: {"longest": longest, "total": total},
    )


def _taken(case: Case, kind: str, since: date) -> bool:
    return any(row.kind == kind and day_of(row.happened_at) >= since for row in case.of(StatutoryStep))


SOURCES = (((UnauthorisedSpellFacts, LongSpellFacts, SicknessFacts, PenaltyFacts), derive, True),)
