"""Search: by reference, by pupil's name where they may see it, by provider. Nothing of another school is ever a hit."""

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.alert import Alert
from models.provider import Provider, ProviderDetails
from models.pupil import PupilDetails
from models.standing import Standing
from offsite.access.sight import shows_names
from offsite.access.viewer import Viewer
from offsite.views.alerts import find_alert
from offsite.views.placements import called
from offsite.views.pupils import newest_details

MOST = 200
"""Placements, and providers, that are found at most: who sees so many types more letters."""
SHORTEST = 2


class Hit(BaseModel):
    """One thing found."""

    kind: str
    words: str
    path: str


def search(session: Session, viewer: Viewer, asked: str) -> list[Hit]:
    """What answers a few letters: references that begin so, names that hold them."""
    wanted = asked.strip()
    if len(wanted) < SHORTEST:
        return []
    return [*_placements(session, viewer, wanted), *_alerts(session, viewer, wanted), *_providers(session, viewer, wanted)]


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


def _alerts(session: Session, viewer: Viewer, wanted: str) -> list[Hit]:
    refs = select(Alert.ref).where(Alert.school_id == viewer.school_id, Alert.ref == wanted.upper())
    return [
        Hit(kind="alert", words=f"Alert {ref}", path=f"/alerts/{ref}")
        for ref in session.scalars(refs)
        if find_alert(session, viewer, ref) is not None
    ]


def _providers(session: Session, viewer: Viewer, wanted: str) -> list[Hit]:
    if viewer.holds("provider") or not viewer.roles:
        return []
    named = (
        select(Provider.ref, ProviderDetails.name)
        .join(ProviderDetails, ProviderDetails.provider_id == Provider.id)
        .where(Provider.school_id == viewer.school_id)
        .where(func.lower(ProviderDetails.name).contains(wanted.lower(), autoescape=True))
    )
    found = {row.ref: row.name for row in session.execute(named.order_by(ProviderDetails.id).limit(MOST))}
    return [Hit(kind="provider", words=name, path=f"/providers/{ref}") for ref, name in found.items()]
