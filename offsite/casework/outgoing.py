"""What goes out each minute: escalations that are due, the digest at its time, then whatever waits in the outbox."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from models import chronology
from models.database import Database
from models.school import School
from offsite.case.loading import load_school
from offsite.messages.channels import Channel
from offsite.messages.digest import digest_due, send_digests
from offsite.messages.dispatch import dispatch
from offsite.messages.escalation import escalate


def send_what_is_due(database: Database, channels: Mapping[str, Channel], at: datetime) -> dict[str, int]:
    """Write what is due, school by school, each in one transaction; then dispatch. Returns counts."""
    with database.reading() as session:
        schools = session.scalars(select(School.id).order_by(School.id)).all()
    escalations = digests = 0
    for school_id in schools:
        with database.writing() as session:
            chronology.lock_school(session, school_id)
            school = load_school(session, school_id)
            escalations += escalate(session, school, at)
            if digest_due(session, school_id, at):
                digests += send_digests(session, school, at)
    dispatched = dispatch(database, channels, at)
    return {"escalations": escalations, "digests": digests, **dispatched._asdict()}
