"""The digest: medium and low alerts, once a day at 06:15, each told once to each person."""

from collections import defaultdict
from datetime import datetime, time
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.alert import Alert
from models.message import Message
from offsite.case.alert_steps import HAS_ENDED
from offsite.case.case import SchoolFile
from offsite.law.london import day_of, instant_of
from offsite.messages.addressing import Addressee, whom
from offsite.messages.outbox import AT_ONCE, add, against_of, provider_email, providers_of, refs_of, severities_now
from offsite.messages.untold import tell_head_of_untold, untold_now

DIGEST_AT = time(6, 15)
"""London time."""


def send_digests(session: Session, school: SchoolFile, at: datetime) -> int:
    """One digest a person of what is open, medium or low, and not yet told to them, and the head told of what the rules
    have long not been able to tell; returns how many messages were added."""
    alerts = session.scalars(
        select(Alert).where(Alert.school_id == school.id, Alert.raised_at <= at, ~HAS_ENDED).order_by(Alert.id)
    ).all()
    severities = severities_now(session, alerts)
    told, providers = _told(session, school.id, min((a.raised_at for a in alerts), default=at)), providers_of(session, alerts)
    email_of = cache(lambda provider: provider_email(session, school, provider, at))
    mine: dict[Addressee, list[Alert]] = defaultdict(list)
    for alert in alerts:
        if severities[alert.id] not in AT_ONCE:
            provider = providers.get(alert.placement_id or 0)
            email = email_of(provider) if "provider" in alert.tell else None
            for one in whom(school, alert.tell, at, against_of(session, alert), email, provider):
                if (alert.ref, one.person_id, one.address if one.person_id is None else None) not in told:
                    mine[one].append(alert)
    refs, untold = refs_of(session, alerts), untold_now(session, school.id)
    added = tell_head_of_untold(session, school, at)
    for one, found in mine.items():
        highest = "medium" if any(severities[a.id] == "medium" for a in found) else "low"
        added += add(session, school, "digest", highest, one, found, at, refs, untold=untold)
    return added


def digest_due(session: Session, school_id: int, at: datetime) -> bool:
    """Whether today's digest time has come and no digest was written since."""
    due = instant_of(day_of(at), DIGEST_AT)
    if at < due:
        return False
    written = select(Message.id).where(Message.school_id == school_id, Message.kind == "digest", Message.created_at >= due)
    return session.scalars(written.limit(1)).first() is None


def _told(session: Session, school_id: int, since: datetime) -> set[tuple[str, int | None, str | None]]:
    """What was told to whom since: to a person, or, as to a provider's contact, to an address."""
    found = session.execute(
        select(Message.alerts, Message.person_id, Message.address).where(
            Message.school_id == school_id, Message.kind == "digest", Message.created_at >= since
        )
    )
    return {(ref, row.person_id, row.address if row.person_id is None else None) for row in found for ref in row.alerts}
