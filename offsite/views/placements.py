"""Lists of placements, filtered, sorted and paged by the database; each row that is shown is worked out afresh."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, asc, desc, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.alert import ENDINGS, Alert, AlertStep
from models.plan import ObjectiveAssessment, ProgressReport
from models.provider import Provider
from models.standing import Standing
from offsite.access.sight import Attendance, Facts
from offsite.access.viewer import Viewer
from offsite.case.attendance.tally import combined
from offsite.case.case import Case
from offsite.case.direction.plans import agreed_plan, objectives
from offsite.case.direction.terms import on_hold, planned_start, start_day
from offsite.case.loading import load_cases
from offsite.case.stage import STAGES, stage
from offsite.case.statutory_clock import deadlines
from offsite.casework.replay.answer import placement_shown
from offsite.views.placement import Count, weeks_of

A_PAGE = 25
Item = TypeVar("Item")


class Listed(BaseModel, Generic[Item]):
    """One page of a list."""

    rows: list[Item]
    total: int
    page: int
    pages: int


class Asked(BaseModel):
    """How a list was asked for."""

    stage: str | None = Field(None, max_length=40)
    provider: str | None = Field(None, max_length=60)
    overdue: bool = False
    closed: bool = False
    sort: str = Field("next", max_length=40)
    page: int = Field(1, ge=1, le=2**53 - 1)


class PlacementRow(BaseModel):
    """One placement in a list. What is None is not for the one who looks."""

    placement: str
    pupil_name: str | None = None
    provider_name: str | None = None
    stage: str
    held: bool
    start: date | None = None
    week: tuple[int, int] | None = None
    attendance: Count | None = None
    weeks: list[tuple[date, int, int]] | None = None
    on_track: tuple[int, int] | None = None
    """Objectives on track, of all."""
    next_duty: str | None = None
    next_due: date | None = None
    breached: list[str] = []
    alerts: dict[str, int] = {}


SORTS: Mapping[str, InstrumentedAttribute[Any]] = {
    "next": Standing.next_due,
    "ref": Standing.ref,
    "stage": Standing.stage,
    "start": Standing.start,
    "breached": Standing.breached,
    "missed": Standing.missed,
}
"""What a list may be sorted by; with a hyphen before it, the other way round."""


def placements(session: Session, viewer: Viewer, asked: Asked, size: int | None = A_PAGE) -> Listed[PlacementRow]:
    """A page of the placements somebody may see; `size` None: all of them, for an export."""
    where = list(_where(session, viewer, asked))
    total = session.scalar(select(func.count()).select_from(Standing).where(viewer.in_reach(), *where)) or 0
    pages = max(1, -(-total // size)) if size else 1
    page = min(max(asked.page, 1), pages)
    wanted = viewer.standings(Standing.placement_id).where(*where).order_by(*_order(asked.sort))
    if size:
        wanted = wanted.limit(size).offset((page - 1) * size)
    ids = session.scalars(wanted).all()
    return Listed[PlacementRow](rows=rows(session, viewer, ids), total=total, page=page, pages=pages)


def rows(session: Session, viewer: Viewer, ids: Sequence[int]) -> list[PlacementRow]:
    """Rows of these placements, in this order."""
    if not ids:
        return []
    cases = {case.id: case for case in load_cases(session, viewer.school, ids)}
    counts = open_alerts_by_placement(session, viewer, ids)
    return [_row(viewer, cases[id_], counts.get(id_, {})) for id_ in ids if id_ in cases]


def open_alerts_by_placement(session: Session, viewer: Viewer, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """How many open alerts of each severity, as raised, each of these placements has."""
    ended = select(AlertStep.id).where(AlertStep.alert_id == Alert.id, AlertStep.step.in_(ENDINGS)).exists()
    found: dict[int, dict[str, int]] = {}
    for row in session.execute(
        select(Alert.placement_id, Alert.severity, func.count().label("n"))
        .where(Alert.placement_id.in_(ids), Alert.school_id == viewer.school_id, ~ended)
        .group_by(Alert.placement_id, Alert.severity)
    ):
        found.setdefault(row.placement_id, {})[row.severity] = row.n
    return found


def _where(session: Session, viewer: Viewer, asked: Asked) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [] if asked.closed else [Standing.live.is_(True)]
    if asked.stage in STAGES:
        where.append(Standing.stage == asked.stage)
    if asked.provider:
        of_provider = select(Provider.id).where(Provider.school_id == viewer.school_id, Provider.ref == asked.provider)
        where.append(Standing.provider_id.in_(of_provider))
    if asked.overdue:
        where.append(Standing.breached > 0)
    return where


def _order(sort: str) -> list[ColumnElement[Any]]:
    name, down = sort.lstrip("-"), sort.startswith("-")
    column = SORTS.get(name, Standing.next_due)
    ordered = desc(column) if down else asc(column)
    return [ordered.nulls_last(), asc(Standing.placement_id)]


def _row(viewer: Viewer, case: Case, alerts: dict[str, int]) -> PlacementRow:
    sight, day = viewer.sight(case), viewer.today
    row = PlacementRow(placement=case.ref, stage=stage(case, viewer.at), held=on_hold(case, viewer.at))
    if sight.facts >= Facts.DATES:
        row.pupil_name = case.pupil.details.name
        row.provider_name = case.provider.details_on(day).name
        row.start = planned_start(case)
        ends = placement_shown(case, viewer.at)["period_ends"]
        if ends:
            whole = (date.fromisoformat(ends) - row.start).days // 7 + 1
            row.week = (min(max((day - row.start).days // 7 + 1, 0), whole), whole)
        duties = deadlines(case, viewer.at)
        pending = sorted((d.due, d.duty) for d in duties if d.due and d.verdict == "pending")
        row.next_due, row.next_duty = pending[0] if pending else (None, None)
        row.breached = [d.duty for d in duties if d.verdict == "breached"]
        row.alerts = alerts
    if sight.attendance >= Attendance.SUMMARY:
        first = start_day(case) or planned_start(case)
        tally = combined(case, first, day)
        row.attendance = Count(register_="both together", attended=tally.possible - tally.missed, possible=tally.possible)
        row.weeks = weeks_of(case, first, day)
    if sight.facts >= Facts.ALL:
        row.on_track = _on_track(case)
    return row


def _on_track(case: Case) -> tuple[int, int] | None:
    """Objectives assessed as met, or else last rated green, of all."""
    plan = agreed_plan(case)
    if plan is None:
        return None
    results = {row.objective: row.result for row in case.of(ObjectiveAssessment)}
    report = case.newest(ProgressReport)
    ratings = report.ratings if report else {}
    names = [o.name for o in objectives(case, plan)]
    return sum(results.get(n) == "met" or (n not in results and ratings.get(n) == "green") for n in names), len(names)
