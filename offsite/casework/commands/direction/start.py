"""Starting, and the safeguarding hold."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from models.people import Person
from models.placement import Hold, Start
from offsite.case.direction.terms import determination, on_hold, started
from offsite.casework.command import Command, Private, Ref, Text, handles
from offsite.casework.refusals import Refused, Senseless
from offsite.casework.tasks.gates import shut_gates
from offsite.casework.work import Work

OVERRIDERS = ("head", "dsl")
"""Who may start a pupil with a gate shut (domain.md, 5)."""


class Override(BaseModel):
    """Who takes it upon themselves to start with a gate shut, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Annotated[Ref | None, Field(description="head or DSL; left out: whoever records it")] = None
    reason: Annotated[str, Field(min_length=1, max_length=4000)]


class Start_(Command):
    """Record that the pupil started; every gate is asked, and only head or DSL may override one, with a reason."""

    placement: Ref
    override: Annotated[Override | None, Private(), Field(description='{"reason": "..."}')] = None

    @classmethod
    def name(cls) -> str:
        """start"""
        return "start"

    def edits(self) -> str:
        """The start."""
        return f"start {self.placement}"


@handles(Start_)
def start(command: Start_, work: Work) -> None:
    """Refused where nothing is determined, it has started, the day is no school day, or a gate is shut."""
    case = work.case(command.placement)
    if determination(case) is None:
        raise Refused(f"placement {case.ref}: nothing is determined, so the pupil cannot start.")
    if started(case):
        raise Refused(f"placement {case.ref} has started already.")
    days = work.school.school_days
    if days.covers(work.day) and not days.is_school_day(work.day):
        raise Senseless("start", work.day.isoformat(), f"a school day; it is: {days.why_closed(work.day)}")
    shut = shut_gates(case, work.day)
    if shut and command.override is None:
        said = "; ".join(f"{gate.name}: {gate.because}" for gate in shut)
        raise Refused(f"placement {case.ref} cannot start yet, because {said}. Head or DSL may override with a reason.")
    override = command.override if shut else None
    by = None if override is None else override.by or _overrode_before(work) or work.said.by
    if by is not None:
        work.id_of(Person, by, "override.by")
        work.require_role("override a gate", *OVERRIDERS, by=by)
    work.add(
        Start(
            placement_id=case.id,
            overridden_by=by,
            override_reason=work.seal(override.reason) if override else None,
            gates_shut=[gate.name for gate in shut],
        )
    )
    work.start_flow("agree-objectives/agree-objectives", {"placement": case.ref, "school": work.school.urn})


def _overrode_before(work: Work) -> str | None:
    """Who overrode in the entry that this corrects: whoever corrects it takes nothing upon themselves by that."""
    if work.corrects is None:
        return None
    return work.session.scalar(select(Start.overridden_by).where(Start.event_id == work.corrects.id))


class PutOnHold(Command):
    """Put a safeguarding hold on a placement: sessions stop being expected."""

    placement: Ref
    reason: Text

    def edits(self) -> str:
        """The hold."""
        return f"hold {self.placement}"


@handles(PutOnHold)
def put_on_hold(command: PutOnHold, work: Work) -> None:
    """Refused where it is on hold already."""
    case = work.case(command.placement)
    if on_hold(case, work.happened_at):
        raise Refused(f"placement {case.ref} is on hold already.")
    work.add(Hold(placement_id=case.id, begun=True, reason=work.seal(command.reason)))


class LiftHold(Command):
    """Lift a safeguarding hold: a decision of the DSL or a deputy."""

    placement: Ref
    reason: Text

    def edits(self) -> str:
        """The hold."""
        return f"hold {self.placement}"


@handles(LiftHold)
def lift_hold(command: LiftHold, work: Work) -> None:
    """Refused by anyone other than DSL or deputy, and where there is no hold."""
    case = work.case(command.placement)
    work.require_role("lift a safeguarding hold", "dsl", "deputy_dsl")
    if not on_hold(case, work.happened_at):
        raise Refused(f"placement {case.ref} is not on hold.")
    work.add(Hold(placement_id=case.id, begun=False, reason=work.seal(command.reason)))
