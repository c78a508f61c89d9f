"""What must be sent, held or minuted; requests for review; plans; what an authority's officer is told in numbers."""

from typing import Annotated

from fastapi import Query

from offsite.views.listed import Listed
from offsite.views.papers.duties import DutiesAsked, DutyRow, RequestRow, RequestsAsked, duties, requests_tested
from offsite.views.placements.placements import PlacementsAsked
from offsite.views.placements.plans import PlanRow, plans
from offsite.views.school.authority import Shown, counts
from offsite.web.api.caller import Caller, area
from offsite.web.api.room import room

router = room("governance")
Clerking = Annotated[Caller, area("clerk")]


@router.get("/duties")
def list_duties(caller: Clerking, asked: Annotated[DutiesAsked, Query()]) -> Listed[DutyRow]:
    """What must be sent, held or minuted: the placements whose nearest duty or meeting comes first."""
    return duties(caller.session, caller.viewer, asked)


@router.get("/requests")
def list_requests(caller: Clerking, asked: Annotated[RequestsAsked, Query()]) -> Listed[RequestRow]:
    """Requests for review of live placements, each with the ten-week test worked out."""
    return requests_tested(caller.session, caller.viewer, asked)


@router.get("/plans")
def list_plans(caller: Annotated[Caller, area("senco")], asked: Annotated[PlacementsAsked, Query()]) -> Listed[PlanRow]:
    """Plans of live placements, with objectives on track and readiness."""
    return plans(caller.session, caller.viewer, asked)


@router.get("/counts")
def list_counts(caller: Annotated[Caller, area("authority")]) -> list[Shown]:
    """Live placements by provider, small numbers hidden, at the school the token is of."""
    return counts(caller.session, [caller.viewer])
