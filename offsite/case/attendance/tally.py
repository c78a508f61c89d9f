"""Attendance, counted three ways: home register, provider's register, both together (domain.md, 6).

Together counts each session once: the home mark, unless that is D or missing, then the provider's. A possible session is
one with a mark of class P, A, AA or UA; an unmarked one is not counted. Missed is AA or UA.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from offsite.case.case import Case, MarkRow, Slot
from offsite.law.codes import code_on

ABSENT = frozenset({"AA", "UA"})
POSSIBLE = frozenset({"P", "A", "AA", "UA"})
UNEXPLAINED = frozenset({"N", "O", "U"})


class Tally(NamedTuple):
    """Counts of sessions."""

    possible: int
    missed: int


@lru_cache(maxsize=4096)
def klass(code: str, day: date) -> str:
    """The class of a code on a day: P, A, AA, UA or X."""
    return code_on(code, day).klass


def absent(mark: MarkRow, day: date) -> bool:
    """Whether a mark is an absence."""
    return klass(mark.code, day) in ABSENT


def without_reason(mark: MarkRow) -> bool:
    """Code N, O or U and no reason on the mark."""
    return mark.code in UNEXPLAINED and not mark.has_reason


def together(case: Case, first: date, last: date) -> Iterator[tuple[Slot, MarkRow]]:
    """Each marked session once, first to last day inclusive: the home mark unless D or missing, then the provider's."""
    home, there = case.home_marks, case.provider_marks
    for slot, mark in home.items():
        if first <= slot[0] <= last:
            if mark.code != "D":
                yield slot, mark
            elif slot in there:
                yield slot, there[slot]
    yield from ((slot, mark) for slot, mark in alone(there, first, last) if slot not in home)


def alone(marks: Mapping[Slot, MarkRow], first: date, last: date) -> Iterator[tuple[Slot, MarkRow]]:
    """Each session marked in one register, first to last day inclusive."""
    return ((slot, mark) for slot, mark in marks.items() if first <= slot[0] <= last)


def combined(case: Case, first: date, last: date) -> Tally:
    """Both registers together, first to last day inclusive."""
    return tally(together(case, first, last))


def in_register(marks: Mapping[Slot, MarkRow], first: date, last: date) -> Tally:
    """One register alone, first to last day inclusive."""
    return tally(alone(marks, first, last))


def tally(marks: Iterable[tuple[Slot, MarkRow]]) -> Tally:
    """Count possible and missed sessions."""
    possible = missed = 0
    for (day, _), mark in marks:
        found = klass(mark.code, day)
        possible += found in POSSIBLE
        missed += found in ABSENT
    return Tally(possible, missed)
