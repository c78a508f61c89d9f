"""The lists of one placement that have a page of their own: its concerns, its contacts and visits. Its open alerts are the
list of alerts, narrowed to it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from offsite.views.listed import Asked
from offsite.views.placements.contacts import ContactView
from offsite.views.placements.placement import ConcernLine, PlacementView, placement_view
from offsite.web.tables import Column, Filter, Table, cut_here, params_of
from offsite.web.visit import Refuse, Visit, area
from offsite.web.wording import word_for

router = APIRouter()
Visiting = Annotated[Visit, Depends(area("placements"))]
CONCERNS: tuple[Column[ConcernLine], ...] = (
    Column("name", "Concern"),
    Column("kind", "Kind", lambda row: word_for(row.kind)),
    Column("raised", "Raised"),
    Column("state", "State", lambda row: row.state),
)
CONTACTS: tuple[Column[ContactView], ...] = (
    Column("at", "When"),
    Column("what", "What", lambda row: _what(row)),
    Column("by", "Recorded by"),
    Column("written", "Written", lambda row: [f"{title}: {text}" for title, text in row.texts.items()], sorts=False),
)
OPEN = (Filter("open", "Only open"),)


class ConcernsAsked(Asked):
    """How the concerns of a placement were asked for."""

    open: bool = False


@router.get("/placements/{ref}/concerns")
@router.get("/placements/{ref}/concerns.csv")
def concerns(visit: Visiting, ref: str, asked: Annotated[ConcernsAsked, Query()]) -> Response:
    """The concerns raised in a placement, the newest first, as far as they are theirs to see; their texts are not here."""
    view = _found(visit, ref)
    if view.concerns is None:
        raise Refuse(404, "That list is not on record", "Or it is not yours to see.")
    rows = [row for row in reversed(view.concerns) if not (asked.open and row.closed)]
    listed, params = cut_here(rows, CONCERNS, asked, visit.page_size), params_of(asked)
    path, caption = f"/placements/{view.placement}/concerns", f"Concerns of {view.placement}"
    return visit.table_page("concerns.html", Table(path, caption, CONCERNS, listed, params, OPEN, "Name or kind"), p=view)


@router.get("/placements/{ref}/contacts")
@router.get("/placements/{ref}/contacts.csv")
def contacts(visit: Visiting, ref: str, asked: Annotated[Asked, Query()]) -> Response:
    """Contacts about a placement and visits to its provider, the newest first."""
    view = _found(visit, ref)
    if view.contacts is None:
        raise Refuse(404, "That list is not on record", "Or it is not yours to see.")
    listed, params = cut_here(reversed(view.contacts), CONTACTS, asked, visit.page_size), params_of(asked)
    path, caption = f"/placements/{view.placement}/contacts", f"Contacts and visits of {view.placement}"
    return visit.table_page(
        "contacts.html", Table(path, caption, CONTACTS, listed, params, letters="With whom, by whom, or visit"), p=view
    )


def _what(row: ContactView) -> str:
    """With whom, and about when, in the words of the page."""
    if row.contacted is None:
        said = "visit to the provider"
    else:
        said = f"contact with the {row.contacted}" if row.reached else f"the {row.contacted} was not reached"
    about = f"about {row.day}" if row.day else ""
    return ", ".join(part for part in (said, about, about and row.session and word_for(row.session)) if part)


def _found(visit: Visit, ref: str) -> PlacementView:
    found = placement_view(visit.session, visit.who, ref, visit.texts)
    if found is None:
        raise Refuse(404, "That placement is not on record", "Or it is not yours to see.")
    return found[0]
