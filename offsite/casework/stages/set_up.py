"""Setup: draft the notice once a direction is determined; open what must be done before the pupil may start."""

from datetime import datetime

from models.database import Database
from models.encrypted_text import KeyFile
from models.placement import Notice, Terms
from offsite.case.case import Case
from offsite.case.direction.enforceable import is_school
from offsite.case.direction.served import notice_served
from offsite.case.direction.terms import closed, determination, planned_start, terms
from offsite.casework.stages.days import before_start, notice_due
from offsite.casework.stages.desk import Desk, StageWork, at_desk
from offsite.law.parameters import parameter
from offsite.letters.prescribed.notice import draft_notice

STAGE = "setup"
EVERYBODY = ("pupil", "parent", "provider")
BY_ATTRIBUTE = {
    "ehc_plan": ("local_authority", "senco"),
    "social_worker": ("social_worker", "dsl"),
    "looked_after": ("virtual_school", "designated_teacher"),
}
"""Who else is consulted about whom, and who sees to it."""


def set_up(database: Database, key_file: KeyFile, urn: str, placement: str, at: datetime) -> StageWork:
    """All of the stage's automatic work."""
    tasks = open_set_up_tasks(database, key_file, urn, placement, at)
    return tasks + file_notice(database, key_file, urn, placement, at)


def open_set_up_tasks(database: Database, key_file: KeyFile, urn: str, placement: str, at: datetime) -> StageWork:
    """Open the tasks of setting up: consultations, checks, risk assessment, decision, notice, dual registration."""
    return at_desk(database, key_file, urn, placement, STAGE, at, set_up_tasks)


def file_notice(database: Database, key_file: KeyFile, urn: str, placement: str, at: datetime) -> StageWork:
    """Draft and file the notice, while it is determined and not yet given as the terms now stand."""
    return at_desk(database, key_file, urn, placement, STAGE, at, notice)


def set_up_tasks(desk: Desk) -> None:
    """The tasks of setting up that are not done."""
    case = desk.case
    start = planned_start(case)
    early, careful = before_start(case, parameter("notice_reminder", start).value), notice_due(case)
    for who in EVERYBODY:
        desk.task("consult", who, early)
    for attribute, (who, role) in BY_ATTRIBUTE.items():
        if case.pupil.has(attribute, desk.day):
            desk.task("consult", who, early, role=role)
    desk.task("check_provider", case.provider.ref, early)
    desk.task("confirm_safeguarding", case.provider.ref, early)
    desk.task("agree_plan", case.ref, early)
    desk.task("assess_risk", case.ref, careful)
    desk.task("determine", case.ref, careful)
    desk.task("give_notice", case.ref, careful)
    if is_school(case, start):
        desk.task("register_at_provider", case.ref, start)


def notice(desk: Desk) -> None:
    """The notice, unless it cannot be drafted yet or need not be any more."""
    case = desk.case
    if determination(case) is not None and closed(case) is None and not given_as_it_stands(case):
        desk.letter("notice", case.ref, lambda texts, head: draft_notice(case, texts, desk.at, head))


def given_as_it_stands(case: Case) -> bool:
    """Whether everybody the notice must reach was given it, and the terms have not changed since."""
    notice = case.newest(Notice)
    if notice is None or notice_served(case, planned_start(case)).missing:
        return False
    return not any(row.happened_at > notice.happened_at for row in case.of(Terms)) and notice.start == terms(case).start
