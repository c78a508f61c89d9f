"""Plans: what SENCO and designated teacher look after, a row a placement: the plan, its objectives, readiness to return."""

from datetime import date

from pydantic import BaseModel
from sqlalchemy.orm import Session

from offsite.access.viewer import Viewer
from offsite.case.case import Case
from offsite.case.direction.plans import agreed_plan
from offsite.case.direction.readiness import evidence
from offsite.case.loading import load_cases
from offsite.case.safeguarding.concerns import without
from offsite.case.stage import stage
from offsite.law.london import day_of
from offsite.views.listed import A_PAGE, Listed
from offsite.views.placements.placements import PlacementsAsked, on_track, placement_ids


class PlanRow(BaseModel):
    """One placement's plan."""

    placement: str
    pupil_name: str
    stage: str
    agreed: date | None
    """The day the plan was agreed."""
    on_track: tuple[int, int] | None
    """Objectives on track, of all."""
    ready: tuple[int, int] | None
    """Readiness criteria met, of all that were agreed: advice to people, never a decision."""
    cannot_tell: int
    """Readiness criteria that cannot be told."""


def plans(session: Session, viewer: Viewer, asked: PlacementsAsked, size: int | None = A_PAGE) -> Listed[PlanRow]:
    """A page of the plans of live placements."""
    page = placement_ids(session, viewer, asked, size)
    cases = {case.id: case for case in load_cases(session, viewer.school, page.found)} if page.found else {}
    return page.listed([_row(cases[id_], viewer) for id_ in page.found if id_ in cases])


def _row(case: Case, viewer: Viewer) -> PlanRow:
    plan, found = agreed_plan(case), evidence(without(case, viewer.barred_in(case)), viewer.at)
    return PlanRow(
        placement=case.ref,
        pupil_name=case.pupil.details.name,
        stage=stage(case, viewer.at),
        agreed=day_of(plan.happened_at) if plan else None,
        on_track=on_track(case),
        ready=(sum(e.verdict == "met" for e in found), len(found)) if found else None,
        cannot_tell=sum(e.verdict == "cannot_tell" for e in found),
    )
