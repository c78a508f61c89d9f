"""The clerk's calendar, the head's overview, the governor's next meeting, the plans of SENCO and designated teacher."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from offsite.views.papers.duties import CLERKS, DutiesAsked, DutyRow, RequestRow, RequestsAsked, duties, requests_tested
from offsite.views.papers.packs import packs_built
from offsite.views.placements.placements import PlacementRow, PlacementsAsked
from offsite.views.placements.plans import PlanRow, plans
from offsite.web.pages.placements import FILTERS, LETTERS, placement_table
from offsite.web.tables import Column, Filter, Table, params_of
from offsite.web.visit import Visit, area
from offsite.web.wording import word_for

router = APIRouter()
DUTIES: tuple[Column[DutyRow], ...] = (
    Column("due", "Due"),
    Column("days_left", "Days left"),
    Column("duty", "What"),
    Column("of", "", sorts=False),
    Column("placement", "Placement"),
    Column("pupil_name", "", sorts=False),
    Column("limit", "Plain limit", sorts=False),
    Column("verdict", "", sorts=False),
    Column("source", "Source", sorts=False),
    Column("do", "Do", lambda row: "", sorts=False),
)
BY_DUTY = (
    Filter("duty", "Next duty", tuple((duty, word_for(duty)) for duty in CLERKS)),
    Filter("overdue", "Only overdue"),
)
REQUESTS: tuple[Column[RequestRow], ...] = (
    Column("asked_on", "Asked on"),
    Column("asked_by", "By"),
    Column("placement", "Placement"),
    Column("pupil_name", "", sorts=False),
    Column("window", "Ten weeks before", lambda row: f"{row.window[0]} to {row.window[1]}", sorts=False),
    Column("last_held", "Last held before it"),
    Column("owed", "Review owed?", sorts=False),
    Column("because", "", sorts=False),
    Column("answered", "", sorts=False),
    Column("do", "Do", lambda row: "", sorts=False),
)
UNANSWERED = (Filter("unanswered", "Only unanswered"),)
PLANS: tuple[Column[PlanRow], ...] = (
    Column("placement", "Placement"),
    Column("pupil_name", "", sorts=False),
    Column("stage", "Stage"),
    Column("agreed", "Plan agreed", sorts=False),
    Column("on_track", "On track", lambda row: row.on_track and f"{row.on_track[0]}/{row.on_track[1]}", sorts=False),
    Column("ready", "Readiness", lambda row: row.ready and f"{row.ready[0]}/{row.ready[1]}", sorts=False),
    Column("do", "Do", lambda row: "", sorts=False),
)


@router.get("/clerk")
@router.get("/clerk.csv")
def clerk(visit: Annotated[Visit, Depends(area("clerk"))], asked: Annotated[DutiesAsked, Query()]) -> Response:
    """What must be sent, held or minuted, by which day."""
    listed = duties(visit.session, visit.who, asked, visit.page_size)
    caption, params = "What must be sent, held or minuted", params_of(asked)
    table = Table("/clerk", caption, DUTIES, listed, params, BY_DUTY, LETTERS, of_what="placements")
    return visit.table_page("clerk.html", table, requests=_requests(visit, RequestsAsked()))


@router.get("/clerk/requests")
@router.get("/clerk/requests.csv")
def requests(visit: Annotated[Visit, Depends(area("clerk"))], asked: Annotated[RequestsAsked, Query()]) -> Response:
    """Every request for review of a live placement, with the ten-week test worked out."""
    return visit.table_page("requests.html", _requests(visit, asked))


def _requests(visit: Visit, asked: RequestsAsked) -> Table[RequestRow]:
    listed = requests_tested(visit.session, visit.who, asked, visit.page_size)
    return Table("/clerk/requests", "Requests for review", REQUESTS, listed, params_of(asked), UNANSWERED, LETTERS)


@router.get("/head")
@router.get("/head.csv")
def head(visit: Annotated[Visit, Depends(area("head"))], asked: Annotated[PlacementsAsked, Query()]) -> Response:
    """One row a live placement, with its exceptions, the gates that are shut and those that were overridden."""
    return visit.table_page("overview.html", placement_table(visit, asked, "/head"))


@router.get("/senco")
@router.get("/senco.csv")
def senco(visit: Annotated[Visit, Depends(area("senco"))], asked: Annotated[PlacementsAsked, Query()]) -> Response:
    """Plans, objectives and readiness, a row a placement."""
    listed = plans(visit.session, visit.who, asked, visit.page_size)
    table = Table("/senco", "Plans of live placements", PLANS, listed, params_of(asked), FILTERS, LETTERS)
    return visit.table_page("plans.html", table)


@router.get("/governor")
@router.get("/governor.csv")
def governor(visit: Annotated[Visit, Depends(area("governor"))], asked: Annotated[PlacementsAsked, Query()]) -> Response:
    """The packs of the next meeting, and nothing else."""
    papers = Column[PlacementRow]("papers", "Papers", lambda row: "", sorts=False)
    found = placement_table(visit, asked, "/governor")
    table = replace(
        found,
        caption="Placements reviewed at the next meeting",
        columns=(*found.columns, papers),
        filters=[offered for offered in found.filters if offered.name != "closed"],
    )
    packs = packs_built(visit.session, visit.who, [row.placement for row in table.listed.rows])
    return visit.table_page("governor.html", table, meets_on=visit.who.next_meeting, packs=packs)
