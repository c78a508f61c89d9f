"""Placements: the list, one of them, and search."""

from typing import Annotated

from fastapi import Query

from offsite.views.listed import Asked, Listed
from offsite.views.placements.chronology import EventView, chronology_of, sees_chronology
from offsite.views.placements.placement import PlacementView, placement_view
from offsite.views.placements.placements import PlacementRow, PlacementsAsked, placements
from offsite.views.search import Hit, search
from offsite.web.api.caller import Caller, area
from offsite.web.api.room import Ref, room
from offsite.web.visit import Refuse

router = room("placements")


@router.get("/placements")
def list_placements(
    caller: Annotated[Caller, area("placements")], asked: Annotated[PlacementsAsked, Query()]
) -> Listed[PlacementRow]:
    """The placements the token's person may see, a page at a time."""
    return placements(caller.session, caller.viewer, asked)


@router.get("/placements/{ref}")
def one_placement(caller: Annotated[Caller, area("placements")], ref: Ref) -> PlacementView:
    """One placement, cut to what the token's person may see."""
    found = placement_view(caller.session, caller.viewer, ref, caller.texts)
    if found is None:
        raise Refuse(404, "That placement is not on record")
    return found[0]


@router.get("/placements/{ref}/chronology")
def list_entries(
    caller: Annotated[Caller, area("placements")], ref: Ref, asked: Annotated[Asked, Query()]
) -> Listed[EventView]:
    """The chronology of one placement, the oldest entry first."""
    found = placement_view(caller.session, caller.viewer, ref, caller.texts)
    if found is None or not sees_chronology(caller.viewer, found[1]):
        raise Refuse(404, "That placement is not on record")
    return chronology_of(caller.session, caller.viewer, found[1], asked)


@router.get("/search")
def find(caller: Annotated[Caller, area("search")], q: Annotated[str, Query(max_length=100)]) -> list[Hit]:
    """What answers a few letters."""
    return search(caller.session, caller.viewer, q)
