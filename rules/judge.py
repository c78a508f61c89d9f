"""The judge: every fact through both readings; what either finds stands, and a difference is said out loud.

A fact has a matched part (`values`), which alone decides, and a context for the sentence, asked for only when something
is found. Equal values have equal findings, so each is evaluated once while it is remembered.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from offsite.law.regimes import authority_for, regime_on
from rules.engine import DurableEngine, Engine, EngineFault
from rules.language import FactKind, Value
from rules.rule import Rule, Severity
from rules.second_reading import SecondReading

REMEMBERED = 200_000
"""Distinct facts remembered before starting over: memory stays flat."""


class Fact(NamedTuple):
    """Something to judge."""

    kind: type[FactKind]
    values: tuple[Value, ...]
    subject: str
    """What one alert is about, besides school and placement."""
    judged_on: date
    """The date of the event by which the duty is judged."""
    vulnerable: bool
    context: Callable[[], Mapping[str, Any]]
    """For the sentence: every placeholder of the rules that look at it; `due` where a due date is shown."""


class Finding(NamedTuple):
    """A rule that holds of a fact."""

    rule: Rule
    subject: str
    severity: Severity
    fact: Fact
    as_good_practice: bool = False
    """Whether this case is one in which a law is shown as good practice."""

    def because(self) -> str:
        """The rule's sentence with the values in it."""
        return self.rule.says.format_map(self.fact.context())

    def authority(self, school_kind: str) -> str:
        """What to show: a law that does not bind the school on the day is good practice."""
        if self.rule.authority != "law":
            return self.rule.authority
        if self.as_good_practice:
            return "good_practice"
        return authority_for(school_kind, self.fact.judged_on, self.rule.under)

    @property
    def source(self) -> str:
        """Where the duty stands; a fact's context may name an earlier law."""
        return str(self.fact.context().get("source", self.rule.source))

    @property
    def evidence(self) -> str:
        """How well the source is known; a fact's context may say otherwise for an earlier law."""
        return str(self.fact.context().get("evidence", self.rule.evidence))

    def facts_shown(self) -> dict[str, Any]:
        """The values looked at and compared, for `offsite why`."""
        values = self.fact.kind.as_mapping(self.fact.values)
        looked_at = {leaf.field.name for leaf in self.rule.when.leaves()}
        shown: dict[str, Any] = {name: value for name, value in values.items() if name in looked_at}
        shown["condition"] = self.rule.when.words(values)
        return shown


class CannotTell(NamedTuple):
    """A rule that cannot be told of a fact, and what is missing."""

    rule: Rule
    subject: str
    missing: tuple[str, ...]
    fact: Fact


class Difference(NamedTuple):
    """The two readings differ on a rule, or the engine failed."""

    rule: str
    what: str


@dataclass
class Verdicts:
    """What came of judging some facts."""

    findings: list[Finding] = field(default_factory=list)
    cannot_tell: list[CannotTell] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


class Judge:
    """Judges facts by a rule book."""

    def __init__(self, rules: Sequence[Rule], engine: Engine | None = None, second: Engine | None = None) -> None:
        """`engine` and `second` are the two readings; left out, durable-rules and plain predicates."""
        self.rules = tuple(rules)
        self._engine: Engine = engine if engine is not None else DurableEngine(self.rules)
        self._second: Engine = second if second is not None else SecondReading(self.rules)
        self._by_kind: dict[type[FactKind], tuple[Rule, ...]] = {}
        for rule in self.rules:
            self._by_kind[rule.looks_at] = (*self._by_kind.get(rule.looks_at, ()), rule)
        self._remembered: dict[tuple[type[FactKind], tuple[Value, ...]], frozenset[str]] = {}
        self.evaluations = 0
        """Distinct facts put through both readings."""

    def judge(self, facts: Iterable[Fact], rules: Collection[Rule] | None = None) -> Verdicts:
        """Judge facts by all rules, or by some of the judge's own."""
        verdicts = Verdicts()
        wanted = None if rules is None else {rule.id for rule in rules}
        for fact in facts:
            names = self._fired(fact, verdicts)
            if names:
                self._conclude(fact, names, wanted, verdicts)
        return verdicts

    def _fired(self, fact: Fact, verdicts: Verdicts) -> frozenset[str]:
        key = (fact.kind, fact.values)
        names = self._remembered.get(key)
        if names is not None:
            return names
        if len(self._remembered) >= REMEMBERED:
            self._remembered.clear()
        self.evaluations += 1
        plain = self._second.fired(fact.kind, fact.values)
        try:
            engine = self._engine.fired(fact.kind, fact.values)
        except EngineFault as fault:
            verdicts.differences.append(Difference(f"facts of kind {fact.kind.kind}", str(fault)))
            return plain  # not remembered: the next fact tries the engine again
        if engine != plain:
            for name in sorted(engine ^ plain):
                who = "durable-rules" if name in engine else "the plain reading"
                shown = fact.kind.as_mapping(fact.values)
                verdicts.differences.append(Difference(name, f"only {who} finds it, of {shown}"))
            return engine | plain  # not remembered, so that every sweep says it again
        self._remembered[key] = plain
        return plain

    def _conclude(self, fact: Fact, names: frozenset[str], wanted: set[str] | None, verdicts: Verdicts) -> None:
        regime = regime_on(fact.judged_on)
        for rule in self._by_kind.get(fact.kind, ()):
            if (wanted is not None and rule.id not in wanted) or not rule.in_force(fact.judged_on, regime):
                continue
            if rule.id in names:
                verdicts.findings.append(_finding(rule, fact, names))
            elif f"{rule.id}?" in names:
                verdicts.cannot_tell.append(CannotTell(rule, fact.subject, _missing(rule, fact), fact))


def _finding(rule: Rule, fact: Fact, names: frozenset[str]) -> Finding:
    severity = max([rule.severity, *(step for step in rule.steps if f"{rule.id}:{step.word}" in names)])
    if rule.raise_if_vulnerable and fact.vulnerable:
        severity = severity.step_up()
    return Finding(rule, fact.subject, severity, fact, f"{rule.id}:good_practice" in names)


def _missing(rule: Rule, fact: Fact) -> tuple[str, ...]:
    names = rule.when.missing(fact.values)
    return tuple(field.words for field in rule.when.needs if field.name in names)
