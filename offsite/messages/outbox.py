"""The outbox: messages written in the alert's own transaction. What is critical or high is told at once.

A message's id is made from what it is about and whom it is for, so writing it again adds nothing.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.alert import Alert, AlertStep
from models.concern import Concern
from models.message import Message
from models.placement import Placement
from offsite.case.case import SchoolFile
from offsite.case.loading import load_providers
from offsite.case.safeguarding.against import names_against
from offsite.law.london import day_of
from offsite.messages.addressing import Addressee, readers, whom
from offsite.messages.wording import Line, Wording, word

AT_ONCE = ("critical", "high")
DOMAIN = "offsite.invalid"
"""What every message id ends in; no mail goes there (RFC 2606)."""


def tell(
    session: Session,
    school: SchoolFile,
    alerts: Sequence[Alert],
    at: datetime,
    placement_refs: Mapping[int, str],
    against: Mapping[int, frozenset[str]],
    provider_of: Mapping[int, int],
    *,
    worse: bool = False,
) -> None:
    """Tell of new alerts, or of ones that have become worse: critical and high at once, the others in the digest.

    Alerts of one rule at one provider become one message a person, with a list of references. Of a concern somebody is
    always told who may read it; the message says so where nobody is left who may.
    """
    if not alerts:
        return
    kind = "worse" if worse else "alert"
    severities = severities_now(session, alerts) if worse else {a.id: a.severity for a in alerts}
    groups: dict[tuple[str, int | None, str, frozenset[str]], list[Alert]] = defaultdict(list)
    for alert in alerts:
        if severities[alert.id] in AT_ONCE:
            provider = provider_of.get(alert.placement_id) if alert.placement_id is not None else None
            groups[alert.rule, provider, severities[alert.id], against.get(alert.id, frozenset())].append(alert)
    for (_, provider, severity, barred), group in groups.items():
        roles = list(dict.fromkeys([*group[0].tell, *(["dsl"] if severity == "critical" else [])]))
        email = provider_email(session, school, provider, at) if "provider" in roles else None
        found = whom(school, roles, at, barred, email, provider)
        able = readers(school, at, barred) if group[0].concern is not None else []
        if not {one.person_id for one in able} & {one.person_id for one in found}:
            found += able
        for one in found:
            add(session, school, kind, severity, one, group, at, placement_refs,
                nobody_reads=group[0].concern is not None and not able)  # fmt: skip


def tell_handed_over(
    session: Session, school: SchoolFile, alert: Alert, to: Sequence[Addressee], by: str, event: str, at: datetime
) -> None:
    """Tell those to whom an alert was handed over, at once, whatever its severity. `by`: reference of who did it; `event`: the
    hash of its entry, since it may go to the same person twice."""
    severity = severities_now(session, [alert])[alert.id]
    unreadable = nobody_reads(session, school, alert, at)
    for one in to:
        add(session, school, "handed_over", severity, one, [alert], at, refs_of(session, [alert]), by=by,
            nobody_reads=unreadable, of=[event])  # fmt: skip


def add(
    session: Session,
    school: SchoolFile,
    kind: str,
    severity: str,
    to: Addressee,
    alerts: Sequence[Alert],
    at: datetime,
    placement_refs: Mapping[int, str],
    channel: str = "email",
    untold: int = 0,
    *,
    by: str = "",
    nobody_reads: bool = False,
    of: Iterable[str] = (),
) -> bool:
    """Put one message about alerts in the outbox; False where the same message is there already.

    `untold`: how many things the rules cannot tell, for a digest. `by`: who handed them over. `nobody_reads`: nobody is left
    who may read what they are about. `of`: what makes it another message where these alerts are told of once more.
    """
    refs = [alert.ref for alert in alerts]
    message_id = stable_id(kind, severity, str(to.person_id or to.address or to.role), channel, *refs, *of)
    lines = [Line(a.ref, placement_refs.get(a.placement_id or 0), a.due, severity) for a in alerts]
    words = word(kind, severity, to.role, lines, to.instead_of, untold, by=by, nobody_reads=nobody_reads)
    return put(session, school.id, message_id, kind, severity, to, refs, words, at, channel)


def put(
    session: Session,
    school_id: int,
    message_id: str,
    kind: str,
    severity: str,
    to: Addressee,
    refs: list[str],
    words: Wording,
    at: datetime,
    channel: str = "email",
) -> bool:
    """Put a message with its words in the outbox; False where it is there already."""
    if session.scalar(select(Message.id).where(Message.message_id == message_id)) is not None:
        return False
    session.add(
        Message(
            school_id=school_id,
            message_id=message_id,
            kind=kind,
            alerts=refs,
            role=to.role,
            person_id=to.person_id,
            channel=channel,
            address=to.address,
            severity=severity,
            subject=words.subject,
            body=words.body,
            created_at=at,
        )
    )
    return True


def stable_id(*parts: str) -> str:
    """A message id that is the same for the same message."""
    return f"{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:32]}@{DOMAIN}"


def severities_now(session: Session, alerts: Iterable[Alert]) -> dict[int, str]:
    """The severity each alert has reached."""
    found = {alert.id: alert.severity for alert in alerts}
    steps = select(AlertStep).where(AlertStep.step == "severity", AlertStep.alert_id.in_(found)).order_by(AlertStep.id)
    for step in session.scalars(steps):
        found[step.alert_id] = step.severity or found[step.alert_id]
    return found


def provider_email(session: Session, school: SchoolFile, provider_id: int | None, at: datetime) -> str | None:
    """The e-mail address of a provider's contact, if one is on record."""
    if provider_id is None:
        return None
    file = load_providers(session, school, [provider_id])[provider_id]
    return file.details_on(day_of(at)).contact_email


def providers_of(session: Session, alerts: Iterable[Alert]) -> dict[int, int]:
    """The provider of each placement that some alerts are about, by the placement's id."""
    ids = {alert.placement_id for alert in alerts if alert.placement_id is not None}
    return dict(session.execute(select(Placement.id, Placement.provider_id).where(Placement.id.in_(ids))).tuples().all())


def refs_of(session: Session, alerts: Iterable[Alert]) -> dict[int, str]:
    """The references of the placements some alerts are about."""
    ids = {alert.placement_id for alert in alerts if alert.placement_id is not None}
    return dict(session.execute(select(Placement.id, Placement.ref).where(Placement.id.in_(ids))).tuples().all())


def nobody_reads(session: Session, school: SchoolFile, alert: Alert, at: datetime) -> bool:
    """Whether an alert is about a concern, and nobody who can be told may read that."""
    return alert.concern is not None and not readers(school, at, against_of(session, alert))


def against_of(session: Session, alert: Alert) -> frozenset[str]:
    """Whom the concern behind an alert is against, persons' references and roles: never told of it."""
    if alert.concern is None:
        return frozenset()
    of = select(Concern).where(Concern.school_id == alert.school_id, Concern.concern == alert.concern)
    found = session.scalars(of.order_by(Concern.id.desc()).limit(1)).first()
    return names_against(found) if found is not None else frozenset()
