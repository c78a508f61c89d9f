"""Breaking the glass: opening a placement that is not one's own to see, with a reason, for an hour; the DSL is told at once."""

from typing import ClassVar

from models.look import BrokenGlass
from offsite.casework.command import Command, Ref, Text, handles
from offsite.casework.work import Work
from offsite.messages.addressing import whom
from offsite.messages.outbox import put, stable_id
from offsite.messages.wording import word_broken_glass

MAY_BREAK = ("head", "clerk", "attendance", "senco", "designated_teacher")


class BreakGlass(Command):
    """Open a placement that is not yours to see, for an hour. The reason is kept and the safeguarding lead told at once."""

    after_close: ClassVar[bool] = True

    placement: Ref
    reason: Text


@handles(BreakGlass)
def break_glass(command: BreakGlass, work: Work) -> None:
    """Refused for anyone who is not staff of the school."""
    work.require_role("open a placement that is not theirs to see", *MAY_BREAK)
    case = work.case(command.placement)
    work.add(BrokenGlass(placement_id=case.id, by=work.said.by, reason=work.seal(command.reason)))
    event = work.event()
    for one in whom(work.school, ("dsl", "deputy_dsl"), work.recorded_at):
        message_id = stable_id("broken_glass", event.hash, str(one.person_id or one.role))
        words = word_broken_glass(one.role, command.placement, work.said.by, one.instead_of)
        put(work.session, work.school_id, message_id, "broken_glass", "critical", one, [], words, work.recorded_at)
