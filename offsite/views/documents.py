"""Documents of a placement as somebody may open them: what was drafted and issued, and what can be drafted now."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import chronology
from models.encrypted_text import Texts
from models.placement import Document, Issued
from models.standing import Standing
from offsite.access.documents import may_read
from offsite.access.viewer import Viewer
from offsite.case.case import Case
from offsite.case.loading import load_cases
from offsite.law.london import day_of
from offsite.letters.letter import Letter, head_in_words
from offsite.letters.packs.review_pack import draft_review_pack
from offsite.letters.prescribed.notice import draft_notice
from offsite.letters.records.record import (
    Entry,
    chronology_record,
    clock_proof,
    closure_record,
    inspection_sheet,
    reintegration_plan,
    visit_record,
)
from offsite.letters.words import day_in_words
from offsite.views.chronology import chronology_of
from offsite.views.listed import Asked
from offsite.views.placement import PlacementView

Making = Callable[[Case, Texts, datetime, str], Letter]
NOW: Mapping[str, Making] = {
    "visit_record": visit_record,
    "reintegration_plan": reintegration_plan,
    "closure_record": closure_record,
    "notice": draft_notice,
}
"""Drafted from the record as it stands, whenever somebody asks; beside them what depends on who asks."""
FOR_READERS = ("clock_proof", "chronology", "review_pack")


class Filed(BaseModel):
    """A document that was drafted and filed."""

    number: int
    kind: str
    subject: str
    drafted: datetime
    issued_to: list[str]
    sha256: str | None


def filed(session: Session, viewer: Viewer, case: Case) -> list[Filed]:
    """What was filed about a placement, the newest first, of the kinds they may open."""
    sight = viewer.sight(case)
    issued: dict[int, list[Issued]] = {}
    for row in session.scalars(select(Issued).where(Issued.placement_id == case.id).order_by(Issued.id)):
        issued.setdefault(row.document_id, []).append(row)
    wanted = select(Document.id, Document.kind, Document.subject, Document.recorded_at).where(Document.placement_id == case.id)
    return [
        Filed(
            number=row.id,
            kind=row.kind,
            subject=row.subject,
            drafted=row.recorded_at,
            issued_to=[each.recipient for each in issued.get(row.id, [])],
            sha256=issued[row.id][0].sha256 if row.id in issued else None,
        )
        for row in session.execute(wanted.order_by(Document.id.desc()))
        if may_read(sight, row.kind)
    ]


def filed_html(session: Session, viewer: Viewer, case: Case, number: int, texts: Texts) -> str | None:
    """A filed document as it was drafted; None where it is not theirs to open."""
    found = session.scalars(select(Document).where(Document.id == number, Document.placement_id == case.id)).first()
    if found is None or not may_read(viewer.sight(case), found.kind):
        return None
    return texts.open(found.html, case.pupil.id)


def drafted_now(session: Session, view: PlacementView, viewer: Viewer, case: Case, kind: str, texts: Texts) -> str | None:
    """A document drafted from the record as it stands; None where it is not theirs, or there is no such kind."""
    if not may_read(viewer.sight(case), kind):
        return None
    head = head_in_words(*chronology.head(session, viewer.school_id))
    if kind == "clock_proof":
        return clock_proof(case, viewer.duties(case), viewer.at, head).html
    if kind == "chronology":
        return chronology_record(case, _entries(session, viewer, case), viewer.at, head).html
    if kind == "review_pack":
        review = next((r.name for r in reversed(view.reviews or []) if r.state == "scheduled"), None)
        return None if review is None else draft_review_pack(case, review, texts, viewer.at, head).html
    return NOW[kind](case, texts, viewer.at, head).html if kind in NOW else None


def inspection(session: Session, viewer: Viewer) -> str:
    """The inspection sheet of the school: every live placement that has begun or is due to."""
    ids = session.scalars(viewer.standings(Standing.placement_id).where(Standing.live.is_(True)).order_by(Standing.start)).all()
    head = head_in_words(*chronology.head(session, viewer.school_id))
    name = viewer.school.details_on(viewer.today).name
    return inspection_sheet(load_cases(session, viewer.school, ids) if ids else [], name, viewer.at, head).html


def fingerprint(html: str) -> str:
    """The SHA-256 by which an issued document is known."""
    return hashlib.sha256(html.encode()).hexdigest()


def _entries(session: Session, viewer: Viewer, case: Case) -> list[Entry]:
    return [
        Entry(
            e.number,
            day_in_words(day_of(e.happened)),
            e.what.replace("_", " "),
            e.by,
            "; ".join([*(["late entry"] if e.late_entry else []), *(["corrected since"] if e.corrected else [])]),
        )
        for e in chronology_of(session, viewer, case, Asked(), None).rows
    ]
