"""Placements: the list, filtered, sorted, paged and exported, and one placement's page."""

import csv
import io
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from offsite.casework.commands.correct import UNCORRECTABLE
from offsite.views.alerts import open_alerts
from offsite.views.lists import SORTS, Asked, placements
from offsite.views.placement import placement_view
from offsite.web.charts import attendance_chart, progress_chart
from offsite.web.visit import Refuse, Visit, area

router = APIRouter()
Visiting = Annotated[Visit, Depends(area("placements"))]
NEXT_STEPS: dict[str, tuple[str, ...]] = {
    "setup": ("record_consultation", "assess_risk", "determine", "agree_plan", "serve_notice", "register_at_provider",
              "change_placement", "start", "withdraw"),
    "objectives": ("agree_plan", "register_at_provider", "start", "change_placement", "withdraw"),
    "review": ("report_progress", "assess_objective", "record_contact", "record_visit", "schedule_review", "request_review",
               "request_readiness", "plan_return", "change_placement"),
    "reintegration": ("plan_return", "begin_return", "step_back", "record_return_check", "assess_readiness", "schedule_review"),
    "closed": ("record_return_check",),
}  # fmt: skip
"""What is done in each stage, in the order in which it is usually done."""
ALWAYS = ("raise_concern", "put_on_hold", "lift_hold", "review_safety", "record_statutory_step", "close")


@router.get("/placements")
def listed(visit: Visiting, asked: Annotated[Asked, Query()]) -> Response:
    """The placements somebody may see."""
    return visit.page("placements.html", listed=placements(visit.session, visit.who, asked), asked=asked, sorts=SORTS)


@router.get("/placements.csv")
def exported(visit: Visiting, asked: Annotated[Asked, Query()]) -> Response:
    """The same list, all of it, as CSV: with no more in it than the page shows."""
    found = placements(visit.session, visit.who, asked, None)
    columns = ("placement", "pupil_name", "provider_name", "stage", "held", "start", "next_duty", "next_due")
    return as_csv("placements", columns, [[getattr(row, c) for c in columns] for row in found.rows])


def as_csv(name: str, columns: tuple[str, ...], rows: list[list[Any]]) -> Response:
    """A CSV file. A cell that a spreadsheet would run is given an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(["" if v is None else f"'{v}" if str(v)[:1] in "=+-@\t\r" else v for v in row])
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/placements/{ref}")
def one(visit: Visiting, ref: str) -> Response:
    """One placement."""
    found = placement_view(visit.session, visit.who, ref, visit.texts)
    if found is None:
        may_break = visit.who.may("break_glass")
        raise Refuse(404, "That placement is not on record", "Or it is not yours to see." if may_break else "")
    view, _ = found
    steps = [name for name in (*NEXT_STEPS[view.stage], *ALWAYS) if visit.who.may(name)]
    if view.stage == "closed":
        steps = [name for name in steps if name in ("record_return_check", "raise_concern")]
    return visit.page(
        "placement.html",
        p=view,
        steps=[name for name in steps if name != ("lift_hold" if not view.held else "put_on_hold")],
        alerts=open_alerts(visit.session, visit.who, 1, None, placement=ref).rows if visit.who.may("acknowledge") else [],
        chart=attendance_chart(view.weeks) if view.weeks else None,
        progress=progress_chart(view.objectives) if view.objectives else None,
        uncorrectable=UNCORRECTABLE,
    )
