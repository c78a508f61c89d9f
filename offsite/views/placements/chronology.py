"""The chronology of one placement as somebody may see it, and its verification mark."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import chronology
from models.alert import Alert
from models.chronology import Event
from models.encrypted_text import is_sealed
from offsite.access.sight import Concerns, Facts
from offsite.access.viewer import Viewer
from offsite.case.case import Case
from offsite.law.london import day_of
from offsite.views.listed import A_PAGE, Asked, Listed, Sorts, cut
from offsite.views.placements.entries import correctable, corrected_of

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
    correctable: bool
    """Whether it is theirs to correct."""


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
    wanted = select(Event.id).where(
        Event.placement_id == case.id, Event.school_id == viewer.school_id, Event.number.not_in(_hidden(session, case, barred))
    )
    if asked.q:
        letters = asked.q.strip()
        if letters.isdecimal():
            wanted = wanted.where(Event.number == int(letters[:18]))
        else:
            kind = letters.lower().replace(" ", "_")
            wanted = wanted.where(Event.kind.contains(kind, autoescape=True) | (Event.by == letters))
    page = cut(session, wanted, asked, SORTS, (Event.number.asc(),), size)
    events = {e.id: e for e in session.scalars(select(Event).where(Event.id.in_(page.found)))}
    corrected = corrected_of(session, list(page.found))
    silent = set(ABOUT_ALERTS) if barred else set()
    if viewer.sight(case).facts is Facts.METADATA:
        silent = {event.kind for event in events.values()}
    return page.listed([_shown(viewer, e, corrected, e.kind not in silent) for e in (events[i] for i in page.found)])


def verified(session: Session, viewer: Viewer, case: Case) -> Verified:
    """Work the hashes of a placement's entries out again, and count those the viewer is shown. The whole school's chain is
    walked by `offsite verify`."""
    count, broken = chronology.breaks_of_placement(session, case.school.id, case.id)
    hidden = _hidden(session, case, viewer.barred_in(case))
    return Verified(entries=count - len(hidden), broken=[number for number in broken if number not in hidden])


def _hidden(session: Session, case: Case, barred: frozenset[str]) -> set[int]:
    """Numbers of the entries about these concerns: what was said of them, the steps on their alerts, corrections of either."""
    if not barred:
        return set()
    alerts = select(Alert.rule, Alert.subject).where(Alert.placement_id == case.id, Alert.concern.in_(barred))
    about = {(rule, said) for rule, subject in session.execute(alerts) for said in (subject, None)}
    wanted = select(Event.number, Event.kind, Event.payload).where(Event.placement_id == case.id).order_by(Event.number)
    hidden: set[int] = set()
    for number, kind, says in session.execute(wanted):
        of_alert = (says.get("rule"), says.get("subject")) in about  # a step need not name the subject
        if says.get("concern") in barred or of_alert or (kind == "correct" and says["event"] in hidden):
            hidden.add(number)
    return hidden


def _shown(viewer: Viewer, event: Event, corrected: set[int], says: bool) -> EventView:
    return EventView(
        number=event.number,
        happened=event.happened_at,
        recorded=event.recorded_at,
        late_entry=day_of(event.happened_at) < day_of(event.recorded_at),
        what=event.kind,
        by=event.by,
        says={k: v for k, v in event.payload.items() if not is_sealed(v)} if says else {},
        corrected=event.id in corrected,
        correctable=event.id not in corrected and correctable(viewer, event),
    )
