"""The plan in writing, and progress against it."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from models.plan import Objective, ObjectiveAssessment, Plan
from models.plan import ProgressReport as ProgressReportRow
from offsite.case.direction.plans import objectives
from offsite.casework.command import Command, Private, Ref, Text, Words, handles
from offsite.casework.commands.fields import Day, SchoolDayCount
from offsite.casework.refusals import Senseless
from offsite.casework.work import Work

DEFAULT_READINESS = (
    "attendance",
    "objectives",
    "no_critical_concern",
    "provider_recommends",
    "views_recorded",
    "timetable_and_key_adult",
)


class ObjectiveEntry(BaseModel):
    """One objective: what, how measured, from where to where, by when, whose."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    id: Ref
    text: str | None = None
    measure: str | None = None
    baseline: str | None = None
    target: str | None = None
    by: Day | None = None
    owner: Words | None = None


def _readiness(value: object) -> object:
    return DEFAULT_READINESS if value == "default" else value


class AgreePlan(Command):
    """Record the plan agreed in writing: objectives, curriculum, readiness criteria."""

    placement: Ref
    agreed_by: Annotated[tuple[Literal["school", "provider", "parent", "pupil"], ...], Field(min_length=1)]
    objectives: Annotated[tuple[ObjectiveEntry, ...], Private(), Field(description="[{id, text, measure, by, ...}]")]
    english: bool = True
    maths: bool = True
    part_time_agreed: bool = False
    readiness: Annotated[tuple[Words, ...] | None, BeforeValidator(_readiness), Field(description="criteria, or `default`")] = (
        None
    )
    report_every_days: Annotated[SchoolDayCount | None, Field(description="school days")] = None

    def edits(self) -> str:
        """The plan."""
        return f"plan {self.placement}"


@handles(AgreePlan)
def agree_plan(command: AgreePlan, work: Work) -> None:
    """Refused without an objective, or with two of one name."""
    case = work.case(command.placement)
    if not command.objectives:
        raise Senseless("objectives", [], "at least one objective")
    names = [entry.id for entry in command.objectives]
    if len(set(names)) < len(names):
        raise Senseless("objectives", tuple(names), "each id once")
    readiness = None if command.readiness is None else list(command.readiness)
    work.add(
        Plan(
            placement_id=case.id,
            agreed_by=sorted(set(command.agreed_by)),
            english=command.english,
            maths=command.maths,
            part_time_agreed=command.part_time_agreed,
            readiness=readiness,
            report_every_days=command.report_every_days,
        )
    )
    for entry in command.objectives:
        work.add(
            Objective(
                placement_id=case.id,
                name=entry.id,
                text=work.seal(entry.text),
                measure=work.seal(entry.measure),
                baseline=work.seal(entry.baseline),
                target=work.seal(entry.target),
                by=entry.by,
                owner=entry.owner,
            )
        )
    work.start_flow("agree-objectives/agree-objectives", {"placement": case.ref, "school": work.school.urn})


def _known_objectives(work: Work, placement: str, named: set[str]) -> int:
    case = work.case(placement)
    plan = case.newest(Plan)
    known = {objective.name for objective in objectives(case, plan)} if plan else set()
    if not named <= known:
        raise Senseless("objectives", tuple(sorted(named - known)), tuple(sorted(known)) or "none: no plan is agreed")
    return case.id


class ReportProgress(Command):
    """Record the provider's report of progress: red, amber or green for objectives by name."""

    placement: Ref
    objectives: dict[str, Literal["red", "amber", "green"]] = {}
    note: Text | None = None


@handles(ReportProgress)
def report_progress(command: ReportProgress, work: Work) -> None:
    """Refused where an objective is unknown."""
    placement_id = _known_objectives(work, command.placement, set(command.objectives))
    work.add(ProgressReportRow(placement_id=placement_id, ratings=dict(command.objectives), note=work.seal(command.note)))


class AssessObjective(Command):
    """Record that an objective was assessed: met, partly or not met."""

    placement: Ref
    objective: Ref
    result: Literal["met", "partly", "not_met"]

    def edits(self) -> str:
        """How the objective was assessed."""
        return f"objective {self.placement} {self.objective}"


@handles(AssessObjective)
def assess_objective(command: AssessObjective, work: Work) -> None:
    """Refused where the objective is unknown."""
    placement_id = _known_objectives(work, command.placement, {command.objective})
    work.add(ObjectiveAssessment(placement_id=placement_id, objective=command.objective, result=command.result))
