"""The stage of a placement, worked out from what is recorded and never set (domain.md, 5)."""

from datetime import datetime
from typing import Literal

from models.placement import Notice, ReturnPlan, ReturnStep
from models.review import Decision
from offsite.case.case import Case
from offsite.case.direction.terms import closed, started
from offsite.case.safeguarding.checks import confirmed, not_in_order
from offsite.law.london import day_of

Stage = Literal["setup", "objectives", "review", "reintegration", "closed"]
STAGES: tuple[Stage, ...] = ("setup", "objectives", "review", "reintegration", "closed")


def stage(case: Case, at: datetime) -> Stage:
    """Where the placement stands at an instant."""
    if closed(case):
        return "closed"
    if returning(case):
        return "reintegration"
    if started(case):
        return "review"
    day = day_of(at)
    if case.of(Notice) and not not_in_order(case.provider, day) and confirmed(case.provider, day):
        return "objectives"
    return "setup"


def passed(case: Case, at: datetime) -> tuple[Stage, ...]:
    """The stages that lie behind a placement: those before its own; of a closed one, those it went through."""
    now = stage(case, at)
    if now != "closed":
        return STAGES[: STAGES.index(now)]
    went: tuple[Stage, ...] = ("setup", "objectives", "review") if started(case) else ()
    return (*went, "reintegration") if any(step.begun for step in case.of(ReturnStep)) else went


def returning(case: Case) -> bool:
    """From a decision to reintegrate, a return plan or a begun return until a step back."""
    newest: dict[str, Decision] = {row.review: row for row in case.of(Decision)}
    towards = [row.happened_at for row in newest.values() if row.decision == "reintegrate"]
    towards += [row.happened_at for row in case.of(ReturnPlan)]
    towards += [row.happened_at for row in case.of(ReturnStep) if row.begun]
    back = [row.happened_at for row in case.of(ReturnStep) if not row.begun]
    return bool(towards) and max(towards) > max(back, default=datetime.min.replace(tzinfo=max(towards).tzinfo))
