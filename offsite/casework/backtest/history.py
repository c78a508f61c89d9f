"""Play the recorded history of a school again, as it was known at each instant, under two books at once.

An instant is looked at when something was recorded (for the placements it bears on), at 06:00 every day, and at the
quarters of an hour at which a rule may find something new with nothing done meanwhile.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.alert import Alert, AlertStep
from models.chronology import Event
from models.placement import Placement, Terms
from models.school import SchoolDetails
from offsite.case.across import Across
from offsite.case.case import Case, SchoolFile
from offsite.case.loading import first_day_watched, load_across, load_cases, load_school
from offsite.casework.backtest.ledger import Ledger
from offsite.casework.replay.clock import DAILY_AT, next_tick
from offsite.casework.watch.looking import Key, look
from offsite.law.london import day_of, instant_of
from rules.book import BOOK
from rules.judge import Judge
from rules.rule import Rule

Progress = Callable[[date], None]


@dataclass(frozen=True)
class Candidate:
    """What is tried: settings over the school's own, and rules switched on that are off."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    only: frozenset[str] | None = None
    """The rules looked at, under both books; None for all."""

    def rules(self) -> tuple[Rule, ...]:
        """The rules that both books look at; what is switched on is in the settings."""
        return tuple(rule for rule in BOOK.values() if self.only is None or rule.id in self.only)


@dataclass(frozen=True)
class Played:
    """What came of it: the alerts of both books."""

    first: date
    last: date
    today: Ledger
    candidate: Ledger
    instants: int


class _Side:
    """One of the two books: the cases as it sees them, and its alerts."""

    def __init__(self, what_if: Mapping[str, Any]) -> None:
        self.what_if, self.ledger = what_if, Ledger()
        self.cases: dict[int, Case] = {}

    def reload(self, school: SchoolFile, cases: Collection[Case]) -> None:
        self.school = replace(school, what_if=self.what_if)
        self.cases = {id: replace(case, school=self.school) for id, case in self.cases.items()}
        self.cases.update({case.id: replace(case, school=self.school) for case in cases if case.of(Terms)})

    def beyond(self, across: Across) -> Across:
        return replace(across, school=self.school, cases=tuple(replace(case, school=self.school) for case in across.cases))


def play_history(
    session: Session, school_id: int, first: date, last: date, candidate: Candidate, progress: Progress = lambda day: None
) -> Played:
    """Play from the first day to the end of the last (London). Days before the school began with Offsite are left out.

    Reads only. `progress` is told each day as it begins.
    """
    player = _Player(session, school_id, max(first, first_day_watched(session, school_id)), last, candidate)
    return player.play(progress)


class _Player:
    def __init__(self, session: Session, school_id: int, first: date, last: date, candidate: Candidate) -> None:
        self.session, self.school_id, self.first, self.last = session, school_id, first, last
        self.rules = candidate.rules()
        self.quarterly = tuple(rule for rule in self.rules if rule.clock == "quarter_hour")
        self.judge = Judge(self.rules)
        self.sides = self.today, self.candidate = _Side({}), _Side(candidate.settings)
        self.ids = list(session.scalars(select(Placement.id).where(Placement.school_id == school_id)))
        self.instants = 0

    def play(self, progress: Progress) -> Played:
        begins, ends = instant_of(self.first), instant_of(self.last + timedelta(days=1))
        recorded, closed = self._recorded(begins, ends), self._closed(begins, ends)
        now = begins
        self._reload(self.ids, now)
        self._look(self.ids, now, self.quarterly, across=False)
        day = self.first
        progress(day)
        while True:
            tick = next_tick(self.today.cases.values(), now)
            at = min(tick, recorded[0][0]) if recorded else tick
            if at >= ends:
                break
            if recorded and recorded[0][0] == at:
                _, touched = recorded.pop(0)
                while closed and closed[0][0] <= at:
                    _, key = closed.pop(0)
                    self.today.ledger.close(key, at)
                    self.candidate.ledger.close(key, at)
                ids = self.ids if touched is None else list(touched)
                self._reload(ids, at)
                self._look(ids, at, self.rules, across=True)
            if at == tick:
                daily = at == instant_of(day_of(at), DAILY_AT)
                self._look(self.ids, at, self.rules if daily else self.quarterly, across=daily)
            now = at
            if day_of(at) > day:
                day = day_of(at)
                progress(day)
        return Played(self.first, self.last, self.today.ledger, self.candidate.ledger, self.instants)

    def _recorded(self, begins: datetime, ends: datetime) -> list[tuple[datetime, set[int] | None]]:
        """When something was recorded, and which placements it bears on; None for all."""
        found: dict[datetime, set[int] | None] = {}
        rows = self.session.execute(
            select(Event.recorded_at, Event.placement_id)
            .where(Event.school_id == self.school_id, Event.kind != "rules_looked")
            .where(Event.recorded_at > begins, Event.recorded_at < ends)
            .order_by(Event.number)
        )
        for at, placement in rows:
            before = found.get(at, set())
            found[at] = None if before is None or placement is None else before | {placement}
        return sorted(found.items(), key=lambda item: item[0])

    def _closed(self, begins: datetime, ends: datetime) -> list[tuple[datetime, Key]]:
        """When people closed alerts, and of which identity."""
        rows = self.session.execute(
            select(AlertStep.at, Alert.rule, Alert.placement_id, Alert.subject)
            .join(Alert, Alert.id == AlertStep.alert_id)
            .where(Alert.school_id == self.school_id, AlertStep.step == "resolved", AlertStep.at > begins, AlertStep.at < ends)
            .order_by(AlertStep.at)
        )
        return [(at, Key(rule, placement, subject)) for at, rule, placement, subject in rows]

    def _reload(self, ids: Collection[int], at: datetime) -> None:
        school = load_school(self.session, self.school_id, at)
        cases = load_cases(self.session, school, ids, self.first, as_of=at)
        for side in self.sides:
            side.reload(school, cases)

    def _look(self, ids: Sequence[int], at: datetime, rules: Sequence[Rule], *, across: bool) -> None:
        if not self.today.school.rows.of(SchoolDetails):
            return  # the school was not entered yet
        self.instants += 1
        beyond = load_across(self.session, self.today.school, as_of=at) if across else None
        for side in self.sides:
            cases = [side.cases[id] for id in ids if id in side.cases]
            wider = None if beyond is None else side.beyond(beyond)
            side.ledger.take(look(self.judge, side.school, cases, at, rules, wider), at)
