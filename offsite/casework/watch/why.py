"""Why an alert was raised: the sentence, the facts with their origin, the numbers they met, by what right, and what came of it.

The values, the sentence and the rule book's hash are those kept with the alert; where the facts came from and how the
days were counted is worked out again from the record. Values recorded after the alert are left out of the origins.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from models.alert import Alert, AlertStep
from models.chronology import Event
from models.message import Delivery, Message
from models.placement import Placement
from offsite.case.attendance.sessions import subject_of
from offsite.case.case import Case, Row, RowsByTable
from offsite.case.loading import load_cases, load_school
from offsite.case.statutory_clock import deadlines
from offsite.casework.refusals import UnknownName
from offsite.casework.replay.answer import alert_shown
from offsite.casework.watch.looking import BOOK_HASH
from offsite.law.regimes import regime_on
from rules.book import BOOK
from rules.explain import Compared, compared
from rules.facts import facts_of_case
from rules.rule import Rule

NAMES = ("review", "request", "concern", "change")
"""Columns by which a row belongs to one named thing: only that of the alert's subject is an origin."""


class _Traced(RowsByTable):
    """Rows that remember which tables were asked for."""

    def __init__(self, rows: RowsByTable) -> None:
        super().__init__(rows._rows)
        self.read: dict[type, None] = {}

    def of(self, table: type[Row]) -> Any:
        self.read[table] = None
        return super().of(table)

    def newest(self, table: type[Row]) -> Row | None:
        self.read[table] = None
        return super().newest(table)


def why(session: Session, ref: str) -> dict[str, Any]:
    """Everything there is to say about one alert, as a program reads it. Raises UnknownName."""
    alert = session.scalars(select(Alert).where(Alert.ref == ref)).first()
    if alert is None:
        raise UnknownName("alert", ref, session.scalars(select(Alert.ref).order_by(Alert.id.desc()).limit(8)))
    refs = dict(session.execute(select(Placement.id, Placement.ref).where(Placement.id == alert.placement_id)).tuples().all())
    steps = list(session.scalars(select(AlertStep).where(AlertStep.alert_id == alert.id).order_by(AlertStep.id)))
    rule = BOOK.get(alert.rule)
    case = _case(session, alert)
    return {
        **alert_shown(alert, steps, refs),
        "title": rule.title if rule else "Offsite watches over itself",
        "judged_on": alert.judged_on,
        "regime": regime_on(alert.judged_on),
        "condition": alert.facts.get("condition") or (rule.when.words() if rule else None),
        "compared": [_shown(row) for row in compared(rule, alert.facts, alert.judged_on)] if rule else [],
        "found_by": alert.facts.get("found_by"),
        "origins": _origins(session, alert, rule, case) if rule and case else [],
        "count": _count(case, rule, alert) if rule and case else None,
        "clears": rule.clears if rule else "when what was late has run again",
        "rule_book": alert.rule_book,
        "rule_book_now": BOOK_HASH,
        "earlier": _earlier(session, alert),
        "messages": _messages(session, alert, steps),
    }


def _case(session: Session, alert: Alert) -> Case | None:
    if alert.placement_id is None:
        return None
    school = load_school(session, alert.school_id)
    return next(iter(load_cases(session, school, [alert.placement_id])), None)


def _shown(row: Compared) -> dict[str, Any]:
    found = row._asdict()
    found["with"] = found.pop("with_what")
    found["parameter"] = row.parameter._asdict() if row.parameter else None
    return found


def _origins(session: Session, alert: Alert, rule: Rule, case: Case) -> list[dict[str, Any]]:
    """The events whose rows the rule's facts are derived from: which, by whom, when it happened and was recorded."""
    traced = {part: _Traced(getattr(case, part).rows) for part in ("school", "provider", "pupil")}
    parts = {part: replace(getattr(case, part), rows=rows) for part, rows in traced.items()}
    own = _Traced(case.rows)
    list(facts_of_case(replace(case, rows=own, **parts), alert.raised_at, {rule.looks_at}))
    rows = [row for part in (own, *traced.values()) for table in part.read for row in part._rows.get(table, ())]
    events = {row.event_id for row in rows if _belongs(row, alert)} | _marks(case, alert)
    found = session.scalars(
        select(Event).where(Event.id.in_(events), Event.recorded_at <= alert.raised_at).order_by(Event.number)
    )
    return [
        {"event": e.number, "what": e.kind, "by": e.by, "happened": e.happened_at, "recorded": e.recorded_at} for e in found
    ]


def _belongs(row: Any, alert: Alert) -> bool:
    named = [getattr(row, name) for name in NAMES if hasattr(row, name)]
    return not named or BOOK[alert.rule].subject not in NAMES or alert.subject in named


def _marks(case: Case, alert: Alert) -> set[int]:
    """The events of the marks for the session or day the alert is about."""
    return {
        mark.event_id
        for register in (case.home_marks, case.provider_marks)
        for (day, session), mark in register.items()
        if alert.subject in (subject_of((day, session)), day.isoformat())
    }


def _count(case: Case, rule: Rule, alert: Alert) -> dict[str, Any] | None:
    """The count of days of the duty the rule is about, where it has one."""
    if rule.duty is None:
        return None
    return next(
        (duty.shown() for duty in deadlines(case, alert.raised_at) if duty.duty == rule.duty and duty.of == alert.subject), None
    )


def _earlier(session: Session, alert: Alert) -> list[str]:
    """References of earlier alerts of the same identity, the last one first."""
    found: list[str] = []
    before = alert.earlier_id
    while before is not None:
        one = session.get_one(Alert, before)
        found.append(one.ref)
        before = one.earlier_id
    return found


def _messages(session: Session, alert: Alert, steps: list[AlertStep]) -> list[dict[str, Any]]:
    """What was sent of it, to which role, what became of it, and when somebody then said that they had read it."""
    told = cast(Message.alerts, String).contains(f'"{alert.ref}"', autoescape=True)
    wanted = select(Message).where(Message.school_id == alert.school_id, Message.created_at >= alert.raised_at, told)
    rows = session.scalars(wanted.order_by(Message.id)).all()
    deliveries = select(Delivery).where(Delivery.message_id.in_([row.id for row in rows])).order_by(Delivery.id)
    sent = {row.message_id: row.outcome for row in session.scalars(deliveries)}
    return [
        {"to": row.role, "channel": row.channel, "at": row.created_at, "kind": row.kind,
         "delivery": sent.get(row.id, "waiting"), "acknowledged": _read(steps, row.created_at)}
        for row in rows
    ]  # fmt: skip


def _read(steps: list[AlertStep], told: datetime) -> datetime | None:
    """When an alert was first read after a message of it. The message that it was handed over is of the hand-over's instant."""
    said = (step.at for step in steps if step.step in ("acknowledged", "taken", "read") and step.at >= told)
    handed = (step.at for step in steps if step.step == "handed_over" and step.at > told)
    return min((*said, *handed), default=None)
