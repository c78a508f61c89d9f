"""Runs the rules: at once after a command for the placements it concerns, and over shards of placements by the clock."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy.orm import Session

from offsite.case.across import Across
from offsite.case.case import Case, SchoolFile
from offsite.case.loading import live_placements, load_across, load_cases
from offsite.casework.watch.alerts import Changes, reconcile
from offsite.casework.watch.looking import look
from offsite.casework.watch.standings import refresh_standings
from offsite.casework.watch.system_alerts import report_differences
from offsite.casework.work import Work
from rules.book import BOOK
from rules.judge import Judge
from rules.rule import Clock, Rule


class RuleRunner:
    """The rule book, ready to run. One judge for as long as the process lives."""

    def __init__(self, judge: Judge | None = None, watch_from: date | None = None, only: Collection[str] | None = None) -> None:
        """`watch_from`: first day whose sessions are looked at; left out, the day each school began with Offsite.
        `only`: the ids of the rules to run; left out, all that are enabled."""
        self.judge = judge if judge is not None else Judge(tuple(BOOK.values()))
        self.watch_from = watch_from
        self.rules = tuple(rule for rule in BOOK.values() if (rule.enabled if only is None else rule.id in only))

        self.loaded: tuple[SchoolFile, list[Case]] | None = None
        """What the last command left: a replay need not read it again."""

    def of_clock(self, clock: Clock) -> tuple[Rule, ...]:
        """The rules a run looks at: those of the quarter-hour, and at the daily run all."""
        return tuple(rule for rule in self.rules if clock == "daily" or rule.clock == clock)

    def after_command(self, work: Work) -> Changes:
        """All rules of both clocks, at once, for the placements a command concerns; in the command's transaction."""
        work.session.flush()
        work.forget()
        ids = work.touched
        if not ids and work.placement_id is None:
            ids = set(work.session.scalars(live_placements(work.school_id)))
        cases = load_cases(work.session, work.school, ids, self.watch_from)
        providers = work.touched_providers | {case.provider.id for case in cases if work.touched}
        across = load_across(work.session, work.school, providers or None)
        self.loaded = work.school, cases
        refresh_standings(work.session, cases, work.recorded_at)
        return self.look_at(
            work.session, work.school, cases, work.recorded_at, self.rules, across, correcting=work.corrects is not None
        )

    def look_at(
        self,
        session: Session,
        school: SchoolFile,
        cases: Collection[Case],
        at: datetime,
        rules: Collection[Rule],
        across: Across | None,
        *,
        correcting: bool = False,
    ) -> Changes:
        """Judge and bring the alerts up to date, in the caller's transaction; `across`: the school itself, looked at too."""
        looked = look(self.judge, school, cases, at, rules, across)
        report_differences(session, school, looked.differences, at)
        return reconcile(session, school, looked, at, correcting)


class NoRules(RuleRunner):
    """No rule runs: for history that a replay enters before the first day it plays."""

    def __init__(self) -> None:
        """Needs no judge."""
        self.watch_from = self.loaded = None

    def after_command(self, work: Work) -> Changes:
        """Look at nothing."""
        return Changes()
