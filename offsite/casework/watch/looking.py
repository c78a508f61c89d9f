"""A look at the rules: the facts of some cases judged at one instant. Reads only; alerts.py acts on what it saw."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from offsite.case.across import Across
from offsite.case.case import Case, SchoolFile
from offsite.case.safeguarding.against import names_against
from offsite.case.safeguarding.concerns import concerns
from offsite.case.settings import setting
from offsite.law.london import day_of
from rules.book import BOOK
from rules.facts import facts_of_case, facts_of_school
from rules.judge import Difference, Fact, Finding, Judge
from rules.rule import Rule, book_hash

BOOK_HASH = book_hash(BOOK.values())


class Key(NamedTuple):
    """What makes an alert one alert, within a school."""

    rule: str
    placement_id: int | None
    subject: str


@dataclass
class Looked:
    """What was looked at, and what was seen."""

    cases: dict[int, Case] = field(default_factory=dict)
    rules: frozenset[str] = frozenset()
    across: Across | None = None
    """The school itself, where it was looked at too, with the providers looked at."""
    findings: dict[Key, Finding] = field(default_factory=dict)
    cannot_tell: dict[Key, tuple[str, ...]] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    book_hash: str = BOOK_HASH
    _facts: set[tuple[str, int | None, str]] = field(default_factory=set)

    def covers(self, key: Key) -> bool:
        """Whether this look could have found an alert of this identity."""
        if key.rule not in self.rules:
            return False
        if key.placement_id is not None:
            return key.placement_id in self.cases
        if self.across is None:
            return False
        return BOOK[key.rule].subject != "provider" or key.subject in {provider.ref for provider in self.across.providers}

    def has_fact(self, key: Key) -> bool:
        """Whether there was a fact for the rule and subject to judge."""
        return (BOOK[key.rule].looks_at.kind, key.placement_id, key.subject) in self._facts

    def count(self, rule: str, what: str, by: int = 1) -> None:
        """Count for the sweep's table."""
        of_rule = self.counts.setdefault(rule, {"looked_at": 0, "found": 0, "cleared": 0, "cannot_tell": 0})
        of_rule[what] += by

    def saw_facts(self, placement_id: int | None, facts: Iterable[Fact]) -> None:
        """Remember for which subjects there was a fact."""
        self._facts.update((fact.kind.kind, placement_id, fact.subject) for fact in facts)

    @property
    def refs(self) -> Mapping[int, str]:
        """References of the placements looked at."""
        return {case.id: case.ref for case in self.cases.values()}

    @property
    def providers(self) -> Mapping[int, int]:
        """The provider of each placement looked at."""
        return {case.id: case.provider.id for case in self.cases.values()}

    @property
    def against(self) -> Mapping[tuple[int | None, str | None], frozenset[str]]:
        """Whom each concern is against, by placement and concern."""
        return {(c.id, found.name): names_against(found.raised) for c in self.cases.values() for found in concerns(c)}


def look(
    judge: Judge,
    school: SchoolFile,
    cases: Collection[Case],
    at: datetime,
    rules: Collection[Rule],
    across: Across | None,
) -> Looked:
    """Judge these rules on the facts of these cases, and of the school itself where it is given, as they stand at `at`."""
    looked = Looked(cases={c.id: c for c in cases}, rules=frozenset(r.id for r in rules), across=across)
    rules = [rule for rule in rules if switched_on(rule, school, day_of(at))]
    kinds = frozenset(rule.looks_at for rule in rules)
    for case in cases:
        _judge(judge, looked, case.id, list(facts_of_case(case, at, kinds)), rules)
    if across is not None:
        _judge(judge, looked, None, list(facts_of_school(across, at, kinds)), rules)
    return looked


def switched_on(rule: Rule, school: SchoolFile, day: date) -> bool:
    """Whether a school runs a rule: one that is announced but not law only where its settings say so. What a rule found
    before it was switched off is cleared, since the look covers it and finds nothing."""
    return rule.authority != "proposed" or setting(school, "proposed_rules", day) == "on"


def _judge(judge: Judge, looked: Looked, placement_id: int | None, facts: list[Fact], rules: Collection[Rule]) -> None:
    verdicts = judge.judge(facts, rules)
    looked.saw_facts(placement_id, facts)
    looked.differences.extend(verdicts.differences)
    for finding in verdicts.findings:
        looked.findings[Key(finding.rule.id, placement_id, finding.subject)] = finding
        looked.count(finding.rule.id, "found")
    for unknown in verdicts.cannot_tell:
        looked.cannot_tell[Key(unknown.rule.id, placement_id, unknown.subject)] = unknown.missing
        looked.count(unknown.rule.id, "cannot_tell")
    of_kind = Counter(fact.kind for fact in facts)
    for rule in rules:
        looked.count(rule.id, "looked_at", of_kind[rule.looks_at])
