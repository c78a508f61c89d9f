"""What somebody recorded, each entry with the way to correct it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from offsite.views.listed import Asked
from offsite.views.placements.entries import EntryRow, entries
from offsite.web.tables import Column, Table, params_of
from offsite.web.visit import Visit, area

router = APIRouter()
ENTRIES: tuple[Column[EntryRow], ...] = (
    Column("number", "Entry"),
    Column("happened", "Happened"),
    Column("recorded", "Recorded", sorts=False),
    Column("what", "What"),
    Column("by", "By"),
    Column("placement", "Placement", sorts=False),
    Column("corrected", "Notes", sorts=False),
)


@router.get("/entries")
@router.get("/entries.csv")
def own(visit: Annotated[Visit, Depends(area("entries"))], asked: Annotated[Asked, Query()]) -> Response:
    """One's own entries; for leaders those about the school as well."""
    listed = entries(visit.session, visit.who, asked, visit.page_size)
    table = Table("/entries", "Entries", ENTRIES, listed, params_of(asked), letters="What was recorded")
    return visit.table_page("entries.html", table)
