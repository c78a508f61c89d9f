"""A sweep beside the one of the day before, rule by rule: a rule that suddenly finds nothing is worth a line."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.alert import ENDINGS, Alert, AlertStep
from models.runs import JobRun
from offsite.law.london import instant_of
from rules.book import BOOK
from rules.rule import Clock

NOTHING = {"looked_at": 0, "found": 0, "cleared": 0, "cannot_tell": 0}


A_DAY = timedelta(hours=23, minutes=45)
"""A sweep so much earlier, or more, is of the day before: two at the same time of day are seldom 24 hours apart exactly."""


class RuleCounts(NamedTuple):
    """One rule in a sweep and in the one before it."""

    rule: str
    looked_at: int
    found: int
    cleared: int
    cannot_tell: int
    found_before: int
    looked_at_before: int
    ended_between: int
    """Alerts of the rule that ended between the two, by a command or a sweep."""

    @property
    def worth_a_line(self) -> str | None:
        """What is odd about it, in words."""
        if self.looked_at_before and not self.looked_at:
            return f"looked at nothing; the sweep before looked at {self.looked_at_before}"
        if self.found_before and not self.found and self.ended_between < self.found_before:
            return (
                f"suddenly finds nothing; the sweep before found {self.found_before}, "
                f"and only {self.ended_between} of them ended since"
            )
        return None


class SweepsCompared(NamedTuple):
    """A sweep and the last one that was done a day before it."""

    clock: Clock
    judged_at: datetime
    before: datetime | None
    rules: tuple[RuleCounts, ...]


def compare_sweeps(session: Session, clock: Clock, day: date) -> SweepsCompared | None:
    """The last sweep of one clock up to the end of a London day, beside the last one a day before it; None without one."""
    run = _last(session, clock, instant_of(day + timedelta(1)))
    if run is None:
        return None
    before = _last(session, clock, run.judged_at - A_DAY)
    since = before.judged_at if before else run.judged_at - timedelta(days=1)
    ended = dict(
        session.execute(
            select(Alert.rule, func.count())
            .join(AlertStep, AlertStep.alert_id == Alert.id)
            .where(AlertStep.step.in_(ENDINGS), AlertStep.at > since, AlertStep.at <= run.judged_at)
            .group_by(Alert.rule)
        )
        .tuples()
        .all()
    )
    now, then = run.counts or {}, (before.counts if before else None) or {}
    rows = (
        RuleCounts(
            rule,
            **now.get(rule, NOTHING),
            found_before=then.get(rule, NOTHING)["found"],
            looked_at_before=then.get(rule, NOTHING)["looked_at"],
            ended_between=ended.get(rule, 0),
        )
        for rule in BOOK
        if rule in now or rule in then
    )
    return SweepsCompared(clock, run.judged_at, before.judged_at if before else None, tuple(rows))


def _last(session: Session, clock: Clock, before: datetime) -> JobRun | None:
    return session.scalars(
        select(JobRun)
        .where(JobRun.job == f"sweep_{clock}", JobRun.outcome == "done", JobRun.judged_at < before)
        .order_by(JobRun.judged_at.desc())
        .limit(1)
    ).first()
