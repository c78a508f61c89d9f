"""Search."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from offsite.views.search import search
from offsite.web.visit import Visit, area

router = APIRouter()


@router.get("/search")
def page(visit: Annotated[Visit, Depends(area("search"))], q: str = "") -> Response:
    """What answers a few letters."""
    return visit.page("search.html", q=q, hits=search(visit.session, visit.who, q))
