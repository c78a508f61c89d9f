"""Search: by reference, by pupil's name where they may see it, by provider. Nothing of another school is ever a hit, nor
anything whose page the viewer may not open."""

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.alert import Alert
from models.concern import Concern
from models.provider import Provider, ProviderDetails
from models.pupil import PupilDetails
from models.review import Review
from models.standing import Standing
from offsite.access.areas import may_open
from offsite.access.providers import known_to
from offsite.access.sight import Review as ReviewSight
from offsite.access.sight import shows_names
from offsite.access.viewer import Viewer
from offsite.case.governors.reviews import TABLES, reviews
from offsite.case.loading import load_cases
from offsite.views.placements.placements import called
from offsite.views.placements.pupils import newest_details
from offsite.views.safeguarding.alerts import find_alert
from offsite.views.safeguarding.concerns import find_concern

MOST = 200
"""Placements, and providers, that are found at most: who sees so many types more letters."""
SHORTEST = 2


class Hit(BaseModel):
    """One thing found."""

    kind: str
    words: str
    path: str


def search(session: Session, viewer: Viewer, asked: str) -> list[Hit]:
    """What answers a few letters: placements whose reference begins so, names that hold them; an alert, a review and a
    concern by the whole of their reference."""
    wanted = asked.strip()
    if len(wanted) < SHORTEST:
        return []
    looked_in = (_placements, _reviews, _concerns, _alerts, _providers)
    return [hit for found_in in looked_in for hit in found_in(session, viewer, wanted)]


def _placements(session: Session, viewer: Viewer, wanted: str) -> list[Hit]:
    by_ref = viewer.standings(Standing.ref).where(func.lower(Standing.ref).startswith(wanted.lower(), autoescape=True))
    found = {ref: ref for ref in session.scalars(by_ref.order_by(Standing.ref).limit(MOST))}
    named = (
        viewer.seeing(shows_names)
        .standings(Standing.ref, PupilDetails.name)
        .join(PupilDetails, PupilDetails.id == newest_details(Standing.pupil_id))
        .where(called(viewer, wanted))
    )
    for row in session.execute(named.order_by(PupilDetails.name, Standing.ref).limit(MOST)):
        found[row.ref] = f"{row.name} ({row.ref})"
    return [Hit(kind="placement", words=words, path=f"/placements/{ref}") for ref, words in [*found.items()][:MOST]]


def _reviews(session: Session, viewer: Viewer, wanted: str) -> list[Hit]:
    """A review meeting leads to its placement, which shows it to those who see that there are reviews."""
    named = select(Review.placement_id, Review.name).where(
        Review.school_id == viewer.school_id, func.lower(Review.name) == wanted.lower()
    )
    found = dict(session.execute(named).tuples().all())
    cases = load_cases(session, viewer.school, found, only=TABLES) if found else []
    return [
        Hit(kind="review", words=f"Review {review.name} of {case.ref}", path=f"/placements/{case.ref}")
        for case in cases
        if viewer.sight(case).review >= ReviewSight.OWN_PART
        for review in reviews(case)
        if review.name == found[case.id]
    ]


def _concerns(session: Session, viewer: Viewer, wanted: str) -> list[Hit]:
    if not may_open(viewer.roles, "concerns"):
        return []
    named = select(Concern.concern).where(Concern.school_id == viewer.school_id, func.lower(Concern.concern) == wanted.lower())
    return [
        Hit(kind="concern", words=f"Concern {name}", path=f"/concerns/{name}")
        for name in sorted(set(session.scalars(named)))
        if find_concern(session, viewer, name) is not None
    ]


def _alerts(session: Session, viewer: Viewer, wanted: str) -> list[Hit]:
    refs = select(Alert.ref).where(Alert.school_id == viewer.school_id, Alert.ref == wanted.upper())
    return [
        Hit(kind="alert", words=f"Alert {ref}", path=f"/alerts/{ref}")
        for ref in session.scalars(refs)
        if find_alert(session, viewer, ref) is not None
    ]


def _providers(session: Session, viewer: Viewer, wanted: str) -> list[Hit]:
    if not may_open(viewer.roles, "providers"):
        return []
    named = (
        select(Provider.ref, ProviderDetails.name)
        .join(ProviderDetails, ProviderDetails.provider_id == Provider.id)
        .where(known_to(viewer))
        .where(func.lower(ProviderDetails.name).contains(wanted.lower(), autoescape=True))
    )
    found = {row.ref: row.name for row in session.execute(named.order_by(ProviderDetails.id).limit(MOST))}
    return [Hit(kind="provider", words=name, path=f"/providers/{ref}") for ref, name in found.items()]
