"""Alerts as somebody sees them: those their role is told of, in placements within their reach, none about themselves."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session

from models.alert import Alert, AlertStep, CannotTell
from models.placement import Placement
from models.provider import ProviderDetails
from models.pupil import PupilDetails
from models.standing import Standing
from offsite.access.alerts import ALL_ALERTS, those_told_of, told_of
from offsite.access.deeds import ANY_STAFF
from offsite.access.sight import ROLE_SIGHT, Facts
from offsite.access.viewer import Viewer
from offsite.case.alert_steps import HAS_ENDED, IS_ACKNOWLEDGED, IS_WITH, SEVERITY, WAITING_SINCE, WAITS_FOR
from offsite.case.loading import load_providers, load_pupils
from offsite.casework.commands.alerts import closed_by_a_person
from offsite.casework.watch.why import why
from offsite.views.listed import A_PAGE, Asked, Listed, Sorts, count_of, cut
from rules.book import BOOK
from rules.facts.attendance.codes import HomeCodeFacts
from rules.facts.attendance.sessions import AbsenceFacts, SessionFacts
from rules.facts.concerns import ConcernFacts
from rules.facts.direction.setting_up import StartFacts
from rules.rule import Severity

WHEREABOUTS = (StartFacts, SessionFacts, AbsenceFacts, ConcernFacts.child_missing, HomeCodeFacts.absent_there)
"""Facts, and single fields of others, that tell whether somebody knows where a pupil is."""
ABOUT_WHEREABOUTS = sorted(
    {rule.id for rule in BOOK.values() for leaf in rule.when.leaves() if {leaf.field, leaf.field.owner} & set(WHEREABOUTS)}
)
"""Rules that look at one of these: whoever takes an alert of theirs looks for the pupil."""
OF_ONE_DAY = [id_ for id_ in ABOUT_WHEREABOUTS if BOOK[id_].subject in ("session", "day")]
LOUDEST = sql_case({s.word: int(s) for s in Severity}, value=SEVERITY, else_=0)


class AlertRow(BaseModel):
    """One open alert in a list."""

    alert: str
    rule: str
    title: str
    severity: str
    authority: str
    placement: str | None
    subject: str
    because: str
    raised: datetime
    waiting_since: datetime
    """When it was raised, became worse or was handed over, whichever was last."""
    acknowledged: bool
    """Of one that was handed over: by whom it was handed to."""
    taken_by: str | None
    """Who took it or was handed it: a person's reference or a role."""
    taken_by_name: str | None
    """For the school's own people."""
    waits_for_viewer: bool
    """Whether it is for the viewer to acknowledge."""
    may_be_closed: bool
    """Whether the viewer may close it: their role may, and it is one that a person closes."""
    pupil_name: str | None
    provider_name: str | None
    provider_phone: str | None


class AlertsAsked(Asked):
    """How a list of open alerts was asked for."""

    severity: str = Field("", max_length=20)
    rule: str = Field("", max_length=60)
    placement: str = Field("", max_length=60)
    unread: bool = False
    """Only those nobody has acknowledged."""


SORTS: Sorts = {
    "severity": LOUDEST,
    "rule": Alert.rule,
    "raised": Alert.raised_at,
    "authority": Alert.authority,
}


def open_alerts(session: Session, viewer: Viewer, asked: AlertsAsked, size: int | None = A_PAGE) -> Listed[AlertRow]:
    """A page of open alerts: those nobody acknowledged first, then those that are with the viewer, then all others, of each
    the loudest and then the oldest first; or as asked."""
    group = sql_case((~IS_ACKNOWLEDGED, 0), (IS_WITH.in_((viewer.ref, *viewer.roles)), 1), else_=2)
    own = (group.asc(), LOUDEST.desc(), Alert.raised_at.asc(), Alert.id.asc())
    page = cut(session, _open(viewer, asked), asked, SORTS, own, size)
    return page.listed(_rows(session, viewer, page.found))


def open_about(session: Session, viewer: Viewer, rule: str, subjects: Sequence[str]) -> list[AlertRow]:
    """The open alerts of one rule about some subjects, the oldest first."""
    wanted = _open(viewer, AlertsAsked(rule=rule)).where(Alert.subject.in_(subjects)).order_by(Alert.id)
    return _rows(session, viewer, session.scalars(wanted).all())


def how_many_open(session: Session, viewer: Viewer, asked: AlertsAsked) -> int:
    """How many open alerts there are, without reading them."""
    return count_of(session, _open(viewer, asked))


def _open(viewer: Viewer, asked: AlertsAsked) -> Select[tuple[int]]:
    return select(Alert.id).where(*told_of(viewer), ~HAS_ENDED, *_asked(viewer, asked))


def _asked(viewer: Viewer, asked: AlertsAsked) -> Iterator[ColumnElement[bool]]:
    if asked.severity:
        yield SEVERITY.in_((asked.severity,))
    if asked.rule:
        yield Alert.rule == asked.rule
    if asked.unread:
        yield ~IS_ACKNOWLEDGED
    if asked.placement:
        of = select(Placement.id).where(Placement.school_id == viewer.school_id, Placement.ref == asked.placement)
        yield Alert.placement_id.in_(of)
    if asked.q:
        yield Alert.ref.startswith(asked.q.upper(), autoescape=True)


def open_alerts_of(session: Session, viewer: Viewer, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """How many open alerts of each severity the viewer is told of in each of these placements."""
    found: dict[int, dict[str, int]] = {}
    now = select(Alert.placement_id, SEVERITY.label("severity"))
    now_ = now.where(Alert.placement_id.in_(ids), *told_of(viewer), ~HAS_ENDED).subquery().c
    counted = select(now_.placement_id, now_.severity, func.count().label("n"))
    for row in session.execute(counted.group_by(now_.placement_id, now_.severity)):
        found.setdefault(row.placement_id, {})[row.severity] = row.n
    return found


def who_is_on_it(session: Session, viewer: Viewer, ids: Sequence[int]) -> dict[int, str]:
    """By placement, the name of who took, or was handed, one of its open alerts about where the pupil is: the last to do so.

    Of alerts about a session or a day only today's count: yesterday's says nothing of who looks for the pupil now.
    """
    today = or_(Alert.rule.not_in(OF_ONE_DAY), Alert.subject.startswith(viewer.today.isoformat()))
    wanted = (
        select(Alert.placement_id, AlertStep.handed_to, AlertStep.by)
        .join(AlertStep, AlertStep.alert_id == Alert.id)
        .where(Alert.placement_id.in_(ids), *told_of(viewer), ~HAS_ENDED)
        .where(AlertStep.step.in_(("taken", "handed_over")), Alert.rule.in_(ABOUT_WHEREABOUTS), today)
        .order_by(AlertStep.id)
    )
    found = {row.placement_id: row.handed_to or row.by for row in session.execute(wanted)}
    names = viewer.school.names_on(viewer.today) if found else {}
    return {id_: names.get(ref, ref) for id_, ref in found.items()}


def find_alert(session: Session, viewer: Viewer, ref: str) -> Alert | None:
    """An alert by reference, open or ended, if it is theirs to see."""
    return session.scalars(select(Alert).where(Alert.ref == ref, *told_of(viewer))).first()


def alert_why(session: Session, viewer: Viewer, ref: str) -> dict[str, Any] | None:
    """Why an alert was raised, and what became of it; the values compared only for those who see all of the placement."""
    alert = find_alert(session, viewer, ref)
    if alert is None:
        return None
    [row] = _rows(session, viewer, [alert.id])
    found = why(session, ref) | row.model_dump(exclude={"raised"})
    names = _names(viewer)
    for step in found["steps"]:
        step["to_name"] = names.get(step["to"])
    if not viewer.holds(*ALL_ALERTS):
        found.update(facts={}, compared=[], origins=[], messages=[])
    return found


class Untold(BaseModel):
    """Something the rules cannot tell."""

    rule: str
    title: str
    placement: str | None
    missing: list[str]
    role: str
    """Who can find out."""
    since: datetime


UNTOLD_SORTS: Sorts = {"rule": CannotTell.rule, "since": CannotTell.since}


def cannot_tell(session: Session, viewer: Viewer, asked: Asked, size: int | None = A_PAGE) -> Listed[Untold]:
    """A page of what the rules cannot tell: the longest first."""
    where = [
        CannotTell.school_id == viewer.school_id,
        CannotTell.until.is_(None),
        CannotTell.subject.not_in(viewer.concerns_against),
    ]
    if asked.q:
        where.append(CannotTell.rule.contains(asked.q.lower(), autoescape=True))
    own = (CannotTell.since.asc(), CannotTell.id.asc())
    page = cut(session, select(CannotTell.id).where(*where), asked, UNTOLD_SORTS, own, size)
    found = session.scalars(select(CannotTell).where(CannotTell.id.in_(page.found))).all()
    refs = _refs(session, [row.placement_id for row in found])
    rows = [
        Untold(
            rule=row.rule,
            title=BOOK[row.rule].title if row.rule in BOOK else row.rule,
            placement=refs.get(row.placement_id or 0),
            missing=row.missing,
            role=BOOK[row.rule].known_by(row.missing) if row.rule in BOOK else "head",
            since=row.since,
        )
        for row in sorted(found, key=lambda row: page.found.index(row.id))
    ]
    return page.listed(rows)


def _refs(session: Session, ids: list[int | None]) -> dict[int, str]:
    wanted = select(Placement.id, Placement.ref).where(Placement.id.in_({i for i in ids if i is not None}))
    return dict(session.execute(wanted).tuples().all())


def _names(viewer: Viewer) -> dict[str | None, str]:
    """The school's people by reference, for those among them."""
    if not viewer.holds(*ANY_STAFF):
        return {}
    return {viewer.school.person_refs[p.person_id]: p.name for p, _ in viewer.school.people_on(viewer.today)}


class _About(NamedTuple):
    """Whom an alert is about, and whom to ring."""

    pupil_name: str
    provider_name: str
    provider_phone: str | None


def _about(session: Session, viewer: Viewer, ids: Iterable[int | None]) -> dict[int | None, _About]:
    """By placement, of those whose pupil the viewer may see by name."""
    naming = tuple(r for r in viewer.roles if r in ROLE_SIGHT and ROLE_SIGHT[r].sight.facts >= Facts.DATES)
    wanted = select(Placement.id, Placement.pupil_id, Placement.provider_id).join(
        Standing, Standing.placement_id == Placement.id
    )
    within = replace(viewer, roles=naming).in_reach()
    rows = session.execute(wanted.where(Placement.id.in_({i for i in ids if i is not None}), within)).all()
    pupils = load_pupils(session, viewer.school, {row.pupil_id for row in rows}, (PupilDetails,)) if rows else {}
    files = load_providers(session, viewer.school, {row.provider_id for row in rows}, (ProviderDetails,)) if rows else {}
    providers = {id_: file.details_on(viewer.today) for id_, file in files.items()}
    return {
        row.id: _About(
            pupils[row.pupil_id].details.name, providers[row.provider_id].name, providers[row.provider_id].contact_phone
        )
        for row in rows
    }


def _rows(session: Session, viewer: Viewer, ids: Sequence[int]) -> list[AlertRow]:
    """Alerts as rows, in the order of their ids as given."""
    wanted = select(Alert, SEVERITY, WAITING_SINCE, IS_ACKNOWLEDGED, IS_WITH, WAITS_FOR).where(Alert.id.in_(ids))
    found = {row[0].id: row for row in session.execute(wanted)}
    placements = [row[0].placement_id for row in found.values()]
    refs, about, names = _refs(session, placements), _about(session, viewer, placements), _names(viewer)
    rows = []
    for alert, severity, since, acknowledged, with_, waits_for in (found[id_] for id_ in ids):
        who = about.get(alert.placement_id)
        rows.append(
            AlertRow(
                alert=alert.ref,
                rule=alert.rule,
                title=BOOK[alert.rule].title if alert.rule in BOOK else "Offsite watches over itself",
                severity=severity,
                authority=alert.authority,
                placement=refs.get(alert.placement_id or 0),
                subject=alert.subject,
                because=alert.because,
                raised=alert.raised_at,
                waiting_since=since,
                acknowledged=acknowledged,
                taken_by=with_,
                taken_by_name=names.get(with_),
                may_be_closed=viewer.may("resolve") and closed_by_a_person(alert.rule),
                waits_for_viewer=not acknowledged and waits_for in (None, viewer.ref, *viewer.roles),
                pupil_name=who and who.pupil_name,
                provider_name=who and who.provider_name,
                provider_phone=who and who.provider_phone,
            )
        )
    return rows


class Receiver(NamedTuple):
    """Somebody, or whoever holds a role, to whom an alert may be handed over."""

    to: str
    name: str | None
    """Of a person, for the school's own people; others are offered roles."""
    roles: tuple[str, ...]


def receivers(session: Session, viewer: Viewer, ref: str) -> list[Receiver]:
    """To whom the viewer may hand an alert over: the others who are told of it."""
    alert = find_alert(session, viewer, ref)
    told = those_told_of(session, viewer.school, alert, viewer.at) if alert is not None else []
    others = [one for one in told if one.ref != viewer.ref]
    if viewer.holds(*ANY_STAFF):
        return [Receiver(one.ref, one.details.name, one.roles) for one in others]
    roles = dict.fromkeys(role for one in others for role in one.roles if role not in viewer.roles)
    return [Receiver(role, None, (role,)) for role in roles]
