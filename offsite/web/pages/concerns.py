"""Concerns: one concern with its text, each look at which is logged and shown to the safeguarding lead."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from offsite.views.listed import Asked
from offsite.views.safeguarding.concerns import concern_view, log_look
from offsite.views.safeguarding.looks import BrokenRow, LookRow, broken_glass, looks
from offsite.web.tables import Column, Table, params_of
from offsite.web.visit import Refuse, Visit, area

router = APIRouter()


STEPS = ("triage_concern", "find_child", "refer_to_lado", "close_concern")


@router.get("/concerns/{name}")
def one(visit: Annotated[Visit, Depends(area("concerns"))], name: str) -> Response:
    """A concern. Its text is shown to DSL and deputy, and to whoever raised it; never to whom it is against."""
    found = concern_view(visit.session, visit.who, name, visit.texts)
    if found is None:
        raise Refuse(404, "That concern is not on record")
    if found.texts:
        log_look(visit.edge.database, visit.who, name, "page")
    return visit.page("concern.html", concern=found, steps=[s for s in STEPS if visit.who.may(s) and not found.closed])


LOOKS: tuple[Column[LookRow], ...] = (
    Column("at", "When"),
    Column("by", "Who"),
    Column("concern", "Concern"),
    Column("through", "Through"),
)
BROKEN: tuple[Column[BrokenRow], ...] = (
    Column("at", "When"),
    Column("by", "Who"),
    Column("placement", "Placement"),
    Column("reason", "Reason", sorts=False),
)


@router.get("/looks")
@router.get("/looks.csv")
def who_looked(visit: Annotated[Visit, Depends(area("looks"))], asked: Annotated[Asked, Query()]) -> Response:
    """Who read the text of a concern, and who broke the glass: the newest first."""
    found = looks(visit.session, visit.who, asked, visit.page_size)
    table = Table("/looks", "Concerns whose text was read", LOOKS, found, params_of(asked), letters="Person or concern")
    return visit.table_page("looks.html", table, broken=_broken(visit, Asked()))


@router.get("/looks/broken-glass")
@router.get("/looks/broken-glass.csv")
def who_broke_glass(visit: Annotated[Visit, Depends(area("looks"))], asked: Annotated[Asked, Query()]) -> Response:
    """Every placement that was opened by breaking the glass."""
    return visit.table_page("broken_glass.html", _broken(visit, asked))


def _broken(visit: Visit, asked: Asked) -> Table[BrokenRow]:
    found = broken_glass(visit.session, visit.who, visit.texts, asked, visit.page_size)
    caption, letters = "Placements opened by breaking the glass", "Person or placement"
    return Table("/looks/broken-glass", caption, BROKEN, found, params_of(asked), letters=letters)
