"""Spells of absence, counted in school days.

A spell is a run of consecutive school days that count; a day counts where all its possible sessions do. A day without a
possible session is skipped, an unmarked one ends the spell.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from offsite.case.attendance.tally import POSSIBLE, klass
from offsite.case.case import Case, MarkRow, Slot
from offsite.case.direction.terms import planned_start

UNAUTHORISED = frozenset({"G", "N", "O", "U"})
"""Absence that is returned to the authority after ten days (SI 2024/208 reg 13(7)(b))."""
UNEXPLAINED_OR_HOLIDAY = frozenset({"G", "N", "O"})
"""Absence that after twenty days allows deletion from the register, once enquiries were made (reg 9(1)(i))."""
SICK = frozenset({"I"})


class Spell(NamedTuple):
    """Days of absence on end, oldest first."""

    days: tuple[date, ...]

    @property
    def first(self) -> date:
        """Its first day."""
        return self.days[0]


def spells(case: Case, marks: Iterable[tuple[Slot, MarkRow]], codes: Collection[str], at_least: int) -> Iterator[Spell]:
    """The spells of at least so many school days on which every possible session has one of the codes, oldest first.

    `marks` are each session once (offsite.case.attendance.together).
    """
    once = list(marks)
    if len({day for (day, _), mark in once if mark.code in codes}) < at_least:
        return  # as it is with nearly every pupil
    by_day: defaultdict[date, list[str]] = defaultdict(list)
    for (day, _), mark in once:
        if klass(mark.code, day) in POSSIBLE:
            by_day[day].append(mark.code)
        else:
            by_day[day] += ()
    counting = {day for day, found in by_day.items() if found and all(code in codes for code in found)}
    if len(counting) < at_least:
        return
    run: list[date] = []
    for day in case.school.school_days.days_between(min(counting), max(counting)):
        if day in counting:
            run.append(day)
        elif by_day.get(day, [""]):  # unmarked, or a possible session has another code
            if len(run) >= at_least:
                yield Spell(tuple(run))
            run = []
    if len(run) >= at_least:
        yield Spell(tuple(run))


def spells_watched(case: Case, marks: Iterable[tuple[Slot, MarkRow]], codes: Collection[str], at_least: int) -> Iterator[Spell]:
    """Those spells that reach into the placement, and into the time the rules watch."""
    since = max(case.watch_from, planned_start(case))
    return (spell for spell in spells(case, marks, codes, at_least) if spell.days[-1] >= since)


def days_with(marks: Iterable[tuple[Slot, MarkRow]], codes: Collection[str]) -> int:
    """On how many days every possible session has one of the codes."""
    by_day: defaultdict[date, list[bool]] = defaultdict(list)
    for (day, _), mark in marks:
        if klass(mark.code, day) in POSSIBLE:
            by_day[day].append(mark.code in codes)
    return sum(all(found) for found in by_day.values())
