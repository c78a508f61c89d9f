"""Facts about the pupil's circumstances: what changed during the placement."""

from collections.abc import Iterator
from datetime import datetime

from models.placement import RiskAssessment, Terms
from models.pupil import PupilAttribute
from offsite.case.case import Case
from offsite.law.london import day_of
from rules.facts.words import day_in_words
from rules.judge import Fact
from rules.language import FactKind, flag

LOOKED_AT = {
    "social_worker": "a social worker",
    "child_protection_plan": "a child protection plan",
    "looked_after": "looked-after status",
    "ehc_plan": "an EHC plan",
}


class CircumstanceFacts(FactKind):
    """One a circumstance that the pupil gained or lost during the placement."""

    kind = "circumstance"
    reassessed = flag("a renewed risk assessment is recorded since")


def derive(case: Case, at: datetime) -> Iterator[Fact]:
    """The last change of each circumstance since the placement was proposed."""
    proposed = case.of(Terms)[0].happened_at
    held: dict[str, bool] = {}
    changed: dict[str, PupilAttribute] = {}
    for row in case.pupil.rows.of(PupilAttribute):
        if row.attribute in LOOKED_AT and row.holds != held.get(row.attribute, False):
            held[row.attribute] = row.holds
            if not row.at_entry and row.happened_at >= proposed and row.happened_at <= at:
                changed[row.attribute] = row
    for attribute, row in changed.items():
        assessed = any(done.happened_at >= row.happened_at for done in case.of(RiskAssessment))
        yield Fact(
            CircumstanceFacts,
            CircumstanceFacts.values(reassessed=assessed),
            attribute,
            day_of(row.happened_at),
            False,
            lambda row=row: {  # type: ignore[misc]
                "changed": f"{'gained' if row.holds else 'lost'} {LOOKED_AT[row.attribute]}",
                "since": day_in_words(row.from_day),
            },
        )


SOURCES = (((CircumstanceFacts,), derive, False),)
