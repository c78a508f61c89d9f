"""The evidence on readiness to return, as a paper for the people who assess it. Advice, never a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.encrypted_text import Texts
from offsite.access.sight import Concerns
from offsite.case.case import Case
from offsite.case.direction.readiness import Evidence, criteria_agreed
from offsite.law.london import day_of
from offsite.letters.common import frame
from offsite.letters.letter import Blanks, Letter, compose

VERDICTS = {"met": "met", "not_met": "not met", "cannot_tell": "cannot tell"}
OF_CONCERNS = "no_critical_concern"
FOR_THE_LEAD = ("for the safeguarding lead to say", "ask the safeguarding lead: concerns are not counted in this paper")
"""Its figures would tell of concerns, and to whom a concern is against (domain.md, 9 and 10)."""


@dataclass(frozen=True)
class ReadinessFields:
    """What the paper says, in words."""

    school: str
    pupil: str
    agreed: bool
    """Whether the criteria are the plan's own; else the default ones are shown."""
    evidence: tuple[tuple[str, str, str], ...]
    """Criterion, verdict, figures."""


def draft_readiness(case: Case, evidence: Sequence[Evidence], texts: Texts, at: datetime, head: str = "") -> Letter:
    """Draft the paper. Raises TextUnreadable where a criterion of the plan's own cannot be opened."""
    day = day_of(at)
    fields = ReadinessFields(
        school=case.school.details_on(day).name,
        pupil=case.pupil.details.name,
        agreed=criteria_agreed(case),
        evidence=evidence_in_words(case, evidence, texts),
    )
    return compose("readiness", case.ref, fields, frame(case.school, case.ref, day, head), Blanks())


def evidence_in_words(
    case: Case, evidence: Sequence[Evidence], texts: Texts, level: Concerns = Concerns.SUMMARY
) -> tuple[tuple[str, str, str], ...]:
    """Criterion, verdict and figures, each in words; that on concerns in full for the safeguarding lead alone."""
    return tuple(
        (
            (texts.open(e.criterion, case.pupil.id) or "").replace("_", " "),
            *(FOR_THE_LEAD if e.criterion == OF_CONCERNS and level < Concerns.ALL else (VERDICTS[e.verdict], e.figures)),
        )
        for e in evidence
    )
