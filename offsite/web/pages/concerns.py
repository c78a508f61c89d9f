"""Concerns: one concern with its text, each look at which is logged and shown to the safeguarding lead."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from sqlalchemy import select

from models.chronology import Event
from models.concern import Concern, ConcernClosure, Referral, Triage
from models.look import BrokenGlass, Look
from models.placement import Placement
from offsite.access.sight import ROLE_SIGHT, Concerns
from offsite.case.loading import load_cases
from offsite.web.visit import Refuse, Visit, area

router = APIRouter()


@router.get("/concerns/{name}")
def one(visit: Annotated[Visit, Depends(area("concerns"))], name: str) -> Response:
    """A concern. Its text is shown to DSL and deputy, and to whoever raised it; never to whom it is against."""
    wanted = select(Concern).where(Concern.school_id == visit.who.school_id, Concern.concern == name)
    found = visit.session.scalars(wanted.order_by(Concern.id.desc())).first()
    if found is None or visit.who.barred(found):
        raise Refuse(404, "That concern is not on record")
    sight, raised_it = _sight(visit, found), _raised_it(visit, found)
    if sight < Concerns.SUMMARY and not (sight >= Concerns.RAISED and raised_it):
        raise Refuse(404, "That concern is not on record")
    texts: dict[str, Any] = {}
    if (sight >= Concerns.ALL or raised_it) and visit.who.coded:
        texts = _texts(visit, found, whole=sight >= Concerns.ALL)
        with visit.edge.database.writing() as session:
            session.add(Look(school_id=visit.who.school_id, concern=name, by=visit.who.ref, at=visit.at, through="page"))
    placement = visit.session.get(Placement, found.placement_id) if found.placement_id else None
    return visit.page("concern.html", concern=found, texts=texts, placement=placement, steps=_steps(visit))


def _sight(visit: Visit, found: Concern) -> Concerns:
    if found.placement_id is None:
        return max(ROLE_SIGHT[role].sight.concerns for role in visit.who.roles)
    case = load_cases(visit.session, visit.who.school, [found.placement_id])[0]
    return visit.who.sight(case).concerns


def _raised_it(visit: Visit, found: Concern) -> bool:
    return visit.session.scalar(select(Event.by).where(Event.id == found.event_id)) == visit.who.ref


def _texts(visit: Visit, found: Concern, *, whole: bool) -> dict[str, Any]:
    owner = visit.session.get_one(Placement, found.placement_id).pupil_id if found.placement_id else None
    shown: dict[str, Any] = {"What was raised": visit.texts.open(found.text, owner)}
    if whole:
        for title, table in (("Triage", Triage), ("Closing", ConcernClosure)):
            for row in _about(visit, table, found):
                shown[title] = visit.texts.open(row.decision, owner)
        for row in _about(visit, Referral, found):
            shown["LADO"] = f"{row.decision}: {visit.texts.open(row.reasons, owner) or ''}"
    return shown


def _about(visit: Visit, table: Any, found: Concern) -> Any:
    return visit.session.scalars(select(table).where(table.school_id == found.school_id, table.concern == found.concern))


def _steps(visit: Visit) -> list[str]:
    return [s for s in ("triage_concern", "find_child", "refer_to_lado", "close_concern") if visit.who.may(s)]


@router.get("/looks")
def looks(visit: Annotated[Visit, Depends(area("looks"))]) -> Response:
    """Who read the text of a concern, and who broke the glass: the newest first."""
    school = visit.who.school_id
    read = visit.session.scalars(select(Look).where(Look.school_id == school).order_by(Look.id.desc()).limit(200)).all()
    broken = visit.session.execute(
        select(BrokenGlass.by, BrokenGlass.recorded_at, BrokenGlass.reason, Placement.ref, Placement.pupil_id)
        .join(Placement, Placement.id == BrokenGlass.placement_id)
        .where(BrokenGlass.school_id == school)
        .order_by(BrokenGlass.id.desc())
        .limit(200)
    ).all()
    reasons = [visit.texts.open(row.reason, row.pupil_id) if visit.who.holds("dsl", "deputy_dsl") else "" for row in broken]
    return visit.page("looks.html", looks=read, broken=list(zip(broken, reasons, strict=True)))
