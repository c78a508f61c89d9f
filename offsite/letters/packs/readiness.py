"""The evidence on readiness to return, as a paper for the people who assess it. Advice, never a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.encrypted_text import Texts
from offsite.case.case import Case
from offsite.case.direction.readiness import Evidence, criteria_agreed
from offsite.law.london import day_of
from offsite.letters.letter import Blanks, Foot, Letter, compose
from offsite.letters.words import day_in_words

VERDICTS = {"met": "met", "not_met": "not met", "cannot_tell": "cannot tell"}


@dataclass(frozen=True)
class ReadinessFields:
    """What the paper says, in words."""

    school: str
    pupil: str
    reference: str
    agreed: bool
    """Whether the criteria are the plan's own; else the default ones are shown."""
    evidence: tuple[tuple[str, str, str], ...]
    """Criterion, verdict, figures."""


def draft_readiness(case: Case, evidence: Sequence[Evidence], texts: Texts, at: datetime, head: str = "") -> Letter:
    """Draft the paper. Raises TextUnreadable where a criterion of the plan's own cannot be opened."""
    fields = ReadinessFields(
        school=case.school.details_on(day_of(at)).name,
        pupil=case.pupil.details.name,
        reference=case.ref,
        agreed=criteria_agreed(case),
        evidence=tuple(
            ((texts.open(e.criterion, case.pupil.id) or "").replace("_", " "), VERDICTS[e.verdict], e.figures) for e in evidence
        ),
    )
    return compose("readiness", case.ref, fields, Foot(case.ref, day_in_words(day_of(at)), head), Blanks())
