"""The same conditions on the same facts through zen-engine, rule-engine and business-rules, with the same findings asked for.

Each engine is used as its own documentation shows for many rules and one fact: zen-engine compiles one expression a
statement, rule-engine one `Rule` a statement, business-rules is given one list of rules a kind of fact. They are needed
by this benchmark alone (`requirements.bench.lock`).
"""

from collections.abc import Callable, Sequence
from typing import Any

from rules.language import FactKind, Value
from rules.rule import Rule
from rules.second_reading import statements
from rules.two_valued import Two, flat

Finder = Callable[[type[FactKind], tuple[Value, ...]], frozenset[str]]
Named = dict[type[FactKind], list[tuple[str, Two]]]
NUMERIC = {
    "==": "equal_to", "<": "less_than", "<=": "less_than_or_equal_to", ">": "greater_than",
    ">=": "greater_than_or_equal_to",
}  # fmt: skip


def by_kind(rules: Sequence[Rule]) -> Named:
    """The statements of a book as two-valued conditions over flat facts, by kind."""
    found: Named = {}
    for name, kind, condition, sense in statements(rules):
        found.setdefault(kind, []).append((name, condition.certain() if sense == "certain" else condition.possible()))
    return found


def zen_engine(named: Named) -> Finder:
    """One compiled expression a statement."""
    import zen

    compiled = {kind: [(name, zen.compile_expression(_text(two))) for name, two in of] for kind, of in named.items()}

    def find(kind: type[FactKind], values: tuple[Value, ...]) -> frozenset[str]:
        fact = flat(kind, values)
        return frozenset(name for name, expression in compiled[kind] if expression.evaluate(fact))

    return find


def rule_engine(named: Named) -> Finder:
    """One `Rule` a statement."""
    import rule_engine as package

    compiled = {kind: [(name, package.Rule(_text(two))) for name, two in of] for kind, of in named.items()}

    def find(kind: type[FactKind], values: tuple[Value, ...]) -> frozenset[str]:
        fact = flat(kind, values)
        return frozenset(name for name, rule in compiled[kind] if rule.matches(fact))

    return find


def business_rules(named: Named) -> Finder:
    """One list of rules a kind, with an action that notes the statement's name."""
    from business_rules import run_all
    from business_rules.actions import BaseActions, rule_action
    from business_rules.fields import FIELD_TEXT

    class Actions(BaseActions):  # type: ignore[misc]  # the package has no types
        """Notes names."""

        def __init__(self, heard: set[str]) -> None:
            """`heard` takes the names."""
            self.heard = heard

        @rule_action(params={"name": FIELD_TEXT})  # type: ignore[untyped-decorator]
        def note(self, name: str) -> None:
            """Note a statement that holds."""
            self.heard.add(name)

    def action(name: str) -> list[dict[str, Any]]:
        return [{"name": "note", "params": {"name": name}}]

    lists = {
        kind: [{"conditions": {"all": [_dictionary(two)]}, "actions": action(name)} for name, two in of]
        for kind, of in named.items()
    }
    variables = {kind: _variables(kind) for kind in named}

    def find(kind: type[FactKind], values: tuple[Value, ...]) -> frozenset[str]:
        heard: set[str] = set()
        run_all(rule_list=lists[kind], defined_variables=variables[kind](flat(kind, values)), defined_actions=Actions(heard))
        return frozenset(heard)

    return find


OTHERS: dict[str, Callable[[Named], Finder]] = {
    "zen-engine": zen_engine,
    "rule-engine": rule_engine,
    "business-rules": business_rules,
}


def _text(two: Two) -> str:
    """A condition as zen-engine and rule-engine both write it."""
    if two.joined == "is":
        value = f'"{two.value}"' if isinstance(two.value, str) else two.value
        return f"{two.name} {two.operator} {value}"
    return f" {two.joined} ".join(f"({_text(part)})" for part in two.parts)


def _dictionary(two: Two) -> dict[str, Any]:
    """A condition as business-rules writes it; it has no `!=` for numbers."""
    if two.joined != "is":
        return {"all" if two.joined == "and" else "any": [_dictionary(part) for part in two.parts]}
    if two.operator == "!=" and not isinstance(two.value, str):
        sides = [{"name": two.name, "operator": way, "value": two.value} for way in ("less_than", "greater_than")]
        return {"any": sides}
    return {"name": two.name, "operator": NUMERIC[two.operator], "value": two.value}


def _variables(kind: type[FactKind]) -> Any:
    from business_rules.variables import BaseVariables, numeric_rule_variable, string_rule_variable

    def variable(name: str, text: bool) -> Any:
        def read(self: Any) -> Any:
            return self.fact[name]

        read.__name__ = name
        return (string_rule_variable if text else numeric_rule_variable)(read)

    def begin(self: Any, fact: dict[str, int | str]) -> None:
        self.fact = fact

    names = {field.name: field.shape == "word" for field in kind.fields}
    names |= {f"has_{field.name}": False for field in kind.fields if field.may_be_unknown}
    members = {name: variable(name, text) for name, text in names.items()}
    return type(f"{kind.__name__}Variables", (BaseVariables,), {"__init__": begin, **members})
