"""The rule book: every rule once, in families, each family in a file of its own with a tuple `RULES`."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from rules.rule import Rule


def _book() -> Mapping[str, Rule]:
    found: dict[str, Rule] = {}
    for family in sorted(module.name for module in iter_modules(__path__, f"{__name__}.")):
        for rule in import_module(family).RULES:
            if rule.id in found:
                raise ValueError(f"rule {rule.id} is declared twice")
            found[rule.id] = rule
    return found


BOOK: Mapping[str, Rule] = _book()
"""Every rule by its id."""
