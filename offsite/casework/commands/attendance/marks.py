"""Marks in the registers, single ones; an amendment keeps the original."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field
from sqlalchemy import func, select

from models.attendance import Mark as MarkRow
from offsite.case.attendance.sessions import session_times, subject_of
from offsite.case.case import Case, Slot
from offsite.casework.command import Command, Ref, Text, Words, handles
from offsite.casework.commands.fields import Day, Register, Session
from offsite.casework.refusals import MarkedAlready, Refused, Senseless
from offsite.casework.work import Work
from offsite.law.codes import CodeNotInForce, code_on
from offsite.law.london import day_of, instant_of


class Mark(Command):
    """Enter a mark for one session in the home school's or the provider's register."""

    placement: Ref
    session: Session
    register_: Annotated[Register, Field(alias="register", description="home or provider")]
    code: Annotated[str, Field(min_length=1, max_length=2, description="attendance code")]
    day: Annotated[Day | None, Field(description="left out: the day it happened")] = None
    activity: Annotated[Words | None, Field(description="nature of the activity, codes B and K")] = None
    site: Words | None = None
    remote: Annotated[bool, Field(description="at home or online")] = False
    approved_by: Words | None = None
    supervised_by: Words | None = None
    reason: Annotated[Text | None, Field(description="reason of an absence")] = None


@handles(Mark)
def mark(command: Mark, work: Work) -> None:
    """Refused for the future, for a code not in force that day, and where there is a mark already (amend it)."""
    case = work.case(command.placement)
    slot: Slot = (command.day or work.day, command.session)
    refuse_mark(case, slot, command.register_, command.code, work.happened_at)
    provider_id = case.provider.id if command.register_ == "provider" else None
    work.add(
        MarkRow(
            pupil_id=case.pupil.id,
            provider_id=provider_id,
            day=slot[0],
            session=slot[1],
            code=command.code,
            activity=command.activity,
            site=command.site,
            remote=command.remote,
            approved_by=command.approved_by,
            supervised_by=command.supervised_by,
            reason=work.seal(command.reason),
            amends=None,
        )
    )


class AmendMark(Command):
    """Amend a mark; the original entry, the reason, the day and the name are kept (SI 2024/208 reg 6(1))."""

    after_close = True

    placement: Ref
    session: Session
    day: Day
    register_: Annotated[Register, Field(alias="register")]
    code: Annotated[str, Field(min_length=1, max_length=2)]
    reason: Text
    activity: Words | None = None
    remote: bool | None = None
    approved_by: Words | None = None
    supervised_by: Words | None = None

    def edits(self) -> str:
        """The mark."""
        return f"mark {self.placement} {self.day} {self.session} {self.register_}"


@handles(AmendMark)
def amend_mark(command: AmendMark, work: Work) -> None:
    """Refused where there is no mark to amend, without a reason, or for a code not in force that day."""
    case = work.case(command.placement)
    slot: Slot = (command.day, command.session)
    _refuse_code(command.code, command.day)
    register = case.provider_marks if command.register_ == "provider" else case.home_marks
    if slot not in register:
        raise Senseless("session", subject_of(slot), f"a session marked in the {command.register_} register")
    before = work.session.get_one(MarkRow, register[slot].id)
    work.add(
        MarkRow(
            pupil_id=case.pupil.id,
            provider_id=before.provider_id,
            day=before.day,
            session=before.session,
            code=command.code,
            activity=command.activity or before.activity,
            site=before.site,
            remote=before.remote if command.remote is None else command.remote,
            approved_by=command.approved_by or before.approved_by,
            supervised_by=command.supervised_by or before.supervised_by,
            reason=work.seal(command.reason),
            amends=_newest(work, before),
        )
    )


def _newest(work: Work, mark: MarkRow) -> int:
    """The row entered last for a mark's session in its register: the mark, or an amendment of it whose entry was corrected."""
    register = MarkRow.provider_id.is_not_distinct_from(mark.provider_id)
    of_session = MarkRow.pupil_id == mark.pupil_id, register, MarkRow.day == mark.day, MarkRow.session == mark.session
    return work.session.scalars(select(func.max(MarkRow.id)).where(*of_session)).one()


def _refuse_code(code: str, day: date) -> None:
    try:
        code_on(code, day)
    except CodeNotInForce as error:
        raise Refused(f"mark: {error}.", field="code") from None


def refuse_mark(case: Case, slot: Slot, register: Register, code: str, at: datetime) -> None:
    """Raise Refused for a session that has not begun, a code not in force that day, or one marked already."""
    day, session = slot
    times = session_times(case, slot)
    begins: datetime = times[0] if times else instant_of(day)
    if day > day_of(at) or begins > at:
        raise Refused(f"session {day} {session} has not begun; a mark is entered when its session has begun.", field="session")
    _refuse_code(code, day)
    standing = (case.provider_marks if register == "provider" else case.home_marks).get(slot)
    if standing is not None:
        raise MarkedAlready(register, standing.code, day, session)
