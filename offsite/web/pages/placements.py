"""Placements: the list, filtered, sorted, paged and exported, and one placement's page."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from offsite.access.sight import EVERYTHING, shows_names
from offsite.access.viewer import Viewer
from offsite.case.stage import STAGES
from offsite.letters.charts import progress_chart
from offsite.views.listed import Asked
from offsite.views.placements.chronology import EventView, chronology_of, sees_chronology
from offsite.views.placements.placement import placement_view
from offsite.views.placements.placements import PlacementRow, PlacementsAsked, may_ask, placements
from offsite.views.safeguarding.alerts import AlertsAsked, open_alerts
from offsite.web.tables import Column, Filter, Table, params_of
from offsite.web.visit import Refuse, Visit, area
from offsite.web.wording import word_for

router = APIRouter()
Visiting = Annotated[Visit, Depends(area("placements"))]
NEXT_STEPS: dict[str, tuple[str, ...]] = {
    "setup": ("record_consultation", "assess_risk", "determine", "agree_plan", "serve_notice", "register_at_provider",
              "change_placement", "start", "withdraw"),
    "objectives": ("agree_plan", "register_at_provider", "start", "change_placement", "withdraw"),
    "review": ("report_progress", "assess_objective", "record_contact", "record_visit", "schedule_review", "request_review",
               "request_readiness", "assess_readiness", "plan_return", "change_placement", "record_partnership"),
    "reintegration": ("plan_return", "begin_return", "step_back", "record_return_check", "assess_readiness", "schedule_review"),
    "closed": ("record_return_check",),
}  # fmt: skip
"""What is done in each stage, in the order in which it is usually done."""
STAGES_TELL: dict[str, str] = {
    "setup": "Set up: purpose, consultations, checks, determination, notice",
    "objectives": "Agree objectives and a plan in writing",
    "review": "Attend, and be reviewed at meetings of the governing body",
    "reintegration": "Return, phase by phase, with a key adult",
    "closed": "Close: reason, final report, checks afterwards",
}
"""The stages in order, each with what it holds (domain.md, 5)."""
ALWAYS = ("raise_concern", "put_on_hold", "lift_hold", "review_safety", "record_statutory_step", "close")


COLUMNS: tuple[Column[PlacementRow], ...] = (
    Column("placement", "Placement"),
    Column("pupil_name", "", sorts=False),
    Column("provider_name", "", sorts=False),
    Column("stage", "Stage"),
    Column("held", "", sorts=False),
    Column("start", "Week"),
    Column("attendance", "Attendance", lambda row: row.attendance and f"{row.attendance.attended}/{row.attendance.possible}"),
    Column("on_track", "On track", lambda row: row.on_track and f"{row.on_track[0]}/{row.on_track[1]}", sorts=False),
    Column("next_duty", "", sorts=False),
    Column("next_due", "Next duty"),
    Column("breached", "Exceptions"),
)
FEW = 5
"""Contacts, and concerns, on a placement's page; all of them are on pages of their own."""
LETTERS = "Reference or pupil's name"
FILTERS = (
    Filter("stage", "Stage", tuple((stage, word_for(stage)) for stage in STAGES)),
    Filter("overdue", "Only overdue"),
    Filter("closed", "Closed too"),
)


def asked_by(viewer: Viewer) -> tuple[list[Column[PlacementRow]], list[Filter], str]:
    """Columns, filters and letters as they are offered to somebody: none that asks for what they are not shown."""
    columns = [column if may_ask(viewer, column.key) else replace(column, sorts=False) for column in COLUMNS]
    filters = [offered for offered in FILTERS if may_ask(viewer, offered.name)]
    return columns, filters, LETTERS if viewer.seeing(shows_names).roles else "Reference"


def placement_table(visit: Visit, asked: PlacementsAsked, path: str) -> Table[PlacementRow]:
    """The placements somebody may see, as a list at one of its addresses."""
    listed = placements(visit.session, visit.who, asked, visit.page_size)
    columns, filters, letters = asked_by(visit.who)
    kept = {"provider": asked.provider} if asked.provider else {}
    return Table(path, "Placements", columns, listed, params_of(asked), filters, letters, kept)


@router.get("/placements")
@router.get("/placements.csv")
def listed(visit: Visiting, asked: Annotated[PlacementsAsked, Query()]) -> Response:
    """The placements somebody may see."""
    return visit.table_page("placements.html", placement_table(visit, asked, "/placements"))


@router.get("/placements/{ref}")
def one(visit: Visiting, ref: str) -> Response:
    """One placement."""
    found = placement_view(visit.session, visit.who, ref, visit.texts)
    if found is None:
        raise Refuse(404, "That placement is not on record", "Or it is not yours to see.")
    view, case = found
    steps = [name for name in (*NEXT_STEPS[view.stage], *ALWAYS) if visit.who.may(name)]
    if view.stage == "closed":
        steps = [name for name in steps if name in ("record_return_check", "raise_concern")]
    return visit.page(
        "placement.html",
        p=view,
        steps=[name for name in steps if name != ("lift_hold" if not view.held else "put_on_hold")],
        alerts=open_alerts(visit.session, visit.who, AlertsAsked(placement=ref)) if visit.who.may("acknowledge") else None,
        few=FEW,
        progress=progress_chart([(o.name, [r for _, r in o.ratings]) for o in view.objectives]) if view.objectives else None,
        tells=STAGES_TELL,
        glass=visit.who.may("break_glass") and visit.who.sight(case) != EVERYTHING,
    )


ENTRIES: tuple[Column[EventView], ...] = (
    Column("number", "Entry"),
    Column("happened", "Happened"),
    Column("recorded", "", sorts=False),
    Column("what", "What"),
    Column("by", "By"),
    Column("late_entry", "", sorts=False),
    Column("corrected", "Notes", sorts=False),
)


@router.get("/placements/{ref}/chronology")
@router.get("/placements/{ref}/chronology.csv")
def chronology(visit: Visiting, ref: str, asked: Annotated[Asked, Query()]) -> Response:
    """The chronology of one placement, with its verification mark."""
    found = placement_view(visit.session, visit.who, ref, visit.texts)
    if found is None or not sees_chronology(visit.who, found[1]):
        raise Refuse(404, "That placement is not on record")
    view, case = found
    listed = chronology_of(visit.session, visit.who, case, asked, visit.page_size)
    path, params = f"/placements/{ref}/chronology", params_of(asked)
    table = Table(path, f"Chronology of {ref}", ENTRIES, listed, params, letters="What, by whom, or entry number")
    return visit.table_page("chronology.html", table, p=view)
