"""Bring marks from a file into the registers: each row is entered or refused by itself.

The same file read twice enters nothing twice: a mark that is there already with the same code is passed over.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from models.database import Database
from models.encrypted_text import KeyFile
from models.placement import Placement
from models.school import School
from offsite.case.case import Case
from offsite.case.direction.terms import closed, planned_start
from offsite.case.loading import load_cases, load_school
from offsite.casework.command import OPERATOR, Said
from offsite.casework.commands.attendance.marks import refuse_mark
from offsite.casework.commands.attendance.register_file import EnterMarks
from offsite.casework.perform import perform
from offsite.casework.refusals import Refused
from offsite.casework.watch.rule_runner import RuleRunner
from offsite.exchange.marks import MarkLine, RefusedLine
from offsite.law.london import day_of

BATCH = 500
"""Rows a transaction and an event: a killed import has kept whole batches; reading the file again does the rest."""


class Imported(NamedTuple):
    """What came of a file."""

    entered: int
    already_there: int
    refused: list[RefusedLine]


def import_marks(
    database: Database,
    key_file: KeyFile,
    urn: str,
    lines: Iterable[MarkLine | RefusedLine],
    at: datetime,
    rules: RuleRunner,
    *,
    by: str = OPERATOR,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda count: None,
) -> Imported:
    """Enter the marks of a file, recorded at `at`. A dry run refuses as the real one would, and keeps nothing."""
    cases = _cases_by_pupil(database, urn)
    refused: list[RefusedLine] = []
    good: list[tuple[MarkLine, Case]] = []
    there = 0
    for line in lines:
        if isinstance(line, RefusedLine):
            refused.append(line)
            continue
        try:
            case = _case_of(cases, line)
            if _is_there(case, line):
                there += 1
            else:
                refuse_mark(case, (line.day, line.session), line.register, line.code, at)
                good.append((line, case))
        except Refused as why:
            refused.append(RefusedLine(line.line, str(why)))
    for first in range(0, 0 if dry_run else len(good), BATCH):
        batch = good[first : first + BATCH]
        perform(database, key_file, urn, Said(_command(batch), at, by), rules)
        progress(len(batch))
    return Imported(len(good), there, sorted(refused))


def _command(batch: list[tuple[MarkLine, Case]]) -> EnterMarks:
    marks = [
        {"placement": case.ref, "day": line.day, "session": line.session, "register": line.register,
         "code": line.code, "activity": line.activity}
        for line, case in batch
    ]  # fmt: skip
    reasons = {place: line.reason for place, (line, _) in enumerate(batch) if line.reason}
    return EnterMarks.model_validate({"marks": marks, "reasons": reasons})


def _cases_by_pupil(database: Database, urn: str) -> dict[str, list[Case]]:
    with database.reading() as session:
        school_id = session.scalars(select(School.id).where(School.urn == urn)).one()
        ids = session.scalars(select(Placement.id).where(Placement.school_id == school_id)).all()
        found: dict[str, list[Case]] = {}
        for case in load_cases(session, load_school(session, school_id), ids):
            found.setdefault(case.pupil.ref, []).append(case)
        return found


def _case_of(cases: dict[str, list[Case]], line: MarkLine) -> Case:
    """The placement a mark bears on: the pupil's that ran on the day, else the pupil's newest."""
    mine = cases.get(line.pupil)
    if not mine:
        raise Refused(f"pupil is {line.pupil!r}, who has no placement on record", field="pupil")
    for case in reversed(mine):
        ended = closed(case)
        if planned_start(case) <= line.day and (ended is None or line.day <= day_of(ended.happened_at)):
            return case
    return mine[-1]


def _is_there(case: Case, line: MarkLine) -> bool:
    register = case.provider_marks if line.register == "provider" else case.home_marks
    standing = register.get((line.day, line.session))
    return standing is not None and standing.code == line.code
