"""Alerts as somebody sees them: those their role is told of, in placements within their reach, none about themselves."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session

from models.alert import ENDINGS, Alert, AlertStep, CannotTell
from models.placement import Placement
from offsite.access.alerts import ALL_ALERTS, told_of
from offsite.access.viewer import Viewer
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
READ = ("acknowledged", "taken", "handed_over")
LOUDEST = sql_case({s.word: int(s) for s in Severity}, value=Alert.severity, else_=0)


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
    acknowledged: bool
    taken_by: str | None


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
    """A page of open alerts: those nobody acknowledged first, then the loudest, then the oldest; or as asked."""
    own = (sql_case((_has_step(READ), 1), else_=0).asc(), LOUDEST.desc(), Alert.raised_at.asc(), Alert.id.asc())
    page = cut(session, _open(viewer, asked), asked, SORTS, own, size)
    alerts = {alert.id: alert for alert in session.scalars(select(Alert).where(Alert.id.in_(page.found)))}
    return page.listed(_rows(session, [alerts[id_] for id_ in page.found]))


def how_many_open(session: Session, viewer: Viewer, asked: AlertsAsked) -> int:
    """How many open alerts there are, without reading them."""
    return count_of(session, _open(viewer, asked))


def _open(viewer: Viewer, asked: AlertsAsked) -> Select[tuple[int]]:
    return select(Alert.id).where(*told_of(viewer), ~_has_step(ENDINGS), *_asked(viewer, asked))


def _asked(viewer: Viewer, asked: AlertsAsked) -> Iterator[ColumnElement[bool]]:
    if asked.severity:
        yield Alert.severity == asked.severity
    if asked.rule:
        yield Alert.rule == asked.rule
    if asked.unread:
        yield ~_has_step(READ)
    if asked.placement:
        of = select(Placement.id).where(Placement.school_id == viewer.school_id, Placement.ref == asked.placement)
        yield Alert.placement_id.in_(of)
    if asked.q:
        yield Alert.ref.startswith(asked.q.upper(), autoescape=True)


def open_alerts_of(session: Session, viewer: Viewer, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """How many open alerts of each severity, as raised, the viewer is told of in each of these placements."""
    found: dict[int, dict[str, int]] = {}
    for row in session.execute(
        select(Alert.placement_id, Alert.severity, func.count().label("n"))
        .where(Alert.placement_id.in_(ids), *told_of(viewer), ~_has_step(ENDINGS))
        .group_by(Alert.placement_id, Alert.severity)
    ):
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
        .where(Alert.placement_id.in_(ids), *told_of(viewer), ~_has_step(ENDINGS))
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
    if find_alert(session, viewer, ref) is None:
        return None
    found = why(session, ref)
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


def _has_step(steps: tuple[str, ...]) -> ColumnElement[bool]:
    return select(AlertStep.id).where(AlertStep.alert_id == Alert.id, AlertStep.step.in_(steps)).correlate(Alert).exists()


def _refs(session: Session, ids: list[int | None]) -> dict[int, str]:
    wanted = select(Placement.id, Placement.ref).where(Placement.id.in_({i for i in ids if i is not None}))
    return dict(session.execute(wanted).tuples().all())


def _rows(session: Session, alerts: Any) -> list[AlertRow]:
    refs = _refs(session, [a.placement_id for a in alerts])
    steps: dict[int, list[AlertStep]] = {}
    wanted = select(AlertStep).where(AlertStep.alert_id.in_([a.id for a in alerts])).order_by(AlertStep.id)
    for step in session.scalars(wanted):
        steps.setdefault(step.alert_id, []).append(step)
    return [_row(alert, steps.get(alert.id, []), refs) for alert in alerts]


def _row(alert: Alert, steps: list[AlertStep], refs: dict[int, str]) -> AlertRow:
    reached = [Severity.of(alert.severity), *(Severity.of(s.severity) for s in steps if s.severity)]
    taken = next((s.handed_to or s.by for s in reversed(steps) if s.step in ("taken", "handed_over")), None)
    return AlertRow(
        alert=alert.ref,
        rule=alert.rule,
        title=BOOK[alert.rule].title if alert.rule in BOOK else "Offsite watches over itself",
        severity=max(reached).word,
        authority=alert.authority,
        placement=refs.get(alert.placement_id or 0),
        subject=alert.subject,
        because=alert.because,
        raised=alert.raised_at,
        acknowledged=any(s.step in READ for s in steps),
        taken_by=taken,
    )
