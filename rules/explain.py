"""Why a rule spoke: the values compared, the numbers they met and whence those come, and by what right.

For `offsite why` and an alert's page. Built from a finding alone: nothing is looked up again, it tells what was judged.
"""

from typing import NamedTuple

from rules.judge import Finding, FoundBy
from rules.language import Compare, Operator, Value


class Compared(NamedTuple):
    """One value and what it was compared with."""

    field: str
    words: str
    value: Value
    """None where it was not known."""
    operator: Operator
    with_what: Value
    unit: str
    parameter: str
    """The parameter of the law that the number comes from; empty where the rule itself sets it."""
    holds: bool | None


class Explanation(NamedTuple):
    """Why a rule spoke."""

    rule: str
    title: str
    because: str
    condition: str
    compared: tuple[Compared, ...]
    severity: str
    authority: str
    """As shown to this school: a law that does not bind it is good practice."""
    source: str
    evidence: str
    clears: str
    rule_book: str
    """The hash of the rule book that judged."""
    found_by: FoundBy


def explain(finding: Finding, school_kind: str, rule_book: str) -> Explanation:
    """Why a rule spoke of a fact, for a school of this kind, by the rule book of this hash."""
    rule, values = finding.rule, finding.fact.values
    conditions = finding.conditions()
    return Explanation(
        rule=rule.id,
        title=rule.title,
        because=finding.because(),
        condition="; and ".join(condition.words(values) for condition in conditions),
        compared=tuple(_compared(leaf, values) for condition in conditions for leaf in condition.leaves()),
        severity=finding.severity.word,
        authority=finding.authority(school_kind),
        source=finding.source,
        evidence=finding.evidence,
        clears=rule.clears,
        rule_book=rule_book,
        found_by=finding.found_by,
    )


def _compared(leaf: Compare, values: tuple[Value, ...]) -> Compared:
    field = leaf.field
    with_what: Value = bool(leaf.value) if field.shape == "flag" else leaf.value
    return Compared(
        field.name, field.words, field.of_values(values), leaf.operator, with_what, field.unit, leaf.parameter,
        leaf.evaluate(values),
    )  # fmt: skip
