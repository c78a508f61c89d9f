"""Issuing: when a letter is recorded as given, it is drafted from the record as it stands then and kept whole, by hash.

Where the same letter is filed already, that one is kept as issued. The hash of each stands in the event of the command too,
so that the chain of events bears witness to it. A correction keeps no new letter: what was given was given.
"""

import hashlib
from collections.abc import Callable, Iterable
from typing import NamedTuple

from sqlalchemy import Select, select

from models import chronology
from models.encrypted_text import TextUnreadable
from models.placement import Document, Issued
from offsite.case.case import Case
from offsite.casework.work import Work
from offsite.law.london import day_of
from offsite.letters.letter import Letter, head_in_words
from offsite.letters.words import day_in_words


class Issue(NamedTuple):
    """One letter that is recorded as given."""

    kind: str
    subject: str
    recipients: Iterable[str]
    draft: Callable[[str], Letter]
    """Drafts it, given the head of the chronology."""


def keep_as_issued(work: Work, case: Case, issues: Iterable[Issue]) -> None:
    """Keep each letter and note it for each of its recipients. Called before the command's first row, so that its event
    can name the hashes.

    Where a key is lost nothing can be kept, and the command is recorded all the same: that a letter was given counts for
    more than its copy. The page of documents says where there is none.
    """
    filed: list[tuple[Issue, Document, str]] = []
    for issue in issues:
        try:
            found = _newest(work, case, issue) if work.corrects else _as_it_stands(work, case, issue)
        except TextUnreadable:
            continue
        if found is not None:
            filed.append((issue, *found))
    if work.corrects is None:
        work.kept += [[issue.kind, issue.subject, digest] for issue, _, digest in filed]
    for issue, document, digest in filed:
        if document.id is None:
            work.add(document)
            work.session.flush()
        for recipient in issue.recipients:
            work.add(Issued(placement_id=case.id, document_id=document.id, recipient=recipient, sha256=digest))


def fingerprint(html: str) -> str:
    """The SHA-256 by which an issued document is known."""
    return hashlib.sha256(html.encode()).hexdigest()


def _as_it_stands(work: Work, case: Case, issue: Issue) -> tuple[Document, str]:
    """The letter as the record has it now: the filed one that says the same, or a new one."""
    head = head_in_words(*chronology.head(work.session, work.school_id))
    recorded = day_of(work.recorded_at)
    letter = issue.draft(head if recorded == work.day else f"{head}, entered on {day_in_words(recorded)}")
    same = _filed(case, issue).where(Document.digest == letter.digest)
    known = work.session.scalars(same).first()
    if known is not None:
        return known, fingerprint(work.texts.open(known.html, case.pupil.id) or "")
    html, text = (work.texts.seal(form, case.pupil.id) for form in (letter.html, letter.text))
    made = Document(placement_id=case.id, kind=issue.kind, subject=issue.subject, html=html, text=text, digest=letter.digest)
    return made, fingerprint(letter.html)


def _newest(work: Work, case: Case, issue: Issue) -> tuple[Document, str] | None:
    """The newest filed letter of the kind; None where none is filed."""
    known = work.session.scalars(_filed(case, issue).order_by(Document.id.desc()).limit(1)).first()
    return None if known is None else (known, fingerprint(work.texts.open(known.html, case.pupil.id) or ""))


def _filed(case: Case, issue: Issue) -> Select[tuple[Document]]:
    return select(Document).where(
        Document.placement_id == case.id, Document.kind == issue.kind, Document.subject == issue.subject
    )
