"""Marks for a range of days: one for every expected session, each entered on its own day."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from offsite.case.attendance.sessions import expected_sessions, session_times
from offsite.case.case import Case
from offsite.casework.command import Command, Ref, Said, Words, handles
from offsite.casework.commands.attendance.marks import Mark
from offsite.casework.commands.fields import Day, Register, Session
from offsite.casework.refusals import Refused, Senseless
from offsite.casework.work import Work
from offsite.law.london import instant_of

AFTER_START = timedelta(minutes=10)


class Marks(Command):
    """Enter a mark for every expected session of a range, each on its own day ten minutes after the session starts."""

    placement: Ref
    first: Annotated[Day, Field(alias="from")]
    last: Annotated[Day, Field(alias="to")]
    register_: Annotated[Register, Field(alias="register")]
    code: Annotated[str | dict[Session, str], Field(description='a code, or {"am": "/", "pm": "\\\\"}')]
    activity: Words | None = None


@handles(Marks)
def marks(command: Marks, work: Work) -> None:
    """A range is entered mark by mark (expand_marks); as one command it is refused."""
    raise Refused("marks are entered one by one, each on its own day; send each as `mark`.")


def expand_marks(said: Said, case: Case) -> list[Said]:
    """The single marks of a range: ten minutes after each session starts, or when it was said if that is later.

    Raises Senseless where the range ends before it begins.
    """
    command = said.command
    assert isinstance(command, Marks)
    if command.last < command.first:
        raise Senseless("to", command.last.isoformat(), f"{command.first.isoformat()} or later")
    found = []
    for day, session in expected_sessions(case, command.first, command.last):
        code = command.code if isinstance(command.code, str) else command.code.get(session)
        if code is None:
            continue
        times = session_times(case, (day, session))
        entered = (times[0] if times else instant_of(day)) + AFTER_START
        single = Mark.model_validate(
            {
                "placement": command.placement,
                "session": session,
                "register": command.register_,
                "code": code,
                "day": day,
                "activity": command.activity,
            }
        )
        found.append(Said(single, max(entered, said.at), said.by))
    return found
