"""The packs of the next meeting, as they were built for the governors, and whether the record has moved on since."""

from collections.abc import Collection
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.chronology import Event
from models.placement import Document, Issued, Placement
from offsite.access.viewer import Viewer
from offsite.case.governors.reviews import TABLES, reviews
from offsite.case.loading import load_cases
from offsite.casework.command import commands
from offsite.casework.commands.governors.packs import GOVERNORS


class Pack(BaseModel):
    """The pack of one placement's next review, as it was built last."""

    number: int
    """Of the filed document."""
    review: str
    built: datetime
    moved_on: bool
    """Whether anything was recorded about the placement since, of what any governor may know."""


def packs_built(session: Session, viewer: Viewer, refs: Collection[str]) -> dict[str, Pack]:
    """The newest pack of the next review of each of these placements, by reference; none where it is not built yet."""
    wanted = select(Placement.id).where(Placement.school_id == viewer.school_id, Placement.ref.in_(refs))
    built = session.execute(
        select(Document.id, Document.placement_id, Document.subject, Issued.event_id, Issued.recorded_at)
        .join(Issued, Issued.document_id == Document.id)
        .where(Document.placement_id.in_(wanted), Document.kind == "review_pack", Issued.recipient == GOVERNORS)
        .order_by(Issued.id)
    ).all()
    ids = {row.placement_id for row in built}
    cases = load_cases(session, viewer.school, ids, only=TABLES) if ids else []
    to_come = {case.id: [r for r in reviews(case) if r.state == "scheduled"] for case in cases}
    next_of = {id_: min(found, key=lambda r: r.meets_on).name for id_, found in to_come.items() if found}
    newest = {row.placement_id: row for row in built if row.subject == next_of.get(row.placement_id)}
    since = _newest_entries(session, newest)
    return {
        case.ref: Pack(
            number=row.id,
            review=row.subject,
            built=row.recorded_at,
            moved_on=since.get(case.id, 0) > row.event_id,
        )
        for case in cases
        if (row := newest.get(case.id)) is not None
    }


def _newest_entries(session: Session, ids: Collection[int]) -> dict[int, int]:
    """The newest entry of each placement that somebody made. Entries on concerns, and steps on alerts, are left out: whom a
    concern is against must not learn of it from a pack that is out of date."""
    told = [name for name, command in commands().items() if not {"concern", "rule"} & set(command.model_fields)]
    wanted = select(Event.placement_id, func.max(Event.id)).where(Event.placement_id.in_(ids), Event.kind.in_(told))
    rows = session.execute(wanted.group_by(Event.placement_id)).tuples() if ids else ()
    return {placement_id: newest for placement_id, newest in rows if placement_id is not None}
