"""Facts: what the rules look at, one file a subject, each with the shapes and how they are derived from a case.

A fact is derived from a case at an instant and never reads a clock. After a placement is closed only facts for the rules
that run on are derived.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from offsite.case.case import Case, SchoolFile
from offsite.case.terms import closed
from rules.facts import (
    concerns,
    decisions,
    half_terms,
    length,
    marks,
    notice,
    period,
    planning,
    progress,
    returning,
    reviews,
    school,
    sessions,
    setting_up,
)
from rules.judge import Fact
from rules.language import FactKind

Derive = Callable[[Case, datetime], Iterator[Fact]]


class Source(NamedTuple):
    """How facts of some kinds are derived, and whether they are after the placement is closed."""

    kinds: frozenset[type[FactKind]]
    derive: Derive
    runs_on: bool


SOURCES = tuple(
    Source(frozenset(kinds), derive, runs_on)
    for module in (
        notice,
        setting_up,
        planning,
        reviews,
        decisions,
        half_terms,
        period,
        length,
        progress,
        returning,
        sessions,
        marks,
        concerns,
    )
    for kinds, derive, runs_on in module.SOURCES
)
KINDS = frozenset(kind for source in SOURCES for kind in source.kinds) | {school.CalendarFacts}


def facts_of_case(case: Case, at: datetime, kinds: Collection[type[FactKind]] = KINDS) -> Iterator[Fact]:
    """The facts of a placement at an instant, of the kinds asked for."""
    over = closed(case) is not None
    for source in SOURCES:
        if (source.runs_on or not over) and not source.kinds.isdisjoint(kinds):
            yield from source.derive(case, at)


def facts_of_school(file: SchoolFile, at: datetime, kinds: Collection[type[FactKind]] = KINDS) -> Iterator[Fact]:
    """The facts of a school itself at an instant."""
    if school.CalendarFacts in kinds:
        yield from school.derive(file, at)
