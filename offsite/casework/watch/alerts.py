"""Alerts: raise, keep, raise the severity of, clear. The only place that does.

An alert's identity is school, rule, placement and subject. Found again, it is kept; its severity only goes up. No longer
found, it is cleared by the rule's own terms. A rule that cannot tell clears nothing, and where a rule is closed by a
person alone, the absence of the fact (a meeting cancelled, a placement closed) is no evidence that the breach did not
happen: only a fact that now shows the duty was met withdraws it.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models import chronology
from models.alert import Alert, AlertStep, CannotTell
from offsite.case.alert_steps import HAS_ENDED
from offsite.case.case import SchoolFile
from offsite.casework.watch.looking import Key, Looked
from offsite.messages import outbox
from rules.book import BOOK
from rules.judge import Finding
from rules.rule import Severity

OPEN = (
    select(Alert.id, Alert.ref, Alert.rule, Alert.placement_id, Alert.subject, Alert.severity)
    .where(Alert.school_id == bindparam("school"), ~HAS_ENDED)
    .order_by(Alert.id)
)
WORSE = (
    select(AlertStep.alert_id, AlertStep.severity)
    .join(Alert, Alert.id == AlertStep.alert_id)
    .where(Alert.school_id == bindparam("school"), AlertStep.step == "severity", ~HAS_ENDED)
    .order_by(AlertStep.id)
)
UNTOLD = select(CannotTell.id, CannotTell.rule, CannotTell.placement_id, CannotTell.subject).where(
    CannotTell.school_id == bindparam("school"), CannotTell.until.is_(None)
)
RULES = "rules"
"""Who raises and clears alerts, as the chronology names it."""


class OpenAlert(NamedTuple):
    """An alert that has not ended, and the highest severity it has reached."""

    id: int
    ref: str
    severity: Severity


@dataclass
class Changes:
    """What one look at the rules changed: references of alerts."""

    raised: tuple[str, ...] = ()
    worse: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    cannot_tell: int = 0
    by_rule: dict[str, dict[str, int]] = field(default_factory=dict)
    """rule -> looked_at, found, cleared, cannot_tell: counts of facts and alerts."""

    def any(self) -> bool:
        """Whether any alert changed."""
        return bool(self.raised or self.worse or self.cleared or self.withdrawn)


def open_alerts(
    session: Session, school_id: int, placement_ids: Collection[int] | None = None, rules: Collection[str] | None = None
) -> dict[Key, OpenAlert]:
    """The school's open alerts by rule, placement and subject; of these placements (and of none) where given."""
    of = {"school": school_id}
    found = [
        row
        for row in session.execute(OPEN, of)
        if (rules is None or row.rule in rules)
        and (placement_ids is None or row.placement_id is None or row.placement_id in placement_ids)
    ]
    worse = {step.alert_id: Severity.of(step.severity) for step in session.execute(WORSE, of)} if found else {}
    return {
        Key(row.rule, row.placement_id, row.subject): OpenAlert(row.id, row.ref, worse.get(row.id, Severity.of(row.severity)))
        for row in found
    }


def reconcile(session: Session, school: SchoolFile, looked: Looked, at: datetime, correcting: bool = False) -> Changes:
    """Bring the alerts of what was looked at up to date, in the caller's transaction; returns what changed.

    `correcting`: a correction caused the look, so alerts that came of the error are withdrawn rather than cleared.
    """
    changes = Changes(by_rule=looked.counts)
    known = open_alerts(session, school.id, looked.cases.keys(), looked.rules)
    new = {key: finding for key, finding in looked.findings.items() if key not in known}
    raised = [
        alert
        for key, finding in new.items()
        if (alert := _raise(session, school, key, finding, at, looked.book_hash)) is not None
    ]
    worse = [
        _worsen(session, known[key], finding, at)
        for key, finding in looked.findings.items()
        if key in known and finding.severity > known[key].severity
    ]
    for key, current in known.items():
        if key in looked.findings or not looked.covers(key) or key in looked.cannot_tell:
            continue
        rule = BOOK[key.rule]
        if rule.by_person and not looked.has_fact(key):
            continue
        step = "withdrawn" if rule.by_person or correcting else "cleared"
        end(session, current, step, at, RULES, because=rule.clears)
        looked.count(key.rule, "cleared")
        if step == "withdrawn":
            changes.withdrawn += (current.ref,)
        else:
            changes.cleared += (current.ref,)
    session.flush()
    changes.raised = tuple(a.ref for a in raised)
    changes.worse = tuple(a.ref for a in worse)
    changes.cannot_tell = _note_cannot_tell(session, school.id, looked, at)
    tell(session, school, looked, raised, worse, at)
    if changes.any():
        _write_event(session, school.id, looked, changes, at)
    return changes


def end(session: Session, alert: OpenAlert, step: str, at: datetime, by: str, because: str | None = None, **more: Any) -> None:
    """End an alert: cleared, withdrawn or resolved. An alert ends once; the database refuses a second ending."""
    session.add(AlertStep(alert_id=alert.id, step=step, at=at, by=by, because=because, **more))


def tell(session: Session, school: SchoolFile, looked: Looked, raised: list[Alert], worse: list[Alert], at: datetime) -> None:
    """Put messages about new and worsened alerts in the outbox."""
    against = {a.id: looked.against.get((a.placement_id, a.concern), frozenset()) for a in (*raised, *worse) if a.concern}
    outbox.tell(session, school, raised, at, looked.refs, against, looked.providers)
    outbox.tell(session, school, worse, at, looked.refs, against, looked.providers, worse=True)


def _raise(session: Session, school: SchoolFile, key: Key, finding: Finding, at: datetime, book_hash: str) -> Alert | None:
    rule, fact = finding.rule, finding.fact
    earlier = session.scalars(
        select(Alert)
        .where(
            Alert.school_id == school.id,
            Alert.rule == key.rule,
            Alert.subject == key.subject,
            Alert.placement_id.is_(None) if key.placement_id is None else Alert.placement_id == key.placement_id,
        )
        .order_by(Alert.id.desc())
    ).first()
    settles = rule.by_person and key.placement_id is not None  # of no placement, the facts themselves leave out what is settled
    if settles and earlier is not None and _settled(session, earlier, finding.severity):
        return None
    context = fact.context()
    due = context.get("due")
    alert = Alert(
        ref=new_alert_ref(session),
        school_id=school.id,
        placement_id=key.placement_id,
        rule=rule.id,
        subject=key.subject,
        severity=finding.severity.word,
        authority=finding.authority(school.details_on(fact.judged_on).kind),
        source=finding.source,
        evidence=finding.evidence,
        tell=list(rule.tell),
        raised_at=at,
        judged_on=fact.judged_on,
        due=due if isinstance(due, date) else None,
        because=finding.because(),
        facts=finding.facts_shown(),
        concern=key.subject if rule.subject == "concern" else None,
        rule_book=book_hash,
        earlier_id=earlier.id if earlier else None,
    )
    session.add(alert)
    session.flush()
    return alert


def _settled(session: Session, earlier: Alert, severity: Severity) -> bool:
    """Whether a person closed the earlier alert of this identity and no higher step of severity is reached since."""
    steps = session.scalars(select(AlertStep).where(AlertStep.alert_id == earlier.id).order_by(AlertStep.id)).all()
    if not any(step.step == "resolved" for step in steps):
        return False
    reached = [Severity.of(earlier.severity), *(Severity.of(s.severity) for s in steps if s.severity)]
    return severity <= max(reached)


def _worsen(session: Session, current: OpenAlert, finding: Finding, at: datetime) -> Alert:
    session.add(
        AlertStep(
            alert_id=current.id,
            step="severity",
            at=at,
            by=RULES,
            severity=finding.severity.word,
            because=finding.because(),
        )
    )
    return session.get_one(Alert, current.id)


def _note_cannot_tell(session: Session, school_id: int, looked: Looked, at: datetime) -> int:
    """Keep the list of what could not be told up to date; returns how many are open among what was looked at."""
    rows = session.execute(UNTOLD, {"school": school_id})
    open_now = {Key(row.rule, row.placement_id, row.subject): row.id for row in rows}
    for key, row_id in open_now.items():
        if looked.covers(key) and key not in looked.cannot_tell:
            session.get_one(CannotTell, row_id).until = at
    for key, missing in looked.cannot_tell.items():
        if key not in open_now:
            session.add(
                CannotTell(
                    school_id=school_id,
                    placement_id=key.placement_id,
                    rule=key.rule,
                    subject=key.subject,
                    missing=list(missing),
                    since=at,
                )
            )
    return len(looked.cannot_tell)


def _write_event(session: Session, school_id: int, looked: Looked, changes: Changes, at: datetime) -> None:
    only = next(iter(looked.cases)) if len(looked.cases) == 1 else None
    parts = {
        "raised": changes.raised,
        "worse": changes.worse,
        "cleared": changes.cleared,
        "withdrawn": changes.withdrawn,
    }
    chronology.append(
        session,
        school_id=school_id,
        kind="rules_looked",
        by=RULES,
        placement_id=only,
        happened_at=at,
        recorded_at=at,
        payload={**{name: list(refs) for name, refs in parts.items() if refs}, "rule_book": looked.book_hash[:16]},
    )


def new_alert_ref(session: Session) -> str:
    """A new short reference that tells nothing, such as A-7K2F9R, and that no alert bears yet."""
    while True:
        ref = "A-" + "".join(secrets.choice("23456789ACDEFGHJKMNPQRTVWXYZ") for _ in range(6))
        if session.scalar(select(Alert.id).where(Alert.ref == ref)) is None:
            return ref
