"""Documents that are filed about a placement, as somebody may open them; those that were issued are held against their hash."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.chronology import Correction, Event
from models.encrypted_text import Texts
from models.placement import Document, Issued, Notice
from models.review import Invitation, Outcome
from offsite.access.documents import may_know_of_issued, may_read, may_read_filed
from offsite.access.viewer import Viewer
from offsite.case.case import Case
from offsite.casework.issuing import fingerprint
from offsite.casework.work import KEPT
from offsite.letters.words import instant_in_words


class Filed(BaseModel):
    """A document that was drafted and filed."""

    number: int
    kind: str
    subject: str
    drafted: datetime
    issued_to: list[str]
    sha256: str | None
    opens: bool = True
    """Whether it is theirs to open; of an issued one they may be told no more than that it was."""


class Uncopied(BaseModel):
    """A letter that is on record as given, without a copy: given before copies were kept, or while a key was lost."""

    kind: str
    recipient: str
    recorded: datetime


@dataclass(frozen=True)
class Opened:
    """A document opened: its HTML, and how it stands with its hash."""

    html: str
    state: Literal["draft", "as_issued", "changed"]
    says: str
    looked_at: tuple[str, ...] = ()
    """The names of the concerns whose text it shows."""
    on_paper: bool = False
    """Whether how it stands is printed too, where a reader could take it for another paper."""


def filed(session: Session, viewer: Viewer, case: Case) -> list[Filed]:
    """What was filed about a placement, the newest first, of the kinds they may open, or be told of once issued."""
    sight = viewer.sight(case)
    issued: dict[int, list[Issued]] = {}
    for row in _issued(session, case.id, case.school.id):
        issued.setdefault(row.document_id, []).append(row)
    wanted = select(Document.id, Document.kind, Document.subject, Document.recorded_at).where(Document.placement_id == case.id)
    return [
        Filed(
            number=row.id,
            kind=row.kind,
            subject=row.subject,
            drafted=row.recorded_at,
            issued_to=list(dict.fromkeys(each.recipient for each in issued.get(row.id, []))),
            sha256=issued[row.id][0].sha256 if row.id in issued else None,
            opens=may_read_filed(sight, row.kind),
        )
        for row in session.execute(wanted.order_by(Document.id.desc()))
        if may_read_filed(sight, row.kind) or (row.id in issued and may_know_of_issued(sight, row.kind))
    ]


def uncopied(session: Session, viewer: Viewer, case: Case) -> list[Uncopied]:
    """The letters on record as given of which no copy is kept, of the kinds they may open."""
    sight = viewer.sight(case)
    kept = {(row.event_id, row.recipient) for row in _issued(session, case.id, case.school.id)}
    given: dict[str, Sequence[Notice | Invitation | Outcome]] = {
        "notice": case.of(Notice), "invitation": case.of(Invitation), "outcome": case.of(Outcome)
    }  # fmt: skip
    return [
        Uncopied(kind=kind, recipient=row.recipient, recorded=row.recorded_at)
        for kind, rows in given.items()
        if may_read(sight, kind)
        for row in rows
        if (row.event_id, row.recipient) not in kept
    ]


def open_filed(session: Session, viewer: Viewer, case: Case, number: int, texts: Texts) -> Opened | None:
    """A filed document as it was drafted, held against its hash on record and in the chronology where it was issued; None
    where it is not theirs to open."""
    found = session.scalars(select(Document).where(Document.id == number, Document.placement_id == case.id)).first()
    if found is None or not may_read_filed(viewer.sight(case), found.kind):
        return None
    return held_to_its_hash(session, found, texts.open(found.html, case.pupil.id) or "")


def held_to_its_hash(session: Session, found: Document, html: str) -> Opened:
    """A filed document whose HTML was opened, held against the hash kept when it was issued, if it was."""
    issued = [row for row in _issued(session, found.placement_id, found.school_id) if row.document_id == found.id]
    if not issued:
        return Opened(html, "draft", "A draft: no command says that it was given to anybody.")
    digest = fingerprint(html)
    given = f"Issued on {instant_in_words(issued[0].recorded_at)}"
    if any(row.sha256 != digest for row in issued) or not _witnessed(session, found, digest, issued):
        says = f"{given}, and CHANGED since: its hash is not the one kept then ({issued[0].sha256[:16]}). Do not rely on it."
        return Opened(html, "changed", says, on_paper=True)
    return Opened(html, "as_issued", f"{given}, and unchanged since: checked just now against its hash, {digest[:16]}.")


def _witnessed(session: Session, found: Document, digest: str, issued: Collection[Issued]) -> bool:
    """Whether the events that issued it name this hash; events from before hashes were kept in them name none."""
    payloads = session.scalars(select(Event.payload).where(Event.id.in_({row.event_id for row in issued})))
    named = [kept for payload in payloads for kept in payload.get(KEPT, ()) if kept[:2] == [found.kind, found.subject]]
    return all(kept[2] == digest for kept in named)


def _issued(session: Session, placement_id: int, school_id: int) -> Sequence[Issued]:
    """What was issued, oldest first, without what was corrected away."""
    corrected = select(Correction.corrected_event_id).where(Correction.school_id == school_id)
    wanted = select(Issued).where(Issued.placement_id == placement_id, Issued.event_id.not_in(corrected))
    return session.scalars(wanted.order_by(Issued.id)).all()
