"""Which alerts somebody is told of: those of their roles, in placements within their reach, none about themselves."""

from sqlalchemy import ColumnElement, String, cast, false, or_, select

from models.alert import Alert
from models.standing import Standing
from offsite.access.viewer import Viewer

ALL_ALERTS = ("dsl", "deputy_dsl", "head")
"""Roles that are told of every alert of the school."""


def told_of(viewer: Viewer) -> list[ColumnElement[bool]]:
    """As conditions on alerts."""
    where: list[ColumnElement[bool]] = [Alert.school_id == viewer.school_id]
    where.append(or_(Alert.concern.is_(None), Alert.concern.not_in(viewer.concerns_against)))
    if not viewer.holds(*ALL_ALERTS):
        told = [cast(Alert.tell, String).like(f'%"{role}"%') for role in viewer.roles]
        where.append(or_(false(), *told))
        within = select(Standing.placement_id).where(viewer.in_reach())
        where.append(or_(Alert.placement_id.is_(None), Alert.placement_id.in_(within)))
        if viewer.holds("provider", "local_authority"):
            where.append(Alert.placement_id.is_not(None))
    return where
