"""Reintegration: readiness, the plan of the return, its beginning, a step back, the checks afterwards."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.placement import ReadinessAssessment, ReadinessRequest, ReturnPlan, ReturnStep
from models.placement import ReturnCheck as ReturnCheckRow
from offsite.case.direction.terms import return_begun
from offsite.casework.command import Command, Ref, Text, Words, handles
from offsite.casework.commands.fields import Day, Timetable, as_lists
from offsite.casework.refusals import Refused, Senseless
from offsite.casework.work import Work
from offsite.law.london import day_of


class RequestReadiness(Command):
    """Ask for a readiness assessment: starts the reintegration assessment by hand."""

    placement: Ref


@handles(RequestReadiness)
def request_readiness(command: RequestReadiness, work: Work) -> None:
    """Changes no stage. Refused where the placement is closed."""
    case = work.case(command.placement)
    work.add(ReadinessRequest(placement_id=case.id))
    work.start_flow("assess-reintegration/assess-reintegration", {"placement": case.ref, "school": work.school.urn})


class AssessReadiness(Command):
    """Record how ready the pupil is, criterion by criterion: advice to people, never a decision."""

    placement: Ref
    criteria: Annotated[dict[str, Literal["met", "not_met", "cannot_tell"]], Field(min_length=1)]
    recommendation: Text | None = None


@handles(AssessReadiness)
def assess_readiness(command: AssessReadiness, work: Work) -> None:
    """Any number of times."""
    case = work.case(command.placement)
    work.add(
        ReadinessAssessment(
            placement_id=case.id,
            criteria=dict(command.criteria),
            recommendation=work.seal(command.recommendation),
        )
    )


class PhaseEntry(BaseModel):
    """One phase of the return: the sessions still at the provider."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    first: Annotated[Day, Field(alias="from")]
    last: Annotated[Day, Field(alias="to")]
    sessions: Timetable


class PlanReturn(Command):
    """Record the plan of the return: day, phases, key adult, support, risks, review points, when to step back."""

    placement: Ref
    return_on: Day
    support: Annotated[tuple[Text, ...], Field(description="the support package")] = ()
    key_adult: Words | None = None
    phases: tuple[PhaseEntry, ...] = ()
    part_time_agreed_on: Annotated[
        Day | None, Field(description="day the parent agreed to a part-time timetable (code C2)")
    ] = None
    worked: Annotated[Text | None, Field(description="what worked off-site and goes on")] = None
    risk: Annotated[Text | None, Field(description="the risks, and what is done about each")] = None
    review_on: Annotated[tuple[Day, ...], Field(description="days on which the return is looked at")] = ()
    step_back: Annotated[Text | None, Field(description="when, and how, the pupil goes back to the provider")] = None

    def edits(self) -> str:
        """The plan of the return."""
        return f"return plan {self.placement}"


@handles(PlanReturn)
def plan_return(command: PlanReturn, work: Work) -> None:
    """Refused where the day lies before today, or a phase ends before it begins."""
    case = work.case(command.placement)
    today = day_of(work.happened_at)
    if command.return_on < today:
        raise Senseless("return_on", command.return_on.isoformat(), f"{today.isoformat()} or later")
    for phase in command.phases:
        if phase.last < phase.first:
            raise Senseless("phases.to", phase.last.isoformat(), f"{phase.first.isoformat()} or later")
    work.add(
        ReturnPlan(
            placement_id=case.id,
            return_on=command.return_on,
            support=[work.seal(text) for text in command.support],
            key_adult=command.key_adult,
            phases=[
                {"from": p.first.isoformat(), "to": p.last.isoformat(), "sessions": as_lists(p.sessions)}
                for p in command.phases
            ],
            part_time_agreed_on=command.part_time_agreed_on,
            worked=work.seal(command.worked),
            risk=work.seal(command.risk),
            review_on=[day.isoformat() for day in sorted(set(command.review_on))] or None,
            step_back=work.seal(command.step_back),
        )
    )


class BeginReturn(Command):
    """Record that the return began."""

    placement: Ref

    def edits(self) -> str:
        """The return."""
        return f"return {self.placement}"


@handles(BeginReturn)
def begin_return(command: BeginReturn, work: Work) -> None:
    """Refused without a plan, and where it has begun."""
    case = work.case(command.placement)
    if not case.of(ReturnPlan):
        raise Refused(f"placement {case.ref}: there is no plan of the return; record one with plan_return.")
    if return_begun(case, work.happened_at):
        raise Refused(f"placement {case.ref}: the return has begun already.")
    work.add(ReturnStep(placement_id=case.id, begun=True))


class StepBack(Command):
    """Record that the return did not hold and the pupil is back at the provider."""

    placement: Ref

    def edits(self) -> str:
        """The return."""
        return f"return {self.placement}"


@handles(StepBack)
def step_back(command: StepBack, work: Work) -> None:
    """Refused where no return has begun."""
    case = work.case(command.placement)
    if not return_begun(case, work.happened_at):
        raise Refused(f"placement {case.ref}: no return has begun, so there is nothing to step back from.")
    work.add(ReturnStep(placement_id=case.id, begun=False))


class RecordReturnCheck(Command):
    """Record a check 2, 6 or 12 weeks after the return began."""

    after_close = True

    placement: Ref
    weeks: Annotated[int, Field(description="2, 6 or 12")]


@handles(RecordReturnCheck)
def record_return_check(command: RecordReturnCheck, work: Work) -> None:
    """Refused for any other week, and where no return ever began."""
    if command.weeks not in (2, 6, 12):
        raise Senseless("weeks", command.weeks, ("2", "6", "12"))
    case = work.case(command.placement)
    if not any(step.begun for step in case.of(ReturnStep)):
        raise Refused(f"placement {case.ref}: no return has begun, so there is none to check.")
    work.add(ReturnCheckRow(placement_id=case.id, weeks=command.weeks))
