"""Objectives: see that the plan is agreed in writing, the start recorded, and the first review set."""

from datetime import datetime

from models.database import Database
from models.encrypted_text import KeyFile
from offsite.case.direction.terms import planned_start, terms
from offsite.case.governors.next_review import first_review_by
from offsite.casework.stages.days import before_start, or_none
from offsite.casework.stages.desk import Desk, StageWork, at_desk
from offsite.law.parameters import parameter

STAGE = "objectives"
FIRST = "first"
"""What the task of setting the first review is about."""


def agree_objectives(database: Database, key_file: KeyFile, urn: str, placement: str, at: datetime) -> StageWork:
    """Open the tasks of agreeing objectives, of starting, and of setting the first review."""
    return at_desk(database, key_file, urn, placement, STAGE, at, objectives_tasks)


def objectives_tasks(desk: Desk) -> None:
    """The tasks of the stage that are not done."""
    case = desk.case
    start = planned_start(case)
    agreed_by = before_start(case, parameter("plan_agreed", start).value)
    desk.task("agree_plan", case.ref, agreed_by)
    if terms(case).reintegration_is_objective:
        desk.task("agree_readiness", case.ref, agreed_by)
    desk.task("record_start", case.ref, start)
    desk.task("schedule_review", FIRST, or_none(lambda: first_review_by(case)))
