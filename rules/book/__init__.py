"""The rule book: every rule once, in families, each family in a file of its own with a tuple `RULES`."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from rules.rule import Rule


def _families() -> Mapping[str, tuple[Rule, ...]]:
    found: dict[str, tuple[Rule, ...]] = {}
    for name in sorted(module.name for module in iter_modules(__path__, f"{__name__}.")):
        family = import_module(name)
        found[(family.__doc__ or name).strip().rstrip(".")] = family.RULES
    return found


def _book(families: Mapping[str, tuple[Rule, ...]]) -> Mapping[str, Rule]:
    found: dict[str, Rule] = {}
    for rule in (rule for rules in families.values() for rule in rules):
        if rule.id in found:
            raise ValueError(f"rule {rule.id} is declared twice")
        found[rule.id] = rule
    return found


FAMILIES: Mapping[str, tuple[Rule, ...]] = _families()
"""The families by their headings: "Rules about the direction and its notice"."""
BOOK: Mapping[str, Rule] = _book(FAMILIES)
"""Every rule by its id."""
