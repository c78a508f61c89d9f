"""Marks read from a register's file: one event for a batch of rows, each row a mark of its own."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from models.attendance import Mark as MarkRow
from offsite.casework.command import Command, Private, Ref, Words, handles
from offsite.casework.commands.attendance.marks import refuse_mark
from offsite.casework.commands.fields import Day, Register, Session
from offsite.casework.work import Work


class MarkEntry(BaseModel):
    """One mark of a file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    placement: Ref
    day: Day
    session: Session
    register_: Annotated[Register, Field(alias="register")]
    code: Annotated[str, Field(min_length=1, max_length=2)]
    activity: Words | None = None


class EnterMarks(Command):
    """Enter a batch of marks from a file (use `offsite import marks FILE`, which reads and refuses row by row)."""

    marks: Annotated[tuple[MarkEntry, ...], Field(min_length=1, max_length=2000)]
    reasons: Annotated[dict[int, str], Private(), Field(description="reasons by a mark's place, counted from 0")] = {}


@handles(EnterMarks)
def enter_marks(command: EnterMarks, work: Work) -> None:
    """Refused, whole, where any one mark would be refused."""
    cases = {ref: work.look_at_ref(ref) for ref in {entry.placement for entry in command.marks}}
    taken: set[tuple[int, int | None, date, str]] = set()
    for place, entry in enumerate(command.marks):
        case = cases[entry.placement]
        provider_id = case.provider.id if entry.register_ == "provider" else None
        refuse_mark(case, (entry.day, entry.session), entry.register_, entry.code, work.happened_at)
        key = (case.pupil.id, provider_id, entry.day, entry.session)
        if key in taken:
            continue
        taken.add(key)
        work.touched.add(case.id)
        work.add(
            MarkRow(
                pupil_id=case.pupil.id,
                provider_id=provider_id,
                day=entry.day,
                session=entry.session,
                code=entry.code,
                activity=entry.activity,
                site=None,
                remote=False,
                approved_by=None,
                supervised_by=None,
                reason=work.texts.seal(command.reasons.get(place), case.pupil.id),
                amends=None,
            )
        )
