"""Facts: what the rules look at, a room a subject, one file for facts that belong together: their shapes, and how they
are derived from a case.

A fact is derived from a case at an instant and never reads a clock. After a placement is closed only facts for the rules
that run on are derived. A file here names its facts in `SOURCES` (or `OF_SCHOOL`); that is all it takes to be found.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from importlib import import_module
from pkgutil import walk_packages
from typing import NamedTuple

from offsite.case.across import Across
from offsite.case.case import Case
from offsite.case.direction.terms import closed
from rules.judge import Fact
from rules.language import FactKind

Derive = Callable[[Case, datetime], Iterator[Fact]]


class Source(NamedTuple):
    """How facts of some kinds are derived, and whether they are after the placement is closed."""

    kinds: frozenset[type[FactKind]]
    derive: Derive
    runs_on: bool


class SchoolSource(NamedTuple):
    """How facts of a kind are derived that are about a school, or a provider across all of its placements."""

    kind: type[FactKind]
    derive: Callable[[Across, datetime], Iterator[Fact]]


_MODULES = [import_module(name) for name in sorted(found.name for found in walk_packages(__path__, f"{__name__}."))]
SOURCES = tuple(
    Source(frozenset(kinds), derive, runs_on)
    for module in _MODULES
    for kinds, derive, runs_on in getattr(module, "SOURCES", ())
)
OF_SCHOOL = tuple(SchoolSource(*source) for module in _MODULES for source in getattr(module, "OF_SCHOOL", ()))
SCHOOL_KINDS = frozenset(source.kind for source in OF_SCHOOL)
KINDS = frozenset(kind for source in SOURCES for kind in source.kinds) | SCHOOL_KINDS


def facts_of_case(case: Case, at: datetime, kinds: Collection[type[FactKind]] = KINDS) -> Iterator[Fact]:
    """The facts of a placement at an instant, of the kinds asked for."""
    over = closed(case) is not None
    for source in SOURCES:
        if (source.runs_on or not over) and not source.kinds.isdisjoint(kinds):
            yield from source.derive(case, at)


def facts_of_school(across: Across, at: datetime, kinds: Collection[type[FactKind]] = KINDS) -> Iterator[Fact]:
    """The facts of a school itself, and of providers across its placements, at an instant."""
    for source in OF_SCHOOL:
        if source.kind in kinds:
            yield from source.derive(across, at)
