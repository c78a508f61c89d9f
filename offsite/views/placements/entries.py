"""What somebody recorded themselves, wherever it was, so that a wrong entry is found and corrected."""

from datetime import datetime
from functools import cache

from pydantic import BaseModel
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.chronology import Correction, Event
from models.placement import Placement
from offsite.access.deeds import LEADERS
from offsite.access.sight import reads_concerns
from offsite.access.viewer import Viewer
from offsite.casework.command import commands
from offsite.casework.commands.correct import UNCORRECTABLE
from offsite.views.listed import A_PAGE, Asked, Listed, Sorts, cut

SORTS: Sorts = {"number": Event.number, "happened": Event.happened_at, "what": Event.kind, "by": Event.by}


class EntryRow(BaseModel):
    """One entry of the chronology."""

    number: int
    happened: datetime
    recorded: datetime
    what: str
    by: str
    placement: str | None
    corrected: bool
    correctable: bool
    """Whether it is theirs to correct."""


def correctable(viewer: Viewer, event: Event) -> bool:
    """Whether an entry that was not corrected yet is the viewer's to correct."""
    if event.kind in UNCORRECTABLE or not (viewer.may("correct") and viewer.may(event.kind)):
        return False
    return "concern" not in event.payload or (reads_concerns(viewer.roles) and viewer.coded)


def corrected_of(session: Session, ids: list[int]) -> set[int]:
    """Those of these events that were corrected."""
    return set(session.scalars(select(Correction.corrected_event_id).where(Correction.corrected_event_id.in_(ids))))


def entries(session: Session, viewer: Viewer, asked: Asked, size: int | None = A_PAGE) -> Listed[EntryRow]:
    """A page of the viewer's own entries, the newest first; for leaders also of everybody's that are about the school, its
    people, pupils and providers. `q`: what was recorded."""
    theirs = Event.by == viewer.ref
    if viewer.holds(*LEADERS):
        theirs = or_(theirs, Event.placement_id.is_(None) & Event.kind.in_(_about_the_school()))
    wanted = select(Event.id).where(Event.school_id == viewer.school_id, theirs, Event.kind.in_(commands()))
    if asked.q:
        wanted = wanted.where(Event.kind.contains(asked.q.strip().lower().replace(" ", "_"), autoescape=True))
    page = cut(session, wanted, asked, SORTS, (Event.number.desc(),), size)
    found = {e.id: e for e in session.scalars(select(Event).where(Event.id.in_(page.found)))}
    refs = dict(
        session.execute(select(Placement.id, Placement.ref).where(Placement.id.in_({e.placement_id for e in found.values()})))
        .tuples()
        .all()
    )
    corrected = corrected_of(session, list(found))
    return page.listed([_row(viewer, found[i], refs.get(found[i].placement_id or 0), corrected) for i in page.found])


@cache
def _about_the_school() -> frozenset[str]:
    """The commands that are about no placement and no concern."""
    about_one = {"placement", "review", "request", "concern", "rule", "event"}
    return frozenset(name for name, command in commands().items() if not about_one & command.model_fields.keys())


def _row(viewer: Viewer, event: Event, placement: str | None, corrected: set[int]) -> EntryRow:
    return EntryRow(
        number=event.number,
        happened=event.happened_at,
        recorded=event.recorded_at,
        what=event.kind,
        by=event.by,
        placement=placement,
        corrected=event.id in corrected,
        correctable=event.id not in corrected and correctable(viewer, event),
    )
