"""The second reading: the same conditions as plain Python predicates, beside durable-rules in every evaluation."""

from collections.abc import Callable, Mapping, Sequence

from rules.language import FactKind, Two, Value, certain, flat, possible
from rules.rule import Rule

Predicate = Callable[[Mapping[str, int | str]], bool]


class SecondReading:
    """Plain predicates by kind of fact."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Make the predicates of these rules."""
        self._by_kind: dict[type[FactKind], list[tuple[str, Predicate]]] = {}
        for name, kind, condition in statements(rules):
            self._by_kind.setdefault(kind, []).append((name, predicate(condition)))

    def fired(self, kind: type[FactKind], values: tuple[Value, ...]) -> frozenset[str]:
        """The names of the statements that hold of a fact."""
        fact = flat(kind, values)
        return frozenset(name for name, holds in self._by_kind.get(kind, ()) if holds(fact))


def statements(rules: Sequence[Rule]) -> list[tuple[str, type[FactKind], Two]]:
    """What both readings are asked of a fact: `notice-late` (certain), `notice-late?` (possible), and a step of severity,
    `review-overdue:critical`."""
    found = []
    for rule in rules:
        found.append((rule.id, rule.looks_at, certain(rule.when)))
        if rule.when.needs:
            found.append((f"{rule.id}?", rule.looks_at, possible(rule.when)))
        for severity, condition in rule.steps.items():
            found.append((f"{rule.id}:{severity.word}", rule.looks_at, certain(rule.when & condition)))
        if rule.good_practice_when is not None:
            found.append((f"{rule.id}:good_practice", rule.looks_at, certain(rule.when & rule.good_practice_when)))
    return found


def predicate(condition: Two) -> Predicate:
    """A plain function of a flat fact."""
    if condition.joined == "is":
        return _comparison(condition)
    parts = tuple(predicate(part) for part in condition.parts)
    if condition.joined == "and":
        return lambda fact: all(part(fact) for part in parts)
    return lambda fact: any(part(fact) for part in parts)


def _comparison(condition: Two) -> Predicate:
    name, value = condition.name, condition.value
    by_operator: dict[str, Predicate] = {
        "==": lambda fact: fact[name] == value,
        "!=": lambda fact: fact[name] != value,
        "<": lambda fact: fact[name] < value,  # type: ignore[operator]  # both are numbers: language.py saw to it
        "<=": lambda fact: fact[name] <= value,  # type: ignore[operator]
        ">": lambda fact: fact[name] > value,  # type: ignore[operator]
        ">=": lambda fact: fact[name] >= value,  # type: ignore[operator]
    }
    return by_operator[condition.operator]
