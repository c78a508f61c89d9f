"""Documents drafted when somebody asks, from the record as it stands, with as much in them as that reader may see."""

from collections.abc import Callable, Mapping
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy.orm import Session

from models import chronology
from models.encrypted_text import Texts
from models.standing import Standing
from offsite.access.documents import may_read
from offsite.access.sight import Concerns
from offsite.access.viewer import Viewer
from offsite.case.case import Case
from offsite.case.direction.plans import agreed_plan
from offsite.case.direction.readiness import evidence
from offsite.case.direction.recipients import prescribed_invitees
from offsite.case.direction.terms import determination
from offsite.case.governors.reviews import reviews
from offsite.case.loading import load_cases
from offsite.case.safeguarding.concerns import concerns
from offsite.law.london import day_of
from offsite.letters.letter import Letter, head_in_words
from offsite.letters.packs.readiness import draft_readiness
from offsite.letters.packs.review_pack import draft_review_pack
from offsite.letters.prescribed.invitation import draft_invitation
from offsite.letters.prescribed.notice import draft_notice
from offsite.letters.prescribed.outcome import draft_outcome
from offsite.letters.records.chronology import Entry, Verified, chronology_record
from offsite.letters.records.clock_proof import clock_proof
from offsite.letters.records.closure import closure_record
from offsite.letters.records.inspection import inspection_sheet
from offsite.letters.records.return_plan import reintegration_plan
from offsite.letters.records.visits import visit_record
from offsite.letters.words import day_in_words
from offsite.views.listed import Asked
from offsite.views.papers.documents import Opened
from offsite.views.placements.chronology import chronology_of
from offsite.views.placements.placement import PlacementView

JUST_NOW = "Drafted just now, from the record as it stands."
Making = Callable[[Case, Texts, datetime, str], Letter]
NOW: Mapping[str, Making] = {
    "visit_record": visit_record,
    "reintegration_plan": reintegration_plan,
    "closure_record": closure_record,
    "notice": draft_notice,
    "readiness": lambda case, texts, at, head: draft_readiness(case, evidence(case, at), texts, at, head),
}
"""Drafted from the record as it stands, alike for everybody who may open them."""
FOR_ONE_READER = ("clock_proof", "chronology")
"""Drafted for whoever opens them: they hold nothing of a concern that is kept from that reader."""


class OfReview(BaseModel):
    """What can be drafted now about one review."""

    name: str
    meets_on: str
    kinds: list[str]
    """invitation-KIND for each prescribed invitee, review_pack, safeguarding_pack, outcome: as one may open them."""
    in_calendar: bool
    may_build: bool = False
    """Whether its pack is theirs to build for the governors."""


def of_reviews(viewer: Viewer, case: Case) -> list[OfReview]:
    """What can be drafted about each review, the newest first; a cancelled one can still be taken out of a calendar."""
    sight, found = viewer.sight(case), []
    for meeting in reversed(reviews(case)):
        kinds: list[str] = []
        if meeting.state == "scheduled":
            kinds = [f"invitation-{kind}" for kind in sorted(prescribed_invitees(case, meeting.meets_on))]
            kinds += ["review_pack", "safeguarding_pack"]
        elif meeting.decision is not None:
            kinds = ["outcome"]
        mine = [kind for kind in kinds if _may_draft(viewer, case, kind)]
        in_calendar = meeting.state != "held" and may_read(sight, "invitation")
        may_build = meeting.state == "scheduled" and viewer.may("build_pack")
        if mine or in_calendar or may_build:
            day = day_in_words(meeting.met_on)
            found.append(OfReview(name=meeting.name, meets_on=day, kinds=mine, in_calendar=in_calendar, may_build=may_build))
    return found


def kinds_now(viewer: Viewer, case: Case) -> list[str]:
    """What can be drafted now about the placement itself."""
    ready = {"notice": determination(case) is not None, "readiness": agreed_plan(case) is not None}
    return [k for k in (*FOR_ONE_READER, *NOW) if may_read(viewer.sight(case), k) and ready.get(k, True)]


def drafted_now(session: Session, view: PlacementView, viewer: Viewer, case: Case, kind: str, texts: Texts) -> Opened | None:
    """A document drafted from the record as it stands; None where it is not theirs, or there is no such kind."""
    if not may_read(viewer.sight(case), kind):
        return None
    number, newest = chronology.head(session, viewer.school_id)
    head = head_in_words(number, newest)
    if kind == "chronology":
        entries = _entries(session, viewer, case)
        first = min((entry.number for entry in entries), default=number)
        broken = [f"entry {b.number}: {b.why}" for b in chronology.breaks(session, viewer.school_id, first)]
        return _drafted(chronology_record(case, entries, Verified(first, number, broken), viewer.at, head))
    if kind == "clock_proof":
        return _drafted(clock_proof(case, viewer.duties(case), viewer.at, head))
    if kind == "review_pack":
        review = next((r.name for r in reversed(view.reviews or []) if r.state == "scheduled"), None)
        return None if review is None else drafted_of_review(session, viewer, case, review, kind, texts)
    return _drafted(NOW[kind](case, texts, viewer.at, head)) if kind in NOW else None


def drafted_of_review(session: Session, viewer: Viewer, case: Case, review: str, kind: str, texts: Texts) -> Opened | None:
    """A document about one review, drafted from the record as it stands; None where it is not theirs, or there is none."""
    wanted = next((found for found in of_reviews(viewer, case) if found.name == review), None)
    if wanted is None or kind not in wanted.kinds:
        return None
    head = head_in_words(*chronology.head(session, viewer.school_id))
    told, duties = told_to(viewer, case), viewer.duties(case)
    if kind == "safeguarding_pack":
        pack = draft_review_pack(case, review, texts, viewer.at, head, Concerns.ALL, told, duties)
        return Opened(pack.html, "draft", f"{JUST_NOW} It is kept nowhere.", tuple(sorted(told)), on_paper=True)
    if kind == "review_pack":
        level = min(viewer.sight(case).concerns, Concerns.SUMMARY)
        pack = draft_review_pack(case, review, texts, viewer.at, head, level, told, duties)
        return Opened(pack.html, "draft", f"{JUST_NOW} It is not the pack that was built for the governors.", on_paper=True)
    if kind == "outcome":
        return _drafted(draft_outcome(case, review, texts, viewer.at, head))
    return _drafted(draft_invitation(case, review, kind.partition("-")[2], texts, viewer.at, head))


def told_to(viewer: Viewer, case: Case) -> frozenset[str]:
    """The names of the concerns that somebody may know of: those that are not against them."""
    return frozenset(concern.name for concern in concerns(case)) - viewer.barred_in(case)


def inspection(session: Session, viewer: Viewer, texts: Texts) -> str:
    """The inspection sheet of the school: every live placement that has begun."""
    ids = session.scalars(viewer.standings(Standing.placement_id).where(Standing.live.is_(True)).order_by(Standing.start)).all()
    head = head_in_words(*chronology.head(session, viewer.school_id))
    cases = load_cases(session, viewer.school, ids) if ids else []
    texts.read_keys({case.pupil.id for case in cases})
    return inspection_sheet(viewer.school, cases, texts, viewer.at, head).html


def _may_draft(viewer: Viewer, case: Case, kind: str) -> bool:
    """The safeguarding lead's copy of a pack shows the text of concerns: it takes a one-time code at sign-in."""
    return may_read(viewer.sight(case), kind.partition("-")[0]) and (kind != "safeguarding_pack" or viewer.coded)


def _drafted(letter: Letter) -> Opened:
    return Opened(letter.html, "draft", JUST_NOW)


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
