"""Why a rule spoke: the values compared, the numbers they met and whence those come.

For `offsite why` and an alert's page. Built from the rule and the values kept with the alert: it tells what was judged,
not what would be found today.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from offsite.law.parameters import NotInForce, Parameter, keys, parameter
from rules.language import Compare, Value, Values
from rules.rule import Rule
from rules.two_valued import Operator


class Compared(NamedTuple):
    """One value and what it was compared with."""

    field: str
    words: str
    value: Value
    """None where it was not known."""
    operator: Operator
    with_what: Value
    unit: str
    parameter: Parameter | None
    """The parameter of the law the number comes from, as it stood; None where the rule itself sets the number."""
    holds: bool | None


def compared(rule: Rule, values: Values, on: date) -> Iterator[Compared]:
    """Each comparison of a rule's condition, then those of its steps of severity, with these values.

    `on` is the day by which the duty was judged. Values kept under another rule book may lack a field: it is not known.
    """
    for condition in (rule.when, *rule.steps.values()):
        for leaf in condition.leaves():
            yield _compared(leaf, values, on)


def _compared(leaf: Compare, values: Values, on: date) -> Compared:
    field = leaf.field
    known = values if isinstance(values, tuple) else {field.name: values.get(field.name)}
    with_what: Value = bool(leaf.value) if field.shape == "flag" else leaf.value
    return Compared(
        field.name, field.words, field.of_values(known), leaf.operator, with_what, field.unit,
        _parameter(leaf.parameter, on), leaf.evaluate(known),
    )  # fmt: skip


def _parameter(key: str, on: date) -> Parameter | None:
    try:
        return parameter(key, on) if key in keys() else None
    except NotInForce:
        return None
