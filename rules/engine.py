"""durable-rules behind one adapter: a stateless matcher, used by a contract that answers each trap that was measured.

1. Conditions come from our typed tree, never from the package's operators.
2. Rulesets by kind of fact, at most 30 rules each, of conjunctions alone (alternatives.py); checked at start.
3. The package's matcher itself is asked, not the host around it: no endless timer threads, no clock, no lease on an action.
4. Facts are flat and closed: whole numbers and ASCII words, unknown is a `has_` flag.
5. What is absent is worked out before, as a count or flag.
6. One evaluation is one fresh session: assert, take what fired, delete it. After a failed assert that session is not
   touched again, since reading or deleting it kills the process: its ruleset is set aside and defined anew.
7. There are no actions: the matcher says which rule fires next until none is left; a name fired twice counts once.
8. After each evaluation: the canary fired exactly once and, being last in order, after all others; every name known.
   Else EngineFault.
"""

import itertools
import json
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import durable_rules_engine

from rules.alternatives import Alternative, alternatives, in_order
from rules.language import FactKind, Value
from rules.rule import Rule
from rules.second_reading import statements
from rules.two_valued import Two, flat

AT_MOST = 30
"""Rules a ruleset, the canary among them: past 64 waiting nodes the package fails, past 600 matches it hangs."""
AT_MOST_FAULTS = 5
"""So often a ruleset whose assert failed is defined anew; then it is left alone for as long as the process lives."""
CANARY = "canary"
LAST = 1_000_000
"""The canary's place in the order of firing."""
OPERATORS = {"!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}


class EngineFault(Exception):
    """durable-rules did not do what the contract says; never silent."""


class Engine(Protocol):
    """What finds the statements that hold of a fact."""

    def fired(self, kind: type[FactKind], values: tuple[Value, ...]) -> frozenset[str]:
        """The names of the statements that hold; raises EngineFault."""


CORE: Any = durable_rules_engine
"""The package's matcher, which its host drives too."""
HANDLED = 0
"""What the matcher answers when it took a fact."""
_LOCK = threading.Lock()
_NUMBERS = itertools.count(1)
_ENCODE = json.JSONEncoder(separators=(",", ":")).encode
_DEFINED: "dict[str, Ruleset]" = {}
"""Every ruleset of this process: the package never gives one back, so engines of the same rules share theirs."""


class DurableEngine:
    """The rules of a book in durable-rules' own rulesets. Safe to call from several threads."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Define the rulesets; raises EngineFault where the package refuses one."""
        by_kind: dict[type[FactKind], list[tuple[str, Alternative]]] = {}
        for name, kind, condition, sense in statements(rules):
            two = condition.certain() if sense == "certain" else condition.possible()
            by_kind.setdefault(kind, []).extend((name, alternative) for alternative in alternatives(two))
        self._rulesets = {kind: _rulesets(kind, named) for kind, named in by_kind.items()}

    def fired(self, kind: type[FactKind], values: tuple[Value, ...]) -> frozenset[str]:
        """The names of the statements that hold of a fact; raises EngineFault."""
        kind.check(values)
        fact = flat(kind, values)
        found: set[str] = set()
        for ruleset in self._rulesets.get(kind, ()):
            found |= ruleset.fired(fact)
        return frozenset(found)


class Ruleset:
    """Named alternatives of one kind of fact, as a ruleset of the package."""

    def __init__(self, kind: str, named: Sequence[tuple[str, Alternative]]) -> None:
        """Define it; raises EngineFault where it is too large or the package refuses it."""
        if len(named) + 1 > AT_MOST:
            raise EngineFault(f"{len(named) + 1} rules in one ruleset of {kind}; at most {AT_MOST}")
        self.kind = kind
        self.faults = 0
        self.definition = {
            **{f"rule_{number}": _when(alternative) for number, (_, alternative) in enumerate(named)},
            CANARY: {**_when(frozenset({Two("is", name=CANARY, value=1)})), "pri": LAST},
        }
        self._statements = {f"rule_{number}": statement for number, (statement, _) in enumerate(named)}
        self.name, self._handle = self._define()

    def fired(self, fact: Mapping[str, int | str]) -> set[str]:
        """The names that hold of a flat fact; raises EngineFault."""
        with _LOCK:
            fired = self._evaluate({**fact, CANARY: 1, "sid": str(next(_NUMBERS))})
        if fired == [CANARY]:
            return set()
        if fired.count(CANARY) != 1 or fired[-1] != CANARY:
            raise EngineFault(f"the canary of {self.name} fired {fired.count(CANARY)} times, not once and last")
        unknown = set(fired) - self._statements.keys() - {CANARY}
        if unknown:
            raise EngineFault(f"{self.name} fired {sorted(unknown)}, which it does not know")
        return {self._statements[rule] for rule in fired[:-1]}

    def _evaluate(self, fact: dict[str, int | str]) -> list[str]:
        """The rules that fire in the session `sid`, in the matcher's order."""
        if self.faults > AT_MOST_FAULTS:
            raise EngineFault(f"{self.name} has failed {self.faults} times and is left alone")
        try:
            answer, state = CORE.assert_fact(self._handle, _ENCODE(fact))
            if answer != HANDLED:
                raise EngineFault(f"the matcher did not take the fact: {answer}")
        except Exception as error:
            failed, self.faults = self.name, self.faults + 1
            self.name, self._handle = self._define()
            raise EngineFault(f"durable-rules failed on {failed}: {type(error).__name__}: {error}") from error
        try:
            fired = self._all_that_fires(state)
            CORE.delete_state(self._handle, fact["sid"])
        except Exception as error:
            raise EngineFault(f"durable-rules lost the session of {self.name}: {error}") from error
        return fired

    def _all_that_fires(self, state: Any) -> list[str]:
        begun = CORE.start_action_for_state(self._handle, state)
        firing = begun[1] if begun else None
        fired: list[str] = []
        while firing:
            fired.append(firing[2 : firing.index('"', 2)])
            if len(fired) > AT_MOST:
                raise EngineFault(f"{len(fired)} rules fired of {len(self.definition)}")
            firing = CORE.complete_and_start_action(self._handle, state)
        return fired

    def _define(self) -> tuple[str, Any]:
        name = f"{self.kind}_{next(_NUMBERS)}"
        try:
            return name, CORE.create_ruleset(name, json.dumps(self.definition))
        except Exception as error:
            raise EngineFault(f"durable-rules refused a ruleset of {self.kind}: {error}") from error


def _rulesets(kind: type[FactKind], named: Sequence[tuple[str, Alternative]]) -> tuple[Ruleset, ...]:
    found = []
    with _LOCK:
        for first in range(0, len(named), AT_MOST - 1):
            chunk = named[first : first + AT_MOST - 1]
            key = json.dumps([kind.kind, [(name, definition(alternative)) for name, alternative in chunk]])
            if key not in _DEFINED:
                _DEFINED[key] = Ruleset(kind.kind, chunk)
            found.append(_DEFINED[key])
    return tuple(found)


def _when(alternative: Alternative) -> dict[str, Any]:
    return {"all": [{"m": definition(alternative)}]}


def definition(alternative: Alternative) -> dict[str, Any]:
    """An alternative as durable-rules writes it."""
    leaves = [_comparison(leaf) for leaf in in_order(alternative)]
    return leaves[0] if len(leaves) == 1 else {"$and": leaves}


def _comparison(leaf: Two) -> dict[str, Any]:
    compared = {leaf.name: leaf.value}
    return compared if leaf.operator == "==" else {OPERATORS[leaf.operator]: compared}
