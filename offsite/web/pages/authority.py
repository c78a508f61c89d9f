"""The authority's officer: pupils with a plan, and counts of the others, across the schools that share."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from offsite.access.viewer import Viewer, viewer_for
from offsite.accounts import sessions
from offsite.views.listed import Asked
from offsite.views.placements.placements import PlacementsAsked, across_schools
from offsite.views.school.authority import Shown, counts
from offsite.web.pages.placements import COLUMNS, FILTERS, LETTERS
from offsite.web.tables import Column, Table, cut_here, params_of
from offsite.web.visit import Visit, area

router = APIRouter()


COUNTS: tuple[Column[Shown], ...] = (
    Column("school", "School"),
    Column("provider", "Provider"),
    Column("placements", "Placements"),
    Column("checks", "Checks"),
)


@router.get("/authority")
@router.get("/authority.csv")
def authority(visit: Annotated[Visit, Depends(area("authority"))], asked: Annotated[PlacementsAsked, Query()]) -> Response:
    """Pupils with a plan at every school that entered this officer as its authority's; counts of all others."""
    viewers = _viewers(visit)
    listed = across_schools(visit.session, viewers, asked, visit.page_size)
    columns: tuple[Column[Any], ...] = (Column("school", "School", sorts=False), *COLUMNS)
    table = Table("/authority", "Pupils with an EHC plan", columns, listed, params_of(asked), FILTERS, LETTERS)
    return visit.table_page("authority.html", table, counts=_counts(visit, viewers, Asked()))


@router.get("/authority/counts")
@router.get("/authority/counts.csv")
def authority_counts(visit: Annotated[Visit, Depends(area("authority"))], asked: Annotated[Asked, Query()]) -> Response:
    """Placements by school and provider, small numbers hidden."""
    return visit.table_page("authority_counts.html", _counts(visit, _viewers(visit), asked))


def _counts(visit: Visit, viewers: list[Viewer], asked: Asked) -> Table[Shown]:
    listed = cut_here(counts(visit.session, viewers), COUNTS, asked, visit.page_size)
    letters = "School or provider"
    return Table("/authority/counts", "Placements by school and provider", COUNTS, listed, params_of(asked), letters=letters)


def _viewers(visit: Visit) -> list[Viewer]:
    assert visit.account is not None
    found = []
    for person in sessions.memberships(visit.session, visit.account.id):
        viewer = visit.who if person.id == visit.who.person_id else viewer_for(visit.session, person.id, visit.at)
        if viewer is not None and viewer.holds("local_authority"):
            found.append(viewer)
    return found
