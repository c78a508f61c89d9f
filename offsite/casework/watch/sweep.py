"""The sweep: the rules of one clock (daily: all of them) over all placements, by shards, at one instant.

A shard is read in one snapshot, judged with no lock held, and written in one short transaction. What commands changed
meanwhile is looked at again inside that transaction, so that a sweep never judges by what is no longer so. A sweep killed
half way has kept whole shards; the next one does the rest.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import chronology
from models.chronology import Event
from models.database import Database
from models.placement import Placement
from models.runs import JobRun
from models.school import School
from offsite.case.loading import first_day_watched, load_across, load_cases, load_school
from offsite.casework.watch.alerts import Changes, reconcile
from offsite.casework.watch.looking import look
from offsite.casework.watch.rule_runner import RuleRunner
from offsite.casework.watch.standings import refresh_standings
from offsite.casework.watch.system_alerts import report_differences
from rules.facts import SCHOOL_KINDS
from rules.rule import Clock, Rule

SHARD = 500
"""Placements a shard."""


class Swept(NamedTuple):
    """What one sweep did."""

    clock: Clock
    judged_at: datetime
    done_before: bool
    """Whether the slot had been swept already, so that nothing was done."""
    placements: int
    raised: int
    worse: int
    cleared: int
    cannot_tell: int
    by_rule: dict[str, dict[str, int]]


def last_judged(session: Session, job: str | None = None) -> datetime | None:
    """The latest instant at which a sweep (of one clock, or either) judged."""
    wanted = select(func.max(JobRun.judged_at)).where(JobRun.outcome == "done")
    wanted = wanted.where(JobRun.job == job) if job else wanted.where(JobRun.job.like("sweep_%"))
    found = session.scalar(wanted)
    return found


def live_instant(database: Database, now: datetime, slot: datetime | None = None) -> datetime:
    """The instant a live sweep judges at: the later of its slot and now, and never earlier than the last sweep."""
    with database.reading() as session:
        last = last_judged(session)
    return max(moment for moment in (now, slot, last) if moment is not None)


def sweep(
    database: Database,
    rules: RuleRunner,
    clock: Clock,
    at: datetime,
    *,
    slot: datetime | None = None,
    now: Callable[[], datetime] | None = None,
    shard_size: int = SHARD,
) -> Swept:
    """Sweep every school at `at`. The same slot is swept once; a slot that a later sweep made up for, not at all.

    `now` tells the time for the record of the run (when it finished); left out, `at`.
    """
    job, slot = f"sweep_{clock}", slot or at
    with database.reading() as session:
        if _made_up_for(session, job, slot):
            return Swept(clock, at, True, 0, 0, 0, 0, 0, {})
        schools = session.scalars(select(School.id).order_by(School.id)).all()
    total = Swept(clock, at, False, 0, 0, 0, 0, 0, {})
    for school_id in schools:
        for placements, changes in _shards(database, rules, school_id, rules.of_clock(clock), at, shard_size):
            total = _add(total, placements, changes)
    with database.writing() as session:
        session.add(
            JobRun(
                job=job,
                slot=slot,
                judged_at=at,
                started_at=at,
                finished_at=now() if now else at,
                outcome="done",
                counts=total.by_rule,
            )
        )
    return total


def _made_up_for(session: Session, job: str, slot: datetime) -> bool:
    return (
        session.scalar(
            select(JobRun.id).where(
                JobRun.job == job, JobRun.outcome == "done", (JobRun.slot == slot) | (JobRun.judged_at > slot)
            )
        )
        is not None
    )


def _shards(
    database: Database, rules: RuleRunner, school_id: int, book: Sequence[Rule], at: datetime, size: int
) -> Iterator[tuple[int, Changes]]:
    with database.reading() as session:
        ids = session.scalars(select(Placement.id).where(Placement.school_id == school_id).order_by(Placement.id)).all()
    for first in range(0, max(len(ids), 1), size):
        shard = ids[first : first + size]
        yield len(shard), sweep_shard(database, rules, school_id, shard, book, at, school_too=first == 0)


def sweep_shard(
    database: Database,
    rules: RuleRunner,
    school_id: int,
    shard: Sequence[int],
    book: Sequence[Rule],
    at: datetime,
    *,
    school_too: bool,
) -> Changes:
    """Judge one shard of a school's placements and write what changed."""
    of_school = school_too and any(rule.looks_at in SCHOOL_KINDS for rule in book)
    with _nothing_thrown_away():
        with database.reading() as session:
            school = load_school(session, school_id)
            watched = rules.watch_from or first_day_watched(session, school_id)
            cases = load_cases(session, school, shard, watched)
            across = load_across(session, school) if of_school else None
            seen, _ = chronology.head(session, school_id)
        looked = look(rules.judge, school, cases, at, book, across)
    with database.writing() as session:
        chronology.lock_school(session, school_id)
        changed, anything = _changed_since(session, school_id, seen, shard)
        if changed or (of_school and anything):
            school = load_school(session, school_id)
            across = load_across(session, school) if of_school else None
            fresh = {case.id: case for case in load_cases(session, school, changed, watched)}
            cases = [fresh.get(case.id, case) for case in cases]
            looked = look(rules.judge, school, cases, at, book, across)
        report_differences(session, school, looked.differences, at)
        if any(rule.clock == "daily" for rule in book):
            refresh_standings(session, cases, at)
        return reconcile(session, school, looked, at)


@contextmanager
def _nothing_thrown_away() -> Iterator[None]:
    """No search for cyclic garbage while a shard's rows pile up: none of them is garbage yet, and the search through
    hundreds of thousands of them, again and again, takes a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _changed_since(session: Session, school_id: int, seen: int, shard: Sequence[int]) -> tuple[set[int], bool]:
    """Placements of the shard that events after `seen` may bear on (one about no placement may bear on any), and whether
    anything happened at all."""
    found = session.execute(
        select(Event.placement_id).where(Event.school_id == school_id, Event.number > seen, Event.kind != "rules_looked")
    ).all()
    if any(row.placement_id is None for row in found):
        return set(shard), True
    return {row.placement_id for row in found} & set(shard), bool(found)


def _add(total: Swept, placements: int, changes: Changes) -> Swept:
    for rule, counts in changes.by_rule.items():
        kept = total.by_rule.setdefault(rule, dict.fromkeys(counts, 0))
        for what, count in counts.items():
            kept[what] += count
    return total._replace(
        placements=total.placements + placements,
        raised=total.raised + len(changes.raised),
        worse=total.worse + len(changes.worse),
        cleared=total.cleared + len(changes.cleared) + len(changes.withdrawn),
        cannot_tell=total.cannot_tell + changes.cannot_tell,
    )
