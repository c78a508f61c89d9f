"""Which providers of the school somebody may know of, and whose checks they may see."""

from sqlalchemy import ColumnElement, or_, select

from models.provider import Provider
from models.standing import Standing
from offsite.access.sight import Checks, shows_names
from offsite.access.viewer import Viewer


def known_to(viewer: Viewer) -> ColumnElement[bool]:
    """As a condition on providers: all of them for who sees every placement; else those of placements they see, and their own.

    An authority is told how many pupils each provider has (domain.md, 9), and so of each that has any.
    """
    of_school = Provider.school_id == viewer.school_id
    if viewer.sees_names:
        return of_school
    seen = viewer.seeing(shows_names).in_reach()
    known: list[ColumnElement[bool]] = [Provider.id.in_(select(Standing.provider_id).where(seen))]
    if viewer.holds("provider"):
        known.append(Provider.id == viewer.provider_id)
    if viewer.holds("local_authority"):
        known.append(Provider.id.in_(select(Standing.provider_id).where(Standing.live.is_(True))))
    return of_school & or_(*known)


def checks_seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """As a condition on providers: those whose checks they may see."""
    return known_to(viewer.seeing(lambda sight: sight.checks >= Checks.SUMMARY))
