"""Progress against the objectives of the plan: what was agreed, how it was assessed, how the provider rated it."""

from typing import NamedTuple

from models.encrypted_text import Texts
from models.plan import ObjectiveAssessment, ProgressReport
from offsite.case.case import Case
from offsite.case.direction.plans import agreed_plan, objectives
from offsite.letters.words import day_in_words

RESULTS = {"met": "met", "partly": "partly met", "not_met": "not met"}


class Progress(NamedTuple):
    """One objective, in words."""

    text: str
    measured: str
    aim: str
    """From where to where, and by when."""
    ratings: str
    """The provider's, oldest first."""
    result: str


def progress(case: Case, texts: Texts) -> list[Progress]:
    """Every objective of the agreed plan. Raises TextUnreadable where the key is lost."""
    plan, pupil = agreed_plan(case), case.pupil.id
    results = {row.objective: row.result for row in case.of(ObjectiveAssessment)}
    reports = case.of(ProgressReport)
    found = []
    for objective in objectives(case, plan) if plan else ():
        baseline, target = texts.open(objective.baseline, pupil), texts.open(objective.target, pupil)
        aim = [f"from {baseline}" if baseline else "", f"to {target}" if target else ""]
        by = f"by {day_in_words(objective.by)}" if objective.by else ""
        found.append(
            Progress(
                text=texts.open(objective.text, pupil) or objective.name,
                measured=texts.open(objective.measure, pupil) or "not said",
                aim=" ".join(part for part in (*aim, by) if part) or "not said",
                ratings=", ".join(r.ratings[objective.name] for r in reports if objective.name in r.ratings) or "not rated",
                result=RESULTS.get(results.get(objective.name, ""), "not assessed"),
            )
        )
    return found
