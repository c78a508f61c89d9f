"""Dated parameters: every number the law or a school sets, with its unit, source and evidence (parameters.toml)."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
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
    least: int = 1
    most: Any = None
    """The highest value, or of several numbers the highest of each; None for a word."""

    @property
    def bounds(self) -> str:
        """What may be chosen, in words."""
        if self.allowed is not None:
            return " or ".join(self.allowed)
        if isinstance(self.most, list):
            return f"{len(self.most)} whole numbers, each more than the one before, up to {' and '.join(map(str, self.most))}"
        return f"a whole number from {self.least} to {self.most}"

    def checked(self, value: Any) -> Any:
        """The value, if it is one of those allowed; raises ValueError, or LooserThanLaw with the citation."""
        if self.allowed is not None:
            if value not in self.allowed:
                raise ValueError(f"{self.key} is {value!r}; allowed: {', '.join(self.allowed)}")
            return value
        whole = all(isinstance(n, int) and not isinstance(n, bool) for n in _listed(value))
        if whole and self.law and self.looser(value, self.default):
            way = "higher" if self.stricter == "down" else "lower"
            raise LooserThanLaw(f"{self.key} is {value!r}; it may not be {way} than {self.default}: {self.law}")
        if not whole or isinstance(value, list) != isinstance(self.most, list) or not self._within(_listed(value)):
            raise ValueError(f"{self.key} is {value!r}; allowed: {self.bounds}, in {self.unit}")
        return value

    def _within(self, numbers: list[int]) -> bool:
        highest = _listed(self.most)
        if len(numbers) != len(highest) or any(one >= other for one, other in pairwise(numbers)):
            return False
        return all(self.least <= n <= most for n, most in zip(numbers, highest, strict=True))

    def looser(self, value: Any, than: Any) -> bool:
        """Whether a value is looser than another; False where neither direction is."""
        return bool(value > than) if self.stricter == "down" else self.stricter == "up" and bool(value < than)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


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
            least=row.get("least", 1),
            most=row.get("most"),
        )
        for key, row in _file()["settings"].items()
    }


SETTINGS: Mapping[str, Setting] = _settings()
"""The settings of domain.md 13 by key."""
