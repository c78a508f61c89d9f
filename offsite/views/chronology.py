"""The chronology of one placement as somebody may see it, and its verification mark."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import chronology
from models.chronology import Correction, Event
from models.encrypted_text import is_sealed
from offsite.access.sight import Concerns, Facts
from offsite.access.viewer import Viewer
from offsite.case.case import Case
from offsite.law.london import day_of
from offsite.views.listed import A_PAGE, Asked, Listed, Sorts, cut

SORTS: Sorts = {"number": Event.number, "happened": Event.happened_at, "what": Event.kind, "by": Event.by}
ABOUT_ALERTS = ("rules_looked", "stage_worked")
"""Entries that hold references of alerts and tasks."""


class EventView(BaseModel):
    """One entry of the chronology."""

    number: int
    happened: datetime
    recorded: datetime
    late_entry: bool
    what: str
    by: str
    says: dict[str, Any]
    """What was said, without sealed texts; empty for those who see metadata only."""
    corrected: bool


class Verified(BaseModel):
    """Whether a placement's entries still give their hashes: worked out again just now."""

    entries: int
    broken: list[int]
    """Numbers of the entries that were changed, swapped or slipped in."""


def sees_chronology(viewer: Viewer, case: Case) -> bool:
    """Whether somebody may read a placement's chronology."""
    sight = viewer.sight(case)
    return (sight.facts >= Facts.ALL and sight.concerns >= Concerns.SUMMARY) or sight.facts is Facts.METADATA


def chronology_of(session: Session, viewer: Viewer, case: Case, asked: Asked, size: int | None = A_PAGE) -> Listed[EventView]:
    """A page of a placement's entries, the oldest first; none about a concern that is against the viewer."""
    barred = viewer.barred_in(case)
    hidden = _about(session, case, barred) if barred else []
    wanted = select(Event.id).where(Event.placement_id == case.id, Event.school_id == viewer.school_id, Event.id.not_in(hidden))
    if asked.q:
        letters = asked.q.strip()
        if letters.isdecimal():
            wanted = wanted.where(Event.number == int(letters[:18]))
        else:
            kind = letters.lower().replace(" ", "_")
            wanted = wanted.where(Event.kind.contains(kind, autoescape=True) | (Event.by == letters))
    page = cut(session, wanted, asked, SORTS, (Event.number.asc(),), size)
    events = {e.id: e for e in session.scalars(select(Event).where(Event.id.in_(page.found)))}
    corrected = set(session.scalars(select(Correction.corrected_event_id).where(Correction.corrected_event_id.in_(page.found))))
    silent = set(ABOUT_ALERTS) if barred else set()
    if viewer.sight(case).facts is Facts.METADATA:
        silent = {event.kind for event in events.values()}
    return page.listed([_shown(e, corrected, e.kind not in silent) for e in (events[i] for i in page.found)])


def verified(session: Session, case: Case) -> Verified:
    """Work the hashes of a placement's entries out again. The whole school's chain is walked by `offsite verify`."""
    count, broken = chronology.breaks_of_placement(session, case.school.id, case.id)
    return Verified(entries=count, broken=broken)


def _about(session: Session, case: Case, names: frozenset[str]) -> list[int]:
    found = session.execute(select(Event.id, Event.payload).where(Event.placement_id == case.id))
    return [row.id for row in found if row.payload.get("concern") in names]


def _shown(event: Event, corrected: set[int], says: bool) -> EventView:
    return EventView(
        number=event.number,
        happened=event.happened_at,
        recorded=event.recorded_at,
        late_entry=day_of(event.happened_at) < day_of(event.recorded_at),
        what=event.kind,
        by=event.by,
        says={k: v for k, v in event.payload.items() if not is_sealed(v)} if says else {},
        corrected=event.id in corrected,
    )
