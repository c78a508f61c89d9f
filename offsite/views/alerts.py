"""Alerts as somebody sees them: those their role is told of, in placements within their reach, none about themselves."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, String, case, cast, false, func, or_, select
from sqlalchemy.orm import Session

from models.alert import ENDINGS, Alert, AlertStep, CannotTell
from models.concern import Concern
from models.placement import Placement
from models.standing import Standing
from offsite.access.viewer import Viewer
from offsite.casework.watch.why import why
from offsite.views.lists import A_PAGE, Listed
from rules.book import BOOK
from rules.rule import Severity

ALL_ALERTS = ("dsl", "deputy_dsl", "head")
READ = ("acknowledged", "taken", "handed_over")
LOUDEST = case({s.word: int(s) for s in Severity}, value=Alert.severity, else_=0)


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


def open_alerts(
    session: Session, viewer: Viewer, page: int = 1, size: int | None = A_PAGE, *, severity: str = "", placement: str = ""
) -> Listed[AlertRow]:
    """A page of open alerts: those nobody acknowledged first, then the loudest, then the oldest."""
    where = [*_visible(viewer), ~_has_step(ENDINGS)]
    if severity:
        where.append(Alert.severity == severity)
    if placement:
        of = select(Placement.id).where(Placement.school_id == viewer.school_id, Placement.ref == placement)
        where.append(Alert.placement_id.in_(of))
    total = session.scalar(select(func.count()).select_from(Alert).where(*where)) or 0
    pages = max(1, -(-total // size)) if size else 1
    page = min(max(page, 1), pages)
    unread = case((_has_step(READ), 1), else_=0)
    wanted = select(Alert).where(*where).order_by(unread, LOUDEST.desc(), Alert.raised_at, Alert.id)
    if size:
        wanted = wanted.limit(size).offset((page - 1) * size)
    alerts = session.scalars(wanted).all()
    return Listed[AlertRow](rows=_rows(session, alerts), total=total, page=page, pages=pages)


def find_alert(session: Session, viewer: Viewer, ref: str) -> Alert | None:
    """An alert by reference, open or ended, if it is theirs to see."""
    return session.scalars(select(Alert).where(Alert.ref == ref, *_visible(viewer))).first()


def alert_why(session: Session, viewer: Viewer, ref: str) -> dict[str, Any] | None:
    """Why an alert was raised, and what became of it; the values compared only for those who see all of the placement."""
    if find_alert(session, viewer, ref) is None:
        return None
    found = why(session, ref)
    if not viewer.holds(*ALL_ALERTS):
        found.update(facts={}, compared=[], origins=[], messages=[])
    return found


def cannot_tell(session: Session, viewer: Viewer, limit: int = A_PAGE) -> tuple[list[dict[str, Any]], int]:
    """What the rules cannot tell, the longest first, and how many there are in all."""
    where = [CannotTell.school_id == viewer.school_id, CannotTell.until.is_(None)]
    total = session.scalar(select(func.count()).select_from(CannotTell).where(*where)) or 0
    found = session.scalars(select(CannotTell).where(*where).order_by(CannotTell.since, CannotTell.id).limit(limit)).all()
    refs = _refs(session, [row.placement_id for row in found])
    return [
        {
            "rule": row.rule,
            "title": BOOK[row.rule].title if row.rule in BOOK else row.rule,
            "placement": refs.get(row.placement_id or 0),
            "missing": row.missing,
            "role": BOOK[row.rule].known_by(row.missing) if row.rule in BOOK else "head",
            "since": row.since,
        }
        for row in found
    ], total


def _visible(viewer: Viewer) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [Alert.school_id == viewer.school_id]
    barred = select(Concern.concern).where(
        Concern.school_id == viewer.school_id, Concern.against.in_((viewer.ref, *viewer.roles))
    )
    where.append(or_(Alert.concern.is_(None), Alert.concern.not_in(barred)))
    if not viewer.holds(*ALL_ALERTS):
        told = [cast(Alert.tell, String).like(f'%"{role}"%') for role in viewer.roles]
        where.append(or_(false(), *told))
        within = select(Standing.placement_id).where(viewer.in_reach())
        where.append(or_(Alert.placement_id.is_(None), Alert.placement_id.in_(within)))
        if viewer.holds("provider", "local_authority"):
            where.append(Alert.placement_id.is_not(None))
    return where


def _has_step(steps: tuple[str, ...]) -> ColumnElement[bool]:
    return select(AlertStep.id).where(AlertStep.alert_id == Alert.id, AlertStep.step.in_(steps)).exists()


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
