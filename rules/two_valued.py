"""Conditions of two values, as both readings take them: comparisons over flat facts joined by `and` and `or`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from rules.language import FactKind, Value

Operator = Literal["==", "!=", "<", "<=", ">", ">="]
OPPOSITE: Mapping[Operator, Operator] = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True)
class Two:
    """A two-valued condition over flat facts: a comparison (no parts) or parts joined by `and` or `or`."""

    joined: Literal["and", "or", "is"]
    parts: tuple["Two", ...] = ()
    name: str = ""
    operator: Operator = "=="
    value: int | str = 0


def flat(kind: "type[FactKind]", values: "tuple[Value, ...]") -> dict[str, int | str]:
    """A fact as flat whole numbers and words: an unknown field is 0 with `has_` 0 beside it."""
    found: dict[str, int | str] = {}
    for field, value in zip(kind.fields, values, strict=True):
        if field.may_be_unknown:
            found[f"has_{field.name}"] = int(value is not None)
        nothing = "" if field.shape == "word" else 0
        found[field.name] = nothing if value is None else value if isinstance(value, str) else int(value)
    return found


def compare(operator: Operator, left: Any, right: Any) -> bool:
    """One comparison."""
    if operator == "==":
        return bool(left == right)
    if operator == "!=":
        return bool(left != right)
    if operator == "<":
        return bool(left < right)
    if operator == "<=":
        return bool(left <= right)
    if operator == ">":
        return bool(left > right)
    return bool(left >= right)
