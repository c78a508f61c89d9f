"""An entry of the chronology as it stands: the command that was said, with what later corrections put in its place."""

import json
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.chronology import Event
from models.encrypted_text import Texts, is_sealed
from models.placement import Placement
from models.pupil import Pupil
from offsite.casework.work import KEPT


class Entry(NamedTuple):
    """What an event says."""

    kind: str
    """The command, also where the event is a correction of one."""
    by: str
    """Who made the entry first."""
    fields: dict[str, Any]
    """The command's fields, opened."""

    @property
    def concern(self) -> str | None:
        """The name of the concern it is about, where it is about one."""
        name = self.fields.get("concern")
        return name if isinstance(name, str) else None


def entry_of(session: Session, texts: Texts, event: Event) -> Entry:
    """What an event says; of a correction, what it put in place. Raises TextUnreadable where a key is lost or erased."""
    payload = _opened(session, texts, event)
    if event.kind != "correct":
        return Entry(event.kind, event.by, payload)
    wanted = select(Event).where(Event.school_id == event.school_id, Event.number == payload["event"])
    before = entry_of(session, texts, session.scalars(wanted).one())
    changed = {name: value for name, value in payload.get("fields", {}).items() if name != "happened"}
    return before._replace(fields={**before.fields, **changed})


def _opened(session: Session, texts: Texts, event: Event) -> dict[str, Any]:
    owner = _owner(session, event)
    return {
        name: json.loads(texts.open(value, owner) or "null") if is_sealed(value) else value
        for name, value in event.payload.items()
        if name != KEPT
    }


def _owner(session: Session, event: Event) -> int | None:
    """The pupil whose key its texts are sealed with; None: the school's."""
    if event.placement_id is not None:
        return session.get_one(Placement, event.placement_id).pupil_id
    if event.kind in ("add_pupil", "change_pupil"):
        ref = event.payload.get("id") or event.payload["pupil"]
        return session.scalar(select(Pupil.id).where(Pupil.school_id == event.school_id, Pupil.ref == ref))
    return None
