"""Lists of placements, filtered, sorted and paged by the database; each row that is shown is worked out afresh."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session, aliased

from models.placement import Start
from models.plan import ObjectiveAssessment, ProgressReport
from models.provider import Provider
from models.pupil import PupilDetails
from models.standing import Standing
from offsite.access.sight import Attendance, Facts, Sight, shows_names
from offsite.access.viewer import Viewer
from offsite.case.case import Case
from offsite.case.direction.period import last_day
from offsite.case.direction.plans import agreed_plan, objectives
from offsite.case.direction.terms import on_hold, planned_start, start_day
from offsite.case.loading import load_cases
from offsite.case.stage import STAGES, stage
from offsite.casework.tasks.gates import shut_gates
from offsite.views.listed import A_PAGE, Asked, Cut, Listed, Order, Sorted, Sorts, cut
from offsite.views.placements.placement import Count, counted_together
from offsite.views.safeguarding.alerts import open_alerts_of


class PlacementsAsked(Asked):
    """How a list of placements was asked for."""

    stage: str | None = Field(None, max_length=40)
    provider: str | None = Field(None, max_length=60)
    overdue: bool = False
    closed: bool = False


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
    on_track: tuple[int, int] | None = None
    """Objectives on track, of all."""
    next_duty: str | None = None
    next_due: date | None = None
    breached: list[str] = []
    gates_shut: list[str] = []
    """Why it cannot start yet."""
    overridden: list[str] = []
    """Gates that were overridden at the start."""
    alerts: dict[str, int] = {}


class RowAcross(PlacementRow):
    """One placement in a list across schools. References are a school's own: the same one names another child elsewhere."""

    school: str
    """Its name."""
    person_id: int
    """Whom the one who looks acts for at that school: only as that person can the placement be opened."""


SORTS: Sorts = {
    "placement": Standing.ref,
    "stage": Standing.stage,
    "start": Standing.start,
    "attendance": (Standing.possible - Standing.missed) * 1.0 / func.nullif(Standing.possible, 0),
    "next_due": Standing.next_due,
    "breached": Standing.breached,
}
Enough = Callable[[Sight], bool]
SHOWN_WITH: Mapping[str, Enough] = {
    **dict.fromkeys(("provider", "overdue", "start", "next_due", "breached"), shows_names),
    "attendance": lambda sight: sight.attendance >= Attendance.SUMMARY,
}
"""What it takes to be shown what a list is narrowed or sorted by. The stage, and that a placement is there, all are shown."""


def placements(session: Session, viewer: Viewer, asked: PlacementsAsked, size: int | None = A_PAGE) -> Listed[PlacementRow]:
    """A page of the placements somebody may see; `size` None: all of them, for an export."""
    page = placement_ids(session, viewer, asked, size)
    return page.listed(rows(session, viewer, page.found))


def across_schools(
    session: Session, viewers: Sequence[Viewer], asked: PlacementsAsked, size: int | None = A_PAGE
) -> Listed[RowAcross]:
    """A page of the placements an authority's officer may see at all the schools that share; each row names its school."""
    within = [and_(viewer.in_reach(), *_where(viewer, asked)) for viewer in viewers]
    wanted = select(Standing.placement_id).where(or_(false(), *within))
    page = cut(session, wanted, asked, *_orders(viewers), size)
    of_school: dict[int, list[int]] = {}
    for id_, school in session.execute(
        select(Standing.placement_id, Standing.school_id).where(Standing.placement_id.in_(page.found))
    ).tuples():
        of_school.setdefault(school, []).append(id_)
    shown: dict[int, RowAcross] = {}
    for viewer in viewers:
        ids, name = of_school.get(viewer.school_id, []), viewer.school.details_on(viewer.today).name
        for id_, row in zip(ids, rows(session, viewer, ids), strict=True):
            shown[id_] = RowAcross(**dict(row), school=name, person_id=viewer.person_id)
    return page.listed([shown[id_] for id_ in page.found])


def placement_ids(session: Session, viewer: Viewer, asked: PlacementsAsked, size: int | None = A_PAGE) -> Cut[int]:
    """Which placements a page of the list is about."""
    wanted = viewer.standings(Standing.placement_id).where(*_where(viewer, asked))
    return cut(session, wanted, asked, *_orders([viewer]), size)


def may_ask(viewer: Viewer, name: str) -> bool:
    """Whether a list may be narrowed, or sorted, by this: whether a role of theirs is shown it of any placement."""
    return name not in SHOWN_WITH or bool(viewer.seeing(SHOWN_WITH[name]).roles)


def _orders(viewers: Sequence[Viewer]) -> tuple[Sorts, Order]:
    """What the list may be sorted by, and its own order, the next duty first: what is not shown sorts as if it were missing."""
    sorts = {name: _as_shown(viewers, name, column) for name, column in SORTS.items()}
    return sorts, (sorts["next_due"].asc().nulls_last(), Standing.placement_id.asc())


def _as_shown(viewers: Sequence[Viewer], name: str, column: Sorted) -> Sorted:
    enough = SHOWN_WITH.get(name)
    if enough is None or all(enough(viewer.everywhere) for viewer in viewers):
        return column
    return sql_case((or_(false(), *(viewer.seeing(enough).in_reach() for viewer in viewers)), column))


def rows(session: Session, viewer: Viewer, ids: Sequence[int]) -> list[PlacementRow]:
    """Rows of these placements, in this order."""
    if not ids:
        return []
    cases = {case.id: case for case in load_cases(session, viewer.school, ids)}
    counts = open_alerts_of(session, viewer, ids)
    return [_row(viewer, cases[id_], counts.get(id_, {})) for id_ in ids if id_ in cases]


def _where(viewer: Viewer, asked: PlacementsAsked) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [] if asked.closed else [Standing.live.is_(True)]
    if asked.stage in STAGES:
        where.append(Standing.stage == asked.stage)
    if asked.provider:
        of_provider = select(Provider.id).where(Provider.school_id == viewer.school_id, Provider.ref == asked.provider)
        where.append(Standing.provider_id.in_(of_provider))
    if asked.overdue:
        where.append(Standing.breached > 0)
    if asked.provider or asked.overdue:
        where.append(viewer.seeing(shows_names).in_reach())
    if asked.q:
        where.append(called(viewer, asked.q))
    return where


def called(viewer: Viewer, letters: str) -> ColumnElement[bool]:
    """Placements whose reference begins so; or whose pupil's name holds these letters, where they may see it."""
    found = func.lower(Standing.ref).startswith(letters.lower(), autoescape=True)
    details = aliased(PupilDetails)
    named = select(details.pupil_id).where(
        details.pupil_id == Standing.pupil_id, func.lower(details.name).contains(letters.lower(), autoescape=True)
    )
    return or_(found, and_(viewer.seeing(shows_names).in_reach(), named.exists()))


def _row(viewer: Viewer, case: Case, alerts: dict[str, int]) -> PlacementRow:
    sight, day = viewer.sight(case), viewer.today
    row = PlacementRow(placement=case.ref, stage=stage(case, viewer.at), held=on_hold(case, viewer.at))
    if sight.facts >= Facts.DATES:
        row.pupil_name = case.pupil.details.name
        row.provider_name = case.provider.details_on(day).name
        row.start = planned_start(case)
        ends = last_day(case)
        if ends is not None:
            whole = (ends - row.start).days // 7 + 1
            row.week = (min(max((day - row.start).days // 7 + 1, 0), whole), whole)
        duties = viewer.duties(case)
        pending = sorted((d.due, d.duty) for d in duties if d.due and d.verdict == "pending")
        row.next_due, row.next_duty = pending[0] if pending else (None, None)
        row.breached = [d.duty for d in duties if d.verdict == "breached"]
        row.alerts = alerts
    if sight.attendance >= Attendance.SUMMARY:
        first = start_day(case) or planned_start(case)
        row.attendance = counted_together(case, first, day)
    if sight.facts >= Facts.ALL:
        row.on_track = on_track(case)
        if row.stage in ("setup", "objectives"):
            row.gates_shut = [gate.name for gate in shut_gates(case, day)]
        begun = case.newest(Start)
        row.overridden = list(begun.gates_shut) if begun else []
    return row


def on_track(case: Case) -> tuple[int, int] | None:
    """Objectives assessed as met, or else last rated green, of all."""
    plan = agreed_plan(case)
    if plan is None:
        return None
    results = {row.objective: row.result for row in case.of(ObjectiveAssessment)}
    report = case.newest(ProgressReport)
    ratings = report.ratings if report else {}
    names = [o.name for o in objectives(case, plan)]
    return sum(results.get(n) == "met" or (n not in results and ratings.get(n) == "green") for n in names), len(names)
