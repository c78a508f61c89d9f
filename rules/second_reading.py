"""The second reading: the same conditions as plain Python predicates, beside durable-rules in every evaluation.

It shares nothing with the engine but the conditions: it reads the values as they stand, the unknown as None, and
neither the flat facts nor the alternatives that durable-rules is given.
"""

import operator
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

from rules.language import Combined, Compare, Condition, FactKind, Value
from rules.rule import Rule

Sense = Literal["certain", "possible"]
Predicate = Callable[[tuple[Value, ...]], bool]
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Statement(NamedTuple):
    """Something that both readings are asked of a fact."""

    name: str
    kind: type[FactKind]
    condition: Condition
    sense: Sense


class SecondReading:
    """Plain predicates by kind of fact."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Make the predicates of these rules."""
        self._by_kind: dict[type[FactKind], list[tuple[str, Predicate]]] = {}
        for name, kind, condition, sense in statements(rules):
            self._by_kind.setdefault(kind, []).append((name, predicate(condition, sense)))

    def fired(self, kind: type[FactKind], values: tuple[Value, ...]) -> frozenset[str]:
        """The names of the statements that hold of a fact."""
        return frozenset([name for name, holds in self._by_kind.get(kind, ()) if holds(values)])


def statements(rules: Sequence[Rule]) -> list[Statement]:
    """What is asked: `notice-late` (certain), `notice-late?` (possible), `notice-late:critical` (a step of severity),
    `notice-late:good_practice`."""
    found = []
    for rule in rules:
        found.append(Statement(rule.id, rule.looks_at, rule.when, "certain"))
        if rule.when.needs:
            found.append(Statement(f"{rule.id}?", rule.looks_at, rule.when, "possible"))
        for severity, condition in rule.steps.items():
            found.append(Statement(f"{rule.id}:{severity.word}", rule.looks_at, rule.when & condition, "certain"))
        if rule.good_practice_when is not None:
            both = rule.when & rule.good_practice_when
            found.append(Statement(f"{rule.id}:good_practice", rule.looks_at, both, "certain"))
    return found


def predicate(condition: Condition, sense: Sense) -> Predicate:
    """Whether a condition holds, certainly or possibly, of a fact's values."""
    if isinstance(condition, Compare):
        return _comparison(condition, sense)
    assert isinstance(condition, Combined)
    parts = tuple(predicate(part, sense) for part in condition.parts)
    return _joined(parts, decides=condition.joined == "or")


def _comparison(leaf: Compare, sense: Sense) -> Predicate:
    index, constant, compare = leaf.field.index, leaf.value, OPERATORS[leaf.operator]
    if not leaf.field.may_be_unknown:
        return lambda values: compare(values[index], constant)
    if sense == "certain":
        return lambda values: values[index] is not None and compare(values[index], constant)
    return lambda values: values[index] is None or compare(values[index], constant)


def _joined(parts: tuple[Predicate, ...], *, decides: bool) -> Predicate:
    def holds(values: tuple[Value, ...]) -> bool:
        for part in parts:
            if part(values) is decides:
                return decides
        return not decides

    return holds
