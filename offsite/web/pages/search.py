"""Search."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from offsite.views.listed import Asked
from offsite.views.search import MOST, Hit, search
from offsite.web.tables import Column, Table, cut_here, params_of
from offsite.web.visit import Visit, area

router = APIRouter()
HITS: tuple[Column[Hit], ...] = (Column("kind", "What"), Column("words", "Found"), Column("path", "", sorts=False))


@router.get("/search")
@router.get("/search.csv")
def page(visit: Annotated[Visit, Depends(area("search"))], asked: Annotated[Asked, Query()]) -> Response:
    """What answers a few letters."""
    hits = search(visit.session, visit.who, asked.q)
    listed = cut_here(hits, HITS, asked.model_copy(update={"q": ""}), visit.page_size)
    table = Table("/search", f"What answers {asked.q!r}", HITS, listed, params_of(asked))
    return visit.table_page("search.html", table, q=asked.q, more=len(hits) >= MOST)
