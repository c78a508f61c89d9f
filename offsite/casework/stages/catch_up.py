"""What the flows should have done and did not: looked for by the daily sweep, so that a lost run is made up for.

Every placement is glanced at, however long ago it was due. What is found becomes a pending run, which is started like
any other; one placement's stage at most once a day, so a fault that comes back does not start runs without end.
"""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.database import Database
from models.placement import Placement
from models.runs import PendingRun
from models.school import School
from offsite.case.case import Case
from offsite.case.governors.reviews import reviews
from offsite.case.loading import load_cases, load_school
from offsite.case.stage import stage
from offsite.casework.stages.closure import closure_tasks
from offsite.casework.stages.desk import Desk, Filed, glance, load_filed
from offsite.casework.stages.moments import reached
from offsite.casework.stages.objectives import objectives_tasks
from offsite.casework.stages.review import moment_work
from offsite.casework.stages.set_up import notice, set_up_tasks
from offsite.law.london import day_of

SHARD = 500
"""Placements a shard."""


class Undone(NamedTuple):
    """One run that is missing: the deployment and its parameters."""

    deployment: str
    parameters: dict[str, str]


def catch_up(database: Database, at: datetime) -> list[Undone]:
    """Write a pending run for everything the flows left undone at `at`; returns what was found anew."""
    found = []
    with database.reading() as session:
        schools = session.execute(select(School.id, School.urn).order_by(School.id)).all()
    for school_id, urn in schools:
        with database.reading() as session:
            undone = list(_undone(session, school_id, urn, at))
        if undone:
            with database.writing() as session:
                found += [each for each in undone if _pend(session, school_id, each, day_of(at), at)]
    return found


def undone_for(case: Case, filed: Filed, urn: str, at: datetime) -> Iterator[Undone]:
    """What the flows left undone for one placement."""
    where = {"school": urn, "placement": case.ref}
    now = stage(case, at)
    if now == "setup" and glance(case, at, filed, _set_up):
        yield Undone("set-up-placement/set-up-placement", where)
    if now == "objectives" and glance(case, at, filed, objectives_tasks):
        yield Undone("agree-objectives/agree-objectives", where)
    if now == "closed" and glance(case, at, filed, closure_tasks):
        yield Undone("close-placement/close-placement", where)
    for review in reviews(case):
        for moment in reached(review.meets_on, at):
            if glance(case, at, filed, partial(moment_work, review=review.name, moment=moment)):
                yield Undone("governor-review/governor-review", {**where, "review": review.name, "moment": moment})
                break


def _set_up(desk: Desk) -> None:
    set_up_tasks(desk)
    notice(desk)


def _undone(session: Session, school_id: int, urn: str, at: datetime) -> Iterator[Undone]:
    school = load_school(session, school_id)
    ids = session.scalars(select(Placement.id).where(Placement.school_id == school_id).order_by(Placement.id)).all()
    for first in range(0, len(ids), SHARD):
        shard = ids[first : first + SHARD]
        filed = load_filed(session, shard)
        for case in load_cases(session, school, shard):
            yield from undone_for(case, filed[case.id], urn, at)


def _pend(session: Session, school_id: int, undone: Undone, day: date, at: datetime) -> bool:
    what = "-".join(
        undone.parameters[name] for name in ("school", "placement", "review", "moment") if name in undone.parameters
    )
    key = f"catch-up-{undone.deployment.partition('/')[0]}-{what}-{day.isoformat()}"
    if session.scalar(select(PendingRun.id).where(PendingRun.key == key)) is not None:
        return False
    session.add(
        PendingRun(school_id=school_id, deployment=undone.deployment, parameters=undone.parameters, key=key, not_before=at)
    )
    return True
