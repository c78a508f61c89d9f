"""The watchdog: a late or failed sweep or dispatch is itself an alert, raised from outside Prefect.

It looks at our own record of runs, so it holds whether Prefect, its server or its worker failed.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from models.chronology import Event
from models.database import Database
from models.runs import JobRun
from models.school import School
from offsite.case.loading import load_school
from offsite.casework.watch.system_alerts import DISPATCH_LATE, SWEEP_LATE, clear_system, raise_system
from offsite.messages.escalation import escalate


class Watched(NamedTuple):
    """A job, how old its last good run may be, and the alert that says it is older."""

    job: str
    at_most: timedelta
    rule: str


WATCHED = (
    Watched("sweep_quarter_hour", timedelta(minutes=35), SWEEP_LATE),
    Watched("sweep_daily", timedelta(hours=25), SWEEP_LATE),
    Watched("dispatch", timedelta(minutes=10), DISPATCH_LATE),
)


class Late(NamedTuple):
    """A job whose last good run is too old, or that never ran."""

    job: str
    last: datetime | None


def late_jobs(database: Database, at: datetime) -> list[Late]:
    """The jobs that are late at an instant. One that never ran is late once the first school is older than it may be."""
    found = []
    with database.reading() as session:
        begun = session.scalar(select(Event.recorded_at).order_by(Event.id).limit(1))
        if begun is None:
            return []
        for watched in WATCHED:
            last = session.scalar(
                select(JobRun.finished_at)
                .where(JobRun.job == watched.job, JobRun.outcome == "done")
                .order_by(JobRun.finished_at.desc())
                .limit(1)
            )
            if at - (last or begun) > watched.at_most:
                found.append(Late(watched.job, last))
    return found


def watch(database: Database, at: datetime) -> list[Late]:
    """Raise an alert for what is late, at every school; clear those whose job has run again; escalate what waits."""
    late = {job.job: job for job in late_jobs(database, at)}
    with database.writing() as session:
        for school_id in session.scalars(select(School.id).order_by(School.id)).all():
            school = load_school(session, school_id)
            for watched in WATCHED:
                if watched.job in late:
                    last = late[watched.job].last
                    since = f"since {last:%-d %B %Y %H:%M} UTC" if last else "at all"
                    because = f"{watched.job} has not finished {since}. Until it has, an alert's silence means nothing."
                    raise_system(session, school, watched.rule, watched.job, because, at)
                else:
                    clear_system(session, school, watched.rule, at, f"{watched.job} has run again", watched.job)
            escalate(session, school, at)
    return list(late.values())
