"""Issuing: when a letter is recorded as given, its newest draft is kept as issued, by hash."""

import hashlib
from collections.abc import Iterable

from sqlalchemy import select

from models.placement import Document, Issued
from offsite.case.case import Case
from offsite.casework.work import Work


def keep_as_issued(work: Work, case: Case, kind: str, recipients: Iterable[str], *subjects: str) -> None:
    """Note, for each recipient, the newest draft of a kind about one of these subjects; none where nothing was drafted."""
    wanted = select(Document).where(Document.placement_id == case.id, Document.kind == kind, Document.subject.in_(subjects))
    newest = work.session.scalars(wanted.order_by(Document.id.desc()).limit(1)).first()
    if newest is None:
        return
    html = work.texts.open(newest.html, case.pupil.id) or ""
    digest = hashlib.sha256(html.encode()).hexdigest()
    for recipient in recipients:
        work.add(Issued(placement_id=case.id, document_id=newest.id, recipient=recipient, sha256=digest))
