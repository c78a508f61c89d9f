"""The judge: every fact through both readings; what either finds stands, and a difference is said out loud.

A fact has a matched part (`values`), which alone decides, and a context for the sentence, asked for only when something
is found. Equal values have equal findings, so each is evaluated once while it is remembered.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple

from offsite.law.regimes import authority_for, regime_on
from rules.engine import DurableEngine, Engine, EngineFault
from rules.language import Condition, FactKind, Value
from rules.rule import Clock, Rule, Severity
from rules.second_reading import SecondReading

REMEMBERED = 200_000
"""Distinct facts remembered before starting over: memory stays flat."""
FoundBy = Literal["both readings", "durable-rules alone", "the plain reading alone", "the plain reading: durable-rules failed"]


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
    found_by: FoundBy = "both readings"

    def because(self) -> str:
        """The rule's sentence with the values in it. One that cannot be made says so: it must not cost the alert."""
        try:
            return self.rule.says.format_map(self.fact.context())
        except Exception as error:
            return f"{self.rule.title} (no sentence could be made of it: {type(error).__name__}: {error})"

    def authority(self, school_kind: str) -> str:
        """What to show: a law that does not bind the school on the day is good practice."""
        if self.rule.authority != "law":
            return self.rule.authority
        if self.as_good_practice:
            return "good_practice"
        return authority_for(school_kind, self.fact.judged_on, self.rule.under)

    @property
    def source(self) -> str:
        """Where the duty stood on the day judged."""
        return self.rule.stood_in(self.fact.judged_on)[0]

    @property
    def evidence(self) -> str:
        """How well that source is known."""
        return self.rule.stood_in(self.fact.judged_on)[1]

    def conditions(self) -> tuple[Condition, ...]:
        """What was found to hold: the rule's condition, and those of the steps of severity reached."""
        reached = [condition for condition in self.rule.steps.values() if condition.evaluate(self.fact.values)]
        return (self.rule.when, *reached)

    def facts_shown(self) -> dict[str, Any]:
        """The values looked at and compared, for `offsite why`."""
        leaves = [leaf for condition in self.conditions() for leaf in condition.leaves()]
        shown: dict[str, Any] = {leaf.field.name: leaf.field.of_values(self.fact.values) for leaf in leaves}
        shown["found_by"] = self.found_by
        shown["condition"] = "; and ".join(condition.words(self.fact.values) for condition in self.conditions())
        return shown


class CannotTell(NamedTuple):
    """A rule that cannot be told of a fact, and what is missing."""

    rule: Rule
    subject: str
    missing: tuple[str, ...]
    """Words for the unknown fields that matter."""
    fact: Fact


class Difference(NamedTuple):
    """The two readings differ on a rule; or the engine failed, or was given what is no fact."""

    rule: str
    what: str


class Reading(NamedTuple):
    """The statements that each reading found to hold of some values."""

    plain: frozenset[str]
    engine: frozenset[str] | None
    """None where the engine failed."""

    @property
    def names(self) -> frozenset[str]:
        """What stands: the union."""
        return self.plain | (self.engine or frozenset())

    def found_by(self, name: str) -> FoundBy:
        """Which of them found a statement."""
        if self.engine is None:
            return "the plain reading: durable-rules failed"
        if name in self.plain:
            return "both readings" if name in self.engine else "the plain reading alone"
        return "durable-rules alone"


@dataclass
class Verdicts:
    """What came of judging some facts."""

    findings: list[Finding] = field(default_factory=list)
    cannot_tell: list[CannotTell] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    def differ(self, rule: str, what: str) -> None:
        """Say a difference, once."""
        if (rule, what) not in self.differences:
            self.differences.append(Difference(rule, what))


class Judge:
    """Judges facts by a rule book."""

    def __init__(
        self,
        rules: Sequence[Rule],
        engine: Engine | None = None,
        second: Engine | None = None,
        regime_on: Callable[[date], str | None] = regime_on,
    ) -> None:
        """`engine` and `second` are the two readings; left out, durable-rules and plain predicates."""
        self.rules = tuple(rules)
        self._by_kind = _by_kind(self.rules)
        self._engine: Engine = engine if engine is not None else DurableEngine(self.rules)
        self._second: Engine = second if second is not None else SecondReading(self.rules)
        self._regime_on = regime_on
        self._remembered: dict[tuple[type[FactKind], tuple[Value, ...]], Reading] = {}
        self.evaluations = 0
        """Distinct facts put through both readings."""

    def judge(self, facts: Iterable[Fact], rules: Collection[Rule] | None = None, clock: Clock | None = None) -> Verdicts:
        """Judge facts by some of the judge's rules; left out, by all that are enabled. `clock`: those of one clock."""
        chosen = [rule for rule in self.rules if rule.enabled] if rules is None else rules
        wanted = frozenset(rule.id for rule in chosen if clock is None or rule.clock == clock)
        verdicts = Verdicts()
        for fact in facts:
            reading = self._read(fact, wanted, verdicts)
            if reading is not None and (reading.plain or reading.engine):
                self._conclude(fact, reading, wanted, verdicts)
        return verdicts

    def _read(self, fact: Fact, wanted: frozenset[str], verdicts: Verdicts) -> Reading | None:
        key = (fact.kind, fact.values)
        known = self._remembered.get(key)
        if known is not None:
            return known
        try:
            fact.kind.check(fact.values)
        except ValueError as error:
            self._refuse(fact, str(error), wanted, verdicts)
            return None
        self.evaluations += 1
        plain = self._second.fired(fact.kind, fact.values)
        try:
            reading = Reading(plain, self._engine.fired(fact.kind, fact.values))
        except EngineFault as fault:
            verdicts.differ(f"facts of kind {fact.kind.kind}", str(fault))
            return Reading(plain, None)  # not remembered: the next fact tries the engine again
        if reading.engine != plain:
            for name in sorted(name for name in reading.names if reading.found_by(name) != "both readings"):
                verdicts.differ(name, f"found by {reading.found_by(name)}, of {fact.kind.as_mapping(fact.values)}")
            return reading  # not remembered, so that every sweep says it again
        if len(self._remembered) >= REMEMBERED:
            self._remembered.clear()
        self._remembered[key] = reading
        return reading

    def _refuse(self, fact: Fact, why: str, wanted: frozenset[str], verdicts: Verdicts) -> None:
        """What is no fact, by a mistake of ours, stops no other fact from being judged, and clears no open alert."""
        verdicts.differ(f"facts of kind {fact.kind.kind}", f"not judged: {why}")
        for rule in self._by_kind.get(fact.kind, ()):
            if rule.id in wanted:
                verdicts.cannot_tell.append(CannotTell(rule, fact.subject, (why,), fact))

    def _conclude(self, fact: Fact, reading: Reading, wanted: frozenset[str], verdicts: Verdicts) -> None:
        regime = self._regime_on(fact.judged_on)
        names = reading.names
        for rule in self._by_kind.get(fact.kind, ()):
            if rule.id not in wanted or not rule.in_force(fact.judged_on, regime):
                continue
            if rule.id in names:
                verdicts.findings.append(_finding(rule, fact, reading))
            elif f"{rule.id}?" in names:
                verdicts.cannot_tell.append(CannotTell(rule, fact.subject, _missing(rule, fact), fact))


def _finding(rule: Rule, fact: Fact, reading: Reading) -> Finding:
    names = reading.names
    severity = max([rule.severity, *(step for step in rule.steps if f"{rule.id}:{step.word}" in names)])
    if rule.raise_if_vulnerable and fact.vulnerable:
        severity = severity.step_up()
    good_practice = f"{rule.id}:good_practice" in names
    return Finding(rule, fact.subject, severity, fact, good_practice, reading.found_by(rule.id))


def _missing(rule: Rule, fact: Fact) -> tuple[str, ...]:
    names = rule.when.missing(fact.values)
    return tuple(field.words for field in rule.when.needs if field.name in names)


def _by_kind(rules: Sequence[Rule]) -> dict[type[FactKind], tuple[Rule, ...]]:
    found: dict[type[FactKind], tuple[Rule, ...]] = {}
    for rule in rules:
        found[rule.looks_at] = (*found.get(rule.looks_at, ()), rule)
    if len({rule.id for rule in rules}) < len(rules):
        raise ValueError(f"two rules share an id: {sorted(rule.id for rule in rules)}")
    if len({kind.kind for kind in found}) < len(found):
        raise ValueError(f"two kinds of facts share a name: {sorted(kind.kind for kind in found)}")
    return found
