"""One concern as somebody may see it. Reading its text is a look, which is logged and shown to the safeguarding lead."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.chronology import Event
from models.concern import Concern, ConcernClosure, Referral, Triage
from models.database import Database
from models.encrypted_text import Texts
from models.look import Look
from models.placement import Placement
from offsite.access.sight import ROLE_SIGHT, Concerns
from offsite.access.viewer import Viewer
from offsite.case.loading import load_cases

LEADS = (("dsl", "the safeguarding lead"), ("deputy_dsl", "a deputy safeguarding lead"))
HEAD, LADO = "the headteacher", "the local authority's designated officer (LADO)"


class ConcernView(BaseModel):
    """A concern. Its texts are there for DSL and deputy, and what was raised for whoever raised it."""

    concern: str
    kind: str
    about: str
    raised: datetime
    placement: str | None
    triaged: bool
    closed: bool
    texts: dict[str, str]
    """Heading and text; empty for those who may not read them."""
    speak_to: str
    """Whom somebody asks who may not read them."""


def concern_view(session: Session, viewer: Viewer, name: str, texts: Texts) -> ConcernView | None:
    """A concern; None where it is not theirs to see: not their school's, beyond their sight, or against them."""
    seen = find_concern(session, viewer, name)
    if seen is None:
        return None
    found, sight, raised_it = seen
    placement = session.get(Placement, found.placement_id) if found.placement_id else None
    readable = (sight >= Concerns.ALL or raised_it) and viewer.coded
    return ConcernView(
        concern=found.concern,
        kind=found.kind,
        about=found.about,
        raised=found.happened_at,
        placement=placement.ref if placement else None,
        triaged=bool(_about(session, Triage, found)),
        closed=bool(_about(session, ConcernClosure, found)),
        texts=_texts(session, found, texts, whole=sight >= Concerns.ALL) if readable else {},
        speak_to=speak_to(viewer, [found]),
    )


def speak_to(viewer: Viewer, raised: Iterable[Concern]) -> str:
    """Whom somebody speaks to about concerns whose text is not theirs to read: nobody whom one of them is against."""
    against, people = {concern.against for concern in raised}, viewer.school.people_on(viewer.today)

    def none_against(role: str) -> bool:
        return against.isdisjoint({role, *(viewer.school.person_refs[p.person_id] for p, roles in people if role in roles)})

    named = [words for role, words in LEADS if none_against(role)]
    return " or ".join(named) or (HEAD if none_against("head") and not viewer.holds("head") else LADO)


class Seen(NamedTuple):
    """A concern that is somebody's to see, and how much of it."""

    concern: Concern
    sight: Concerns
    raised_it: bool


def find_concern(session: Session, viewer: Viewer, name: str) -> Seen | None:
    """A concern by its name, if it is theirs to see."""
    wanted = select(Concern).where(Concern.school_id == viewer.school_id, Concern.concern == name)
    found = session.scalars(wanted.order_by(Concern.id.desc())).first()
    if found is None or viewer.barred(found):
        return None
    seen = Seen(found, concern_sight(session, viewer, found), found.event_id in raised_by(session, viewer, [found]))
    return seen if seen.sight >= Concerns.SUMMARY or (seen.sight >= Concerns.RAISED and seen.raised_it) else None


def concern_sight(session: Session, viewer: Viewer, concern: Concern) -> Concerns:
    """How much of a concern somebody sees: by the placement it is raised in, or, about a provider, by their roles."""
    if concern.placement_id is None:
        return max((ROLE_SIGHT[role].sight.concerns for role in viewer.roles if role in ROLE_SIGHT), default=Concerns.NOTHING)
    return viewer.sight(load_cases(session, viewer.school, [concern.placement_id])[0]).concerns


def raised_by(session: Session, viewer: Viewer, concerns: Collection[Concern]) -> set[int]:
    """Those of the entries by which these concerns were raised that are the viewer's own, whoever corrected them since."""
    wanted = select(Event.id, Event.number, Event.kind, Event.by, Event.payload).where(Event.school_id == viewer.school_id)
    entries = wanted.where(Event.id.in_({concern.event_id for concern in concerns}))
    first = {row.id: row for row in session.execute(entries)} if concerns else {}
    while corrected := {id_: row.payload["event"] for id_, row in first.items() if row.kind == "correct"}:
        entries = wanted.where(Event.number.in_(set(corrected.values())))
        before = {row.number: row for row in session.execute(entries)}
        first |= {id_: before[number] for id_, number in corrected.items()}
    return {id_ for id_, row in first.items() if row.by == viewer.ref}


def log_look(database: Database, viewer: Viewer, concern: str, through: str) -> None:
    """Log that the viewer was shown the text of a concern; `through`: page, api, document or export."""
    with database.writing() as session:
        session.add(Look(school_id=viewer.school_id, concern=concern, by=viewer.ref, at=viewer.at, through=through))


def _texts(session: Session, found: Concern, texts: Texts, *, whole: bool) -> dict[str, str]:
    owner = session.get_one(Placement, found.placement_id).pupil_id if found.placement_id else None
    shown = {"What was raised": texts.shown(found.text, owner)}
    if whole:
        for title, table in (("Triage", Triage), ("Closing", ConcernClosure)):
            for row in _about(session, table, found):
                shown[title] = texts.shown(row.decision, owner)
        for row in _about(session, Referral, found):
            shown["LADO"] = f"{row.decision}: {texts.shown(row.reasons, owner) or ''}"
    return {title: text for title, text in shown.items() if text}


def _about(session: Session, table: Any, found: Concern) -> Any:
    return session.scalars(select(table).where(table.school_id == found.school_id, table.concern == found.concern)).all()
