"""The clerk's calendar, the head's overview, the governor's next meeting, the plans of SENCO and designated teacher."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from offsite.views.duties import duties, requests_tested
from offsite.views.lists import Asked, placements
from offsite.web.visit import Visit, area

router = APIRouter()


@router.get("/clerk")
def clerk(visit: Annotated[Visit, Depends(area("clerk"))], page: int = 1) -> Response:
    """What must be sent, held or minuted, by which day."""
    return visit.page(
        "clerk.html", duties=duties(visit.session, visit.who, page), requests=requests_tested(visit.session, visit.who)
    )


@router.get("/head")
def head(visit: Annotated[Visit, Depends(area("head"))], asked: Annotated[Asked, Query()]) -> Response:
    """One row a live placement."""
    return visit.page("overview.html", listed=placements(visit.session, visit.who, asked), path="/head", title="Overview")


@router.get("/senco")
def senco(visit: Annotated[Visit, Depends(area("senco"))], asked: Annotated[Asked, Query()]) -> Response:
    """Plans, objectives and readiness, a row a placement."""
    return visit.page("overview.html", listed=placements(visit.session, visit.who, asked), path="/senco", title="Plans")


@router.get("/governor")
def governor(visit: Annotated[Visit, Depends(area("governor"))], asked: Annotated[Asked, Query()]) -> Response:
    """The packs of the next meeting, and nothing else."""
    found = placements(visit.session, visit.who, asked)
    return visit.page("governor.html", listed=found, meets_on=visit.who.next_meeting)
