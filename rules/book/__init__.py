"""The rule book: every rule, one declaration each, one file a family."""

from collections.abc import Mapping

from rules.book import attendance, direction, period, plan, provider, registers, reviews, safeguarding
from rules.rule import Rule


def _book() -> Mapping[str, Rule]:
    found: dict[str, Rule] = {}
    for family in (direction, plan, reviews, period, attendance, safeguarding, provider, registers):
        for rule in family.RULES:
            if rule.id in found:
                raise ValueError(f"rule {rule.id} is declared twice")
            found[rule.id] = rule
    return found


BOOK: Mapping[str, Rule] = _book()
"""Every rule by its id."""
