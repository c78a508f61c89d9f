"""Dated parameters: every number the law or a school sets, with its unit, source and evidence (parameters.toml)."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple


class Parameter(NamedTuple):
    """A number as it stood on a day."""

    key: str
    value: int
    unit: str
    source: str
    evidence: str
    since: date


class NotInForce(Exception):
    """A parameter was asked for on a day on which no law set it: before it began, or after it ended."""


class LooserThanLaw(Exception):
    """A setting would loosen what a law demands."""


class Setting(NamedTuple):
    """A number or word a school may choose: its default, unit and in which direction it may go."""

    key: str
    default: Any
    unit: str
    says: str
    allowed: tuple[str, ...] | None
    stricter: Literal["up", "down"] | None
    law: str | None
    by_authority: Mapping[str, Any]
    """Defaults of their own that local authorities have."""

    def checked(self, value: Any) -> Any:
        """The value, if it is one of those allowed; raises ValueError, or LooserThanLaw with the citation."""
        if self.allowed is not None:
            if value not in self.allowed:
                raise ValueError(f"{self.key} is {value!r}; allowed: {', '.join(self.allowed)}")
            return value
        wanted = len(self.default) if isinstance(self.default, list) else 1
        numbers = value if isinstance(value, list) else [value]
        if len(numbers) != wanted or not all(isinstance(n, int) and not isinstance(n, bool) and n > 0 for n in numbers):
            raise ValueError(f"{self.key} is {value!r}; allowed: {wanted} whole number(s) above 0, in {self.unit}")
        if self.law and self._looser(value):
            way = "higher" if self.stricter == "down" else "lower"
            raise LooserThanLaw(f"{self.key} is {value!r}; it may not be {way} than {self.default}: {self.law}")
        return value

    def _looser(self, value: Any) -> bool:
        return bool(value > self.default) if self.stricter == "down" else bool(value < self.default)


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(files("offsite.law").joinpath("parameters.toml").read_text(encoding="utf-8"))


def parameter(key: str, on: date) -> Parameter:
    """A parameter on a day; raises KeyError for no such parameter, NotInForce before it began or after it ended."""
    found = _file()[key]
    dated = sorted((date.fromisoformat(since), row) for since, row in found.items() if since != "unit")
    held = [(since, row) for since, row in dated if since <= on]
    if not held:
        raise NotInForce(f"{key} was not in force on {on:%-d %B %Y}; it began on {dated[0][0]:%-d %B %Y}")
    since, row = held[-1]
    if row.get("ended"):
        raise NotInForce(f"{key} ended on {since:%-d %B %Y} ({row['source']})")
    return Parameter(key, row["value"], found["unit"], row["source"], row["evidence"], since)


class Change(NamedTuple):
    """A day on which a parameter began, took another value or ended."""

    key: str
    day: date
    before: int | None
    """None where it began on that day."""
    after: int | None
    """None where it ended: the day before was its last."""
    unit: str
    source: str
    evidence: str


def parameter_changes(key: str) -> list[Change]:
    """Every change of a parameter, the first included, in order; raises KeyError for no such parameter."""
    found = _file()[key]
    changes: list[Change] = []
    for since, row in sorted((date.fromisoformat(since), row) for since, row in found.items() if since != "unit"):
        before = changes[-1].after if changes else None
        changes.append(Change(key, since, before, row.get("value"), found["unit"], row["source"], row["evidence"]))
    return changes


def keys() -> list[str]:
    """The parameters there are."""
    return sorted(key for key in _file() if key != "settings")


def _settings() -> Mapping[str, Setting]:
    return {
        key: Setting(
            key=key,
            default=row["default"],
            unit=row["unit"],
            says=row["says"],
            allowed=tuple(row["allowed"]) if "allowed" in row else None,
            stricter=row.get("stricter"),
            law=row.get("law"),
            by_authority=row.get("by_authority", {}),
        )
        for key, row in _file()["settings"].items()
    }


SETTINGS: Mapping[str, Setting] = _settings()
"""The settings of domain.md 13 by key."""
