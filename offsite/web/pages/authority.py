"""The authority's officer: pupils with a plan, and counts of the others, across the schools that share."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from offsite.access.viewer import Viewer, viewer_for
from offsite.accounts import sessions
from offsite.views.authority import counts
from offsite.views.lists import Asked, Listed, PlacementRow, placements
from offsite.web.visit import Visit, area

router = APIRouter()


@dataclass(frozen=True)
class OfSchool:
    """What one school shares."""

    name: str
    listed: Listed[PlacementRow]


@router.get("/authority")
def authority(visit: Annotated[Visit, Depends(area("authority"))], page: int = 1) -> Response:
    """Every school that entered this officer as its authority's."""
    viewers = _viewers(visit)
    shared = [OfSchool(v.school.details_on(v.today).name, placements(visit.session, v, Asked(page=page))) for v in viewers]
    return visit.page("authority.html", shared=shared, counts=counts(visit.session, viewers))


def _viewers(visit: Visit) -> list[Viewer]:
    assert visit.account is not None
    found = []
    for person in sessions.memberships(visit.session, visit.account.id):
        viewer = viewer_for(visit.session, person.id, visit.at)
        if viewer is not None and viewer.holds("local_authority"):
            found.append(viewer)
    return found
