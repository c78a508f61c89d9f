"""Play a scenario: its events at their times, the rules at theirs, the escalations and digests at theirs."""

import heapq
from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select

import models.tables
from models.database import Database
from models.encrypted_text import KeyFile
from models.placement import Placement
from models.school import School
from offsite.case.across import Across
from offsite.case.case import Case, SchoolFile
from offsite.case.loading import load_across, load_cases, load_school
from offsite.casework.command import OPERATOR, Said, commands
from offsite.casework.commands.attendance.marks_range import Marks, expand_marks
from offsite.casework.perform import perform
from offsite.casework.refusals import Refused
from offsite.casework.replay.clock import DAILY_AT, DIGEST_AT, NextTick, next_tick
from offsite.casework.replay.scenario import Scenario, ScenarioEvent
from offsite.casework.watch.rule_runner import NoRules, RuleRunner
from offsite.law.london import day_of, instant_of
from offsite.messages.digest import send_digests
from offsite.messages.escalation import escalate, escalations
from rules.book import BOOK

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Refusal:
    """An event that was refused, and why."""

    event: int
    why: str


@dataclass
class Played:
    """A scenario after it was played."""

    scenario: Scenario
    database: Database
    key_file: KeyFile
    urn: str
    until: datetime
    """The last instant played: the end of the last day."""
    refused: list[Refusal] = field(default_factory=list)
    ticks: int = 0


@dataclass(order=True)
class _Due:
    at: datetime
    order: int
    event: ScenarioEvent = field(compare=False)
    said: Said | None = field(compare=False, default=None)


class _Player:
    def __init__(self, scenario: Scenario, rules: RuleRunner, tick: NextTick) -> None:
        self.scenario, self.tick = scenario, tick
        self.database = Database("sqlite://")
        with self.database.engine.begin() as connection:
            models.tables.metadata.create_all(connection)
        self.key_file = KeyFile.throwaway()
        self.urn = str(scenario.school.get("urn", ""))
        self.rules, self.no_rules = rules, NoRules()
        self.begins = instant_of(scenario.first)
        self.ends = instant_of(scenario.until + timedelta(days=1)) - timedelta(minutes=1)
        self.played = Played(scenario, self.database, self.key_file, self.urn, self.ends)
        self._cases: tuple[SchoolFile, list[Case]] | None = None
        self._across: Across | None = None
        self._escalations: list[datetime] | None = None
        """When what is unread goes further; None: to be asked again."""

    # -- commands

    def set_up(self) -> None:
        """Enter the school, people, pupils and providers, before anything else happened."""
        earliest = min([self.begins, *(e.happened or e.at for e in self.scenario.events)])
        at = instant_of(day_of(earliest)) - timedelta(days=1)
        made: Iterable[tuple[str, dict[str, Any]]] = (
            ("set_up_school", self.scenario.school),
            *((("change_settings", self.scenario.settings),) if self.scenario.settings else ()),
            *(("add_person", person) for person in self.scenario.people),
            *(("add_pupil", pupil) for pupil in self.scenario.pupils),
            *(("add_provider", provider) for provider in self.scenario.providers),
        )
        for name, fields in made:
            self.say(_said(name, fields, at, None, None), at)

    def say(self, said: Said, at: datetime) -> None:
        rules = self.no_rules if at < self.begins else self.rules
        perform(self.database, self.key_file, self.urn, said, rules)
        self._cases, self._across, self._escalations = self._left_by(rules), None, None

    def play_event(self, due: _Due, queue: list[_Due]) -> None:
        event = due.event
        try:
            said = due.said or _said(event.do, event.fields, event.at, event.by, event.happened)
            if isinstance(said.command, Marks):
                for order, single in enumerate(self.expand(said)):
                    heapq.heappush(queue, _Due(single.at, due.order * 100_000 + order, event, single))
                return
            self.say(said, due.at)
        except Refused as refusal:
            self.played.refused.append(Refusal(event.number, str(refusal)))
        except ValidationError as error:
            self.played.refused.append(Refusal(event.number, in_words(error)))

    def expand(self, said: Said) -> list[Said]:
        _, cases = self.cases()
        assert isinstance(said.command, Marks)
        wanted = said.command.placement
        case = next((c for c in cases if c.ref == wanted), None)
        if case is None:
            raise Refused(f"placement is {wanted!r}, which is not on record.", field="placement")
        return expand_marks(said, case)

    def _left_by(self, rules: RuleRunner) -> tuple[SchoolFile, list[Case]] | None:
        """The cases as the rules just read them, where those are all there are; else they are read again."""
        before, after = self._cases, rules.loaded
        same = before and after and [case.id for case in before[1]] == [case.id for case in after[1]]
        return after if same else None

    # -- the clock

    def cases(self) -> tuple[SchoolFile, list[Case]]:
        """The cases as they stand; read again only after a command."""
        if self._cases is None:
            with self.database.reading() as session:
                school_id = session.scalars(select(School.id)).one()
                school = load_school(session, school_id)
                ids = session.scalars(select(Placement.id)).all()
                self._cases = school, load_cases(session, school, ids, self.scenario.first)
        return self._cases

    def run_rules(self, at: datetime) -> None:
        school, cases = self.cases()
        daily = at == instant_of(day_of(at), DAILY_AT)
        with self.database.writing() as session:
            if daily and self._across is None:
                self._across = load_across(session, school)
            book = self.rules.of_clock("daily" if daily else "quarter_hour")
            self.rules.look_at(session, school, cases, at, book, self._across if daily else None)
        self._escalations = None
        self.played.ticks += 1

    def run_messages(self, at: datetime) -> None:
        school, _ = self.cases()
        with self.database.writing() as session:
            escalate(session, school, at)
            if at == instant_of(day_of(at), DIGEST_AT):
                send_digests(session, school, at)

    def next_message(self, after: datetime) -> datetime:
        school, _ = self.cases()
        if self._escalations is None:
            with self.database.reading() as session:
                self._escalations = escalations(session, school)
        day = day_of(after)
        digests = (instant_of(day + timedelta(days=n), DIGEST_AT) for n in (0, 1))
        digest = next(moment for moment in digests if moment > after)
        past = bisect_right(self._escalations, after)
        return min([digest, *self._escalations[past : past + 1]])

    def play(self) -> Played:
        self.set_up()
        queue = [_Due(event.at, event.number * 100_000, event) for event in self.scenario.events]
        heapq.heapify(queue)
        while queue and queue[0].at < self.begins:
            self.play_event(heapq.heappop(queue), queue)
        self.run_rules(self.begins)
        now = self.begins
        while True:
            _, cases = self.cases()
            rules_at, messages_at = self.tick(cases, now), self.next_message(now)
            upcoming = min(rules_at, messages_at)
            while queue and queue[0].at <= min(upcoming, self.ends):
                due = heapq.heappop(queue)
                now = max(now, due.at - INSTANT)  # what is done at a tick's own minute is done before it
                self.play_event(due, queue)
                _, cases = self.cases()
                rules_at, messages_at = self.tick(cases, now), self.next_message(now)
                upcoming = min(rules_at, messages_at)
            if upcoming > self.ends:
                return self.played
            now = upcoming
            if rules_at == upcoming:
                self.run_rules(now)
            if messages_at == upcoming:
                self.run_messages(now)


def play(scenario: Scenario, tick: NextTick = next_tick, only: Collection[str] | None = None) -> Played:
    """Play a scenario from its first day to the end of its last.

    `tick` chooses the clock (see clock.py); `only` runs no rules but those named, and raises ValueError for an unknown one.
    """
    if unknown := set(only or ()) - BOOK.keys():
        raise ValueError(f"rules {', '.join(sorted(unknown))} are not in the book; it has: {', '.join(sorted(BOOK))}")
    return _Player(scenario, RuleRunner(watch_from=scenario.first, only=only), tick).play()


def _said(name: str, fields: dict[str, Any], at: datetime, by: str | None, happened: datetime | None) -> Said:
    known = commands()
    if name not in known:
        raise Refused(f"do is {name!r}, which is no command; allowed: {', '.join(sorted(known))}.", field="do")
    return Said(known[name].model_validate(fields), at, by or OPERATOR, happened)


def in_words(error: ValidationError) -> str:
    """A validation error as one sentence naming field, value and what is allowed."""
    return "; ".join(
        f"{'.'.join(str(part) for part in found['loc']) or 'the command'} is {found['input']!r}: {found['msg']}"
        for found in error.errors(include_url=False)
    )
