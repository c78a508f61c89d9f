"""Reintegration: gather the evidence on readiness and lay it before those who assess it; see the return plan whole.

What is filed is advice. That a pupil is ready, and that the pupil returns, is recorded by people's commands.
"""

from datetime import date, datetime

from models.database import Database
from models.encrypted_text import KeyFile
from models.placement import ReturnPlan
from offsite.case.case import Case
from offsite.case.direction.readiness import evidence
from offsite.case.direction.terms import closed
from offsite.case.stage import stage
from offsite.casework.stages.days import or_none
from offsite.casework.stages.desk import Desk, StageWork, at_desk
from offsite.letters.packs.readiness import VERDICTS, draft_readiness

STAGE = "reintegration"
DAYS_TO_ASSESS = 5
"""School days; ours."""
SUPPORT_BEFORE_RETURN = 5
"""School days before the return by which its plan must be whole."""


def assess(database: Database, key_file: KeyFile, urn: str, placement: str, at: datetime) -> StageWork:
    """All of the stage's automatic work."""
    gathered = file_evidence(database, key_file, urn, placement, at)
    return gathered + open_return_tasks(database, key_file, urn, placement, at)


def file_evidence(database: Database, key_file: KeyFile, urn: str, placement: str, at: datetime) -> StageWork:
    """File the evidence for each criterion, and open the task to assess it. Nothing where the placement is closed."""
    return at_desk(database, key_file, urn, placement, STAGE, at, evidence_paper)


def open_return_tasks(database: Database, key_file: KeyFile, urn: str, placement: str, at: datetime) -> StageWork:
    """While the placement is in reintegration: have the return planned, and the plan completed in time."""
    return at_desk(database, key_file, urn, placement, STAGE, at, return_tasks)


def evidence_paper(desk: Desk) -> None:
    """The evidence as it stands, and the task of whoever assesses it."""
    case = desk.case
    if closed(case) is not None:
        return
    found = evidence(case, desk.at)
    paper = desk.letter("readiness", case.ref, lambda texts, head: draft_readiness(case, found, texts, desk.at, head))
    if paper is not None:
        due = or_none(lambda: case.school.school_days.after(desk.day, DAYS_TO_ASSESS))
        subject = f"evidence {paper.digest[:8]}"
        desk.task("assess_readiness", subject, due, role=assessor(case, desk.day), once=True)
    counts = [(said, sum(e.verdict == verdict for e in found)) for verdict, said in VERDICTS.items()]
    desk.lines.append("evidence: " + ", ".join(f"{count} {said}" for said, count in counts))


def return_tasks(desk: Desk) -> None:
    """The tasks of a return that are not done."""
    case = desk.case
    if stage(case, desk.at) != STAGE:
        return
    desk.task("plan_return", case.ref, None)
    plan = case.newest(ReturnPlan)
    if plan is not None:
        due = or_none(lambda: case.school.school_days.before(plan.return_on, SUPPORT_BEFORE_RETURN))
        desk.task("complete_return_plan", case.ref, due)


def assessor(case: Case, day: date) -> str:
    """Who records the assessment: the SENCO where the school has one, else the head."""
    held = {role for _, roles in case.school.people_on(day) for role in roles}
    return "senco" if "senco" in held else "head"
