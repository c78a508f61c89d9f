"""The first page after signing in: each role's own."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from offsite.access.areas import homes
from offsite.web.visit import Visit, area

router = APIRouter()


@router.get("/")
def home(visit: Annotated[Visit, Depends(area("account"))]) -> Response:
    """Go to the page of one's role."""
    first = homes(visit.who.roles)[0]
    return visit.to("/placements" if first == "placements" else f"/{first}")
