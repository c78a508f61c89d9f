"""Which alerts somebody is told of: those of their roles, in placements within their reach, none about themselves."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, String, and_, cast, false, or_, select
from sqlalchemy.orm import Session

from models.alert import Alert
from models.concern import Concern
from models.people import PersonDetails
from models.standing import Standing
from offsite.access.deeds import may
from offsite.access.viewer import Viewer, viewer_for
from offsite.case.case import SchoolFile
from offsite.law.london import day_of

ALL_ALERTS = ("dsl", "deputy_dsl", "head")
"""Roles that are told of every alert of the school."""


def told_of(viewer: Viewer) -> list[ColumnElement[bool]]:
    """As conditions on alerts."""
    where: list[ColumnElement[bool]] = [Alert.school_id == viewer.school_id]
    if viewer.concerns_against:
        where.append(or_(Alert.concern.is_(None), Alert.concern.not_in(viewer.concerns_against)))
    if not viewer.holds(*ALL_ALERTS):
        within = select(Standing.placement_id).where(viewer.in_reach())
        theirs = [or_(false(), *map(_tells, viewer.roles)), or_(Alert.placement_id.is_(None), Alert.placement_id.in_(within))]
        if viewer.holds("provider"):  # what is about no placement may be about another provider
            theirs.append(Alert.placement_id.is_not(None))
        where.append(or_(and_(*theirs), _in_the_heads_place(viewer)))
    return where


def _tells(role: str) -> ColumnElement[bool]:
    return cast(Alert.tell, String).like(f'%"{role}"%')


def _in_the_heads_place(viewer: Viewer) -> ColumnElement[bool]:
    """Of a concern against the head the chair is told in the head's place, and without a chair the governors (domain.md, 10):
    in whatever placement it was raised."""
    people = viewer.school.people_on(viewer.today)
    chaired = any("chair" in roles for _, roles in people)
    if not viewer.holds("chair" if chaired else "governors"):
        return false()
    heads = {viewer.school.person_refs[person.person_id] for person, roles in people if "head" in roles}
    against = select(Concern.concern).where(Concern.school_id == viewer.school_id, Concern.against.in_({"head", *heads}))
    return and_(_tells("head"), Alert.concern.in_(against))


class Told(NamedTuple):
    """Somebody who is told of an alert and can be mailed."""

    ref: str
    details: PersonDetails
    roles: tuple[str, ...]
    """Those they hold or cover, the ones first by which they are told of it."""


def those_told_of(session: Session, school: SchoolFile, alert: Alert, at: datetime) -> list[Told]:
    """Everybody to whom an alert may be handed over: they see it, may acknowledge it, and have an address on record."""
    likely = {*alert.tell, *ALL_ALERTS, *(("chair", "governors") if alert.concern is not None else ())}
    found = []
    for details, roles in school.people_on(day_of(at)):
        if not details.email or likely.isdisjoint(roles) or not may(roles, "acknowledge"):
            continue
        viewer = viewer_for(session, details.person_id, at)
        if viewer is not None and session.scalar(select(Alert.id).where(Alert.id == alert.id, *told_of(viewer))) is not None:
            by = [*alert.tell, *ALL_ALERTS, *roles]
            found.append(Told(school.person_refs[details.person_id], details, tuple(sorted(set(roles), key=by.index))))
    return found
