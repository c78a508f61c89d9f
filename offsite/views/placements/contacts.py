"""Contacts with parent, provider and pupil, and visits to the provider, as somebody may see them.

How somebody was reached, and which of several parents, is not recorded. What came of it stands in what was written.
"""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.attendance import Contact, Visit
from models.chronology import Event
from models.encrypted_text import Texts
from offsite.access.sight import Attendance, Facts
from offsite.access.viewer import Viewer
from offsite.case.case import Case
from offsite.letters.records.visits import SEEN

WRITTEN = {"about": "About", **{part: SEEN[part] for part in ("staff_met", "pupil_seen", "actions", "note")}}
"""What is written of a contact or visit and shown in a list, by its field: who was met, and what came of it."""


class ContactView(BaseModel):
    """One contact or visit."""

    at: datetime
    contacted: str | None
    """parent, provider or pupil; None of a visit to the provider."""
    reached: bool
    """Whether anybody was; of a visit, always."""
    day: date | None
    """The day it is about, where told."""
    session: str | None
    by: str
    """Who recorded it: a name, or the reference of a system."""
    texts: dict[str, str]
    """Heading and text; empty for those who may not read them."""


def contacts_and_visits(session: Session, viewer: Viewer, case: Case, texts: Texts) -> list[ContactView]:
    """All of a placement, the oldest first. Raises TextUnreadable where the key is lost.

    What is written is for whoever wrote it and for those who see all of the placement and of its registers, unless a
    concern in it is against them: a contact may be about that.
    """
    contacts = [(row, row.reached) for row in case.of(Contact)]
    rows: list[tuple[Contact | Visit, bool]] = [*contacts, *((row, True) for row in case.of(Visit))]
    rows.sort(key=lambda each: each[0].happened_at)
    wanted = select(Event.id, Event.by).where(Event.id.in_([row.event_id for row, _ in rows]))
    by = dict(session.execute(wanted).tuples().all()) if rows else {}
    sight = viewer.sight(case)
    reads_all = sight.facts >= Facts.ALL and sight.attendance >= Attendance.ALL and not viewer.barred_in(case)
    names = viewer.school.names_on(viewer.today)
    return [
        ContactView(
            at=row.happened_at,
            contacted=getattr(row, "contacted", None),
            reached=reached,
            day=getattr(row, "day", None),
            session=getattr(row, "session", None),
            by=names.get(by[row.event_id], by[row.event_id]),
            texts=_texts(row, case, texts) if reads_all or by[row.event_id] == viewer.ref else {},
        )
        for row, reached in rows
    ]


def _texts(row: Any, case: Case, texts: Texts) -> dict[str, str]:
    shown = {title: texts.shown(getattr(row, part, None), case.pupil.id) for part, title in WRITTEN.items()}
    return {title: text for title, text in shown.items() if text}
