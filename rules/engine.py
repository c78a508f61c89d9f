"""durable-rules behind one adapter: a stateless matcher, used by a contract that answers each trap that was measured.

1. Conditions come from our typed tree, never from the package's operators.
2. Rulesets by kind of fact, at most 30 rules each, checked at start.
3. One host a process, whose timer threads never start.
4. Facts are flat and closed: whole numbers and ASCII words, unknown is a `has_` flag.
5. What is absent is worked out before, as a count or flag.
6. One evaluation is one fresh session: assert, read the state, delete it.
7. Actions append a name and do nothing else; a name fired twice counts once.
8. After each evaluation: no exception in the state, the canary fired exactly once, every name known; else EngineFault.
"""

import itertools
import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from durable.engine import Host

from rules.language import FactKind, Two, Value, flat
from rules.rule import Rule
from rules.second_reading import statements

AT_MOST = 30
"""Statements a ruleset, the canary among them: past 64 matches on one fact the package fails, past 600 it hangs."""
CANARY = "canary"
OPERATORS = {"!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}


class EngineFault(Exception):
    """durable-rules did not do what the contract says; never silent."""


class Engine(Protocol):
    """What finds the statements that hold of a fact."""

    def fired(self, kind: type[FactKind], values: tuple[Value, ...]) -> frozenset[str]:
        """The names of the statements that hold; raises EngineFault."""


class _QuietHost(Host):  # type: ignore[misc]  # the package has no types
    """The package's host without its two endless timer threads."""

    def _run(self) -> None:
        """Start nothing."""


_HOST = _QuietHost()
_LOCK = threading.Lock()
_NUMBERS = itertools.count(1)
_FIRED: list[str] = []


class DurableEngine:
    """The rules of a book in durable-rules' own rulesets."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Define the rulesets; raises EngineFault where one would be too large or is refused."""
        self._rulesets: dict[type[FactKind], list[tuple[str, frozenset[str]]]] = {}
        by_kind: dict[type[FactKind], list[tuple[str, Two]]] = {}
        for name, kind, condition in statements(rules):
            by_kind.setdefault(kind, []).append((name, condition))
        for kind, found in by_kind.items():
            for first in range(0, len(found), AT_MOST - 1):
                self._define(kind, found[first : first + AT_MOST - 1])

    def fired(self, kind: type[FactKind], values: tuple[Value, ...]) -> frozenset[str]:
        """The names of the statements that hold of a fact; raises EngineFault."""
        kind.check(values)
        fact: dict[str, Any] = {**flat(kind, values), CANARY: 1}
        found: set[str] = set()
        for ruleset, known in self._rulesets.get(kind, ()):
            found |= _evaluate(ruleset, known, fact)
        return frozenset(found)

    def _define(self, kind: type[FactKind], found: Sequence[tuple[str, Two]]) -> None:
        if len(found) + 1 > AT_MOST:
            raise EngineFault(f"{len(found) + 1} statements in one ruleset; at most {AT_MOST}")
        name = f"{kind.kind}_{next(_NUMBERS)}"
        definition = {statement: _rule(condition, statement) for statement, condition in found}
        definition[CANARY] = _rule(Two("is", name=CANARY, value=1), CANARY)
        try:
            with _LOCK:
                _HOST.register_rulesets({name: definition})
        except Exception as error:
            raise EngineFault(f"durable-rules refused the ruleset of {kind.__name__}: {error}") from error
        self._rulesets.setdefault(kind, []).append((name, frozenset(statement for statement, _ in found)))


def _evaluate(ruleset: str, known: frozenset[str], fact: dict[str, Any]) -> set[str]:
    with _LOCK:
        session = str(next(_NUMBERS))
        _FIRED.clear()
        try:
            _HOST.assert_fact(ruleset, {"sid": session, **fact})
            state = _HOST.get_state(ruleset, session)
        except Exception as error:
            raise EngineFault(f"durable-rules failed on {ruleset}: {type(error).__name__}: {error}") from error
        finally:
            _HOST.delete_state(ruleset, session)
        fired = list(_FIRED)
    if "exception" in state:
        raise EngineFault(f"an action of {ruleset} failed inside durable-rules")
    if fired.count(CANARY) != 1:
        raise EngineFault(f"the canary of {ruleset} fired {fired.count(CANARY)} times, not once")
    found = set(fired) - {CANARY}
    if not found <= known:
        raise EngineFault(f"{ruleset} fired {sorted(found - known)}, which it does not know")
    return found


def _rule(condition: Two, name: str) -> dict[str, Any]:
    return {"all": [{"m": definition(condition)}], "run": _noting(name)}


def _noting(name: str) -> Callable[[object], None]:
    def note(_context: object) -> None:
        _FIRED.append(name)

    return note


def definition(condition: Two) -> dict[str, Any]:
    """A condition as durable-rules writes it."""
    if condition.joined == "is":
        if condition.operator == "==":
            return {condition.name: condition.value}
        return {OPERATORS[condition.operator]: {condition.name: condition.value}}
    return {f"${condition.joined}": [definition(part) for part in condition.parts]}
