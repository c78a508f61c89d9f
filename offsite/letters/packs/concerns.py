"""What a pack says of safeguarding concerns: as much as its reader may see (domain.md, 9), and of none that is kept from them.

Governors and head: how many, how they stand, and the summary agreed for them. SENCO: whether one is open. The safeguarding
lead alone: the words. Whom a concern is against is never told of it; a pack that is filed for several readers leaves out
what is raised against anybody, and says so in every pack, so that the sentence tells nothing.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from models.concern import ConcernClosure, Triage
from models.encrypted_text import Texts
from offsite.access.sight import Concerns
from offsite.case.case import Case
from offsite.case.safeguarding.concerns import ConcernFile, concerns
from offsite.law.london import day_of
from offsite.letters.words import counted, day_in_words

SPEAKS = "The safeguarding lead speaks to concerns at the meeting. What is raised against a person is not in this pack."
HEADS = ("Concern", "Raised", "How it stands", "What was raised", "What was decided")


@dataclass(frozen=True)
class ConcernWords:
    """What is said: lines, and for the safeguarding lead a table."""

    lines: tuple[str, ...]
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def against_nobody(case: Case) -> frozenset[str]:
    """The names of the concerns that are against no person and no role: those that a pack for several readers may count."""
    return frozenset(concern.name for concern in concerns(case) if concern.raised.against is None)


def concerns_in_words(case: Case, texts: Texts, level: Concerns, told: Collection[str]) -> ConcernWords:
    """What a reader who sees as much as `level` is told of the concerns named in `told`. Raises TextUnreadable."""
    found = [concern for concern in concerns(case) if concern.name in told]
    still_open = sum(not concern.closed for concern in found)
    if level >= Concerns.ALL:
        rows = tuple(_row(case, texts, concern) for concern in found)
        return ConcernWords(("None on record.",)) if not rows else ConcernWords((), HEADS, rows)
    if level >= Concerns.SUMMARY:
        standing = f"{counted(len(found), 'concern')} raised, {still_open} open.".capitalize()
        return ConcernWords((standing, *_summaries(case, texts, found), SPEAKS))
    if level >= Concerns.FLAG:
        return ConcernWords(("A concern is open." if still_open else "No open concern may be shown here.", SPEAKS))
    return ConcernWords((SPEAKS,))


def _summaries(case: Case, texts: Texts, found: Sequence[ConcernFile]) -> Iterator[str]:
    for concern in found:
        agreed = [row.summary for row in _decisions(case, concern) if row.summary]
        said = _opened(case, texts, concern, agreed[-1]) if agreed else "no summary is agreed for this meeting."
        yield f"Raised on {day_in_words(_raised(concern))}, {_standing(concern)}: {said}"


def _row(case: Case, texts: Texts, concern: ConcernFile) -> tuple[str, ...]:
    decided = [_opened(case, texts, concern, row.decision) for row in _decisions(case, concern) if row.decision]
    return (
        f"{concern.name}: {concern.raised.kind.replace('_', ' ')}, about the {concern.raised.about}",
        day_in_words(_raised(concern)),
        _standing(concern),
        _opened(case, texts, concern, concern.raised.text) or "no words",
        "; ".join(decided) or "nothing yet",
    )


def _decisions(case: Case, concern: ConcernFile) -> list[Triage | ConcernClosure]:
    rows: list[Triage | ConcernClosure] = [*case.of(Triage), *case.of(ConcernClosure)]
    return [row for row in rows if row.concern == concern.name]


def _opened(case: Case, texts: Texts, concern: ConcernFile, sealed: str | None) -> str:
    """A concern about a placement is sealed with the pupil's key, one about a provider with the school's."""
    return texts.open(sealed, case.pupil.id if concern.raised.placement_id is not None else None) or ""


def _raised(concern: ConcernFile) -> date:
    return day_of(concern.raised.happened_at)


def _standing(concern: ConcernFile) -> str:
    return "closed" if concern.closed else "triaged, open" if concern.triaged else "not triaged yet"
