"""Closure: the papers, returns and checks that remain once a placement has ended, and until when records are kept."""

from datetime import datetime

from models.database import Database
from models.encrypted_text import KeyFile
from offsite.case.direction.enforceable import is_school
from offsite.case.direction.terms import closed, started
from offsite.case.retention import kept_until
from offsite.case.return_checks import checks_due
from offsite.casework.stages.days import or_none
from offsite.casework.stages.desk import Desk, StageWork, at_desk
from offsite.law.london import day_of

STAGE = "closed"
PAPERS_IN = 10
"""School days within which the papers of a closure are done; ours."""


def close_placement(database: Database, key_file: KeyFile, urn: str, placement: str, at: datetime) -> StageWork:
    """Open the tasks of a closed placement; nothing while it is open."""
    return at_desk(database, key_file, urn, placement, STAGE, at, closure_tasks)


def closure_tasks(desk: Desk) -> None:
    """The tasks that a closure leaves, and are not done."""
    case, closure = desk.case, closed(desk.case)
    if closure is None:
        return
    ended = day_of(closure.happened_at)
    papers = or_none(lambda: case.school.school_days.after(ended, PAPERS_IN))
    if started(case) is not None:
        desk.task("final_report", case.ref, papers)
        desk.task("end_census", case.ref, papers)
    if is_school(case, ended):
        desk.task("end_registration", case.ref, papers)
        desk.task("return_file", case.ref, papers)
    for weeks, day in checks_due(case, closure):
        desk.task("check_return", f"{weeks} weeks", day)
    for record, until in kept_until(case, ended):
        desk.task("retain", record, until)
