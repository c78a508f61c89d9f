"""The chronology of a placement, entry by entry, with the mark of how far it was verified."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from offsite.case.case import Case
from offsite.letters.letter import Letter
from offsite.letters.records.record import Section, of_placement
from offsite.letters.words import counted


@dataclass(frozen=True)
class Entry:
    """One entry of the chronology, as it may be printed."""

    number: int
    happened: str
    what: str
    by: str
    note: str


@dataclass(frozen=True)
class Verified:
    """How far the school's chain of entries was walked when the document was made, and where it did not hold."""

    first: int
    last: int
    breaks: Sequence[str]


def chronology_record(case: Case, entries: Iterable[Entry], verified: Verified, at: datetime, head: str = "") -> Letter:
    """The chronology of a placement. Where the chain does not hold, it says so before anything else."""
    rows = tuple((str(e.number), e.happened, e.what, e.by, e.note) for e in entries)
    walked = counted(verified.last - verified.first + 1, "entry", "entries")
    said: tuple[str, ...] = (
        f"Verified when this was made: {walked} of the school's chronology, from entry {verified.first}, where this placement "
        f"begins, to entry {verified.last}, the newest.",
        "Each gives the hash it bears and names the hash of the one before it; none is missing between them. "
        "Earlier entries were not walked for this document.",
    )
    warning = ""
    if verified.breaks:
        found = "; ".join(verified.breaks)
        warning = f"The chronology does not hold. {found}. Do not rely on this document before that is explained."
        said = (f"Walked when this was made: {walked}, from entry {verified.first} to entry {verified.last}.",)
    table = Section("Entries", heads=("Entry", "Happened", "What", "By", "Note"), rows=rows)
    mark = Section("Verification", lines=said)
    return of_placement("chronology", "Chronology", case, at, (mark, table), head, warning=warning)
