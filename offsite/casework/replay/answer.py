"""What a replay answers: one JSON document, its keys as scenarios describe them. Instants are UTC."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.alert import Alert, AlertStep, CannotTell
from models.chronology import Event
from models.message import Message
from models.placement import Placement
from models.school import School
from offsite.case.case import Case
from offsite.case.direction.enforceable import enforceable
from offsite.case.direction.period import last_day
from offsite.case.direction.terms import closed, on_hold, start_day
from offsite.case.loading import load_cases, load_school
from offsite.case.stage import stage
from offsite.case.statutory_clock import deadlines
from offsite.casework.replay.play import Played
from offsite.casework.watch.looking import BOOK_HASH
from offsite.law.london import day_of
from offsite.law.regimes import transitional
from rules.book import BOOK
from rules.rule import Severity


def answer(played: Played) -> dict[str, Any]:
    """The whole answer to a scenario."""
    with played.database.reading() as session:
        school_id = session.scalars(select(School.id)).one()
        school = load_school(session, school_id)
        ids = session.scalars(select(Placement.id).order_by(Placement.id)).all()
        cases = load_cases(session, school, ids, played.scenario.first)
        refs = {case.id: case.ref for case in cases}
        alerts = alerts_shown(session, school_id, refs)
        return {
            "scenario": played.scenario.title,
            "rule_book": BOOK_HASH,
            "placements": [placement_shown(case, played.until) for case in cases],
            "alerts": [a for a in alerts if not a["rule"].startswith("system-")],
            "system": [a for a in alerts if a["rule"].startswith("system-")],
            "cannot_tell": cannot_tell_shown(session, school_id, refs),
            "deadlines": [d.shown() for case in cases for d in deadlines(case, played.until)],
            "messages": _messages(session, school_id),
            "refused": [{"event": r.event, "why": r.why} for r in played.refused],
            "timeline": _timeline(session, school_id, refs),
        }


def placement_shown(case: Case, at: datetime) -> dict[str, Any]:
    """One placement: stage, hold, period, enforceability, transitional mark."""
    day = day_of(at)
    ends, began, ended = last_day(case), start_day(case), closed(case)
    return {
        "placement": case.ref,
        "stage": stage(case, at),
        "held": on_hold(case, at),
        "period_ends": ends.isoformat() if ends else None,
        "enforceable": enforceable(case, day).yes,
        "transitional": began is not None
        and transitional(case.school.details_on(day).kind, began, day, day_of(ended.happened_at) if ended else None),
    }


def alerts_shown(session: Session, school_id: int, refs: dict[int, str]) -> list[dict[str, Any]]:
    """Every alert of the school, in the order raised."""
    steps: dict[int, list[AlertStep]] = {}
    for step in session.scalars(select(AlertStep).order_by(AlertStep.id)):
        steps.setdefault(step.alert_id, []).append(step)
    wanted = select(Alert).where(Alert.school_id == school_id).order_by(Alert.raised_at, Alert.id)
    return [alert_shown(alert, steps.get(alert.id, []), refs) for alert in session.scalars(wanted)]


def alert_shown(alert: Alert, steps: list[AlertStep], refs: dict[int, str]) -> dict[str, Any]:
    """One alert; `severity` is the highest it reached."""
    reached = [Severity.of(alert.severity), *(Severity.of(s.severity) for s in steps if s.severity)]
    ending = next((s for s in steps if s.step in ("cleared", "withdrawn", "resolved")), None)
    return {
        "alert": alert.ref,
        "rule": alert.rule,
        "placement": refs.get(alert.placement_id) if alert.placement_id is not None else None,
        "subject": alert.subject,
        "severity": max(reached).word,
        "authority": alert.authority,
        "evidence": alert.evidence,
        "raised": _instant(alert.raised_at),
        "cleared": _instant(ending.at) if ending else None,
        "ended": ending.step if ending else None,
        "tell": list(alert.tell),
        "due": alert.due.isoformat() if alert.due else None,
        "facts": alert.facts,
        "because": alert.because,
        "source": alert.source,
        "steps": [{"step": s.step, "at": _instant(s.at), "by": s.by, "to": s.handed_to} for s in steps],
    }


def cannot_tell_shown(session: Session, school_id: int, refs: dict[int, str]) -> list[dict[str, Any]]:
    """What could not be told, and what was missing."""
    wanted = select(CannotTell).where(CannotTell.school_id == school_id).order_by(CannotTell.id)
    return [
        {
            "rule": row.rule,
            "placement": refs.get(row.placement_id) if row.placement_id is not None else None,
            "subject": row.subject,
            "missing": row.missing,
            "role": BOOK[row.rule].known_by(row.missing) if row.rule in BOOK else "head",
            "since": _instant(row.since),
            "until": _instant(row.until) if row.until else None,
        }
        for row in session.scalars(wanted)
    ]


def _messages(session: Session, school_id: int) -> list[dict[str, Any]]:
    people = {id_: ref for id_, ref in load_school(session, school_id).person_refs.items()}
    wanted = select(Message).where(Message.school_id == school_id).order_by(Message.created_at, Message.id)
    return [
        {
            "at": _instant(row.created_at),
            "to": row.role,
            "person": people.get(row.person_id) if row.person_id is not None else None,
            "channel": row.channel,
            "severity": row.severity,
            "kind": row.kind,
            "subject": row.subject,
            "body": row.body,
        }
        for row in session.scalars(wanted)
    ]


def _timeline(session: Session, school_id: int, refs: dict[int, str]) -> list[dict[str, Any]]:
    events = session.scalars(select(Event).where(Event.school_id == school_id).order_by(Event.number))
    entries = [
        {
            "at": _instant(event.recorded_at),
            "happened": _instant(event.happened_at),
            "what": event.kind.replace("_", " "),
            "placement": refs.get(event.placement_id) if event.placement_id is not None else None,
            "by": event.by,
            "event": event.number,
        }
        for event in events
        if event.kind != "rules_looked"
    ]
    for alert in alerts_shown(session, school_id, refs):
        entries.append({"at": alert["raised"], "what": f"alert {alert['rule']} ({alert['severity']})", "by": "rules",
                        "placement": alert["placement"], "because": alert["because"]})  # fmt: skip
        if alert["cleared"]:
            entries.append({"at": alert["cleared"], "what": f"alert {alert['rule']} {alert['ended']}", "by": "rules",
                            "placement": alert["placement"]})  # fmt: skip
    return sorted(entries, key=lambda entry: str(entry["at"]))


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
