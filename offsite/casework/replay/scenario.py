"""The scenario file: a school, its people, what happened on which day, and what is expected of it."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from offsite.law.london import LONDON, instant_of

NINE = time(9)
ENVELOPE = ("at", "do", "by", "happened")


class ScenarioError(Exception):
    """A scenario file that cannot be read; names the file, the place and what is allowed."""


class ScenarioEvent(NamedTuple):
    """One event of the file, in its place (counted from 1)."""

    number: int
    at: datetime
    do: str
    by: str | None
    happened: datetime | None
    fields: dict[str, Any]


class ExpectedAlert(BaseModel):
    """An alert that must be raised; a key left out is not compared."""

    model_config = ConfigDict(extra="forbid")

    rule: str
    placement: str | None = None
    subject: str | date | int | None = None
    raised: str | date | datetime | None = None
    severity: str | None = None
    tell: list[str] | None = None
    authority: str | None = None
    evidence: str | None = None
    due: str | date | None = None
    cleared: str | date | datetime | None = None

    def key(self) -> str:
        """How a difference names it."""
        about = " ".join(str(part) for part in (self.placement, self.subject) if part)
        return f"{self.rule} {about}".strip()


class Expect(BaseModel):
    """What the file expects; a key left out is not compared."""

    model_config = ConfigDict(extra="forbid")

    stage: str | None = None
    alerts: list[ExpectedAlert] = Field(default_factory=list)
    never: list[str] = Field(default_factory=list)
    only: bool = False
    deadlines: list[dict[str, Any]] = Field(default_factory=list)
    refused: list[int] = Field(default_factory=list)
    placements: list[dict[str, Any]] = Field(default_factory=list)
    cannot_tell: list[dict[str, Any]] = Field(default_factory=list)
    messages: list[dict[str, Any]] = Field(default_factory=list)
    system: list[dict[str, Any]] = Field(default_factory=list)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    scenario: str = ""
    base: str | None = None
    first: date | datetime | str | None = Field(None, alias="from")
    until: date | datetime | str | None = None
    school: dict[str, Any]
    settings: dict[str, Any] = Field(default_factory=dict)
    people: list[dict[str, Any]] = Field(default_factory=list)
    pupils: list[dict[str, Any]] = Field(default_factory=list)
    providers: list[dict[str, Any]] = Field(default_factory=list)
    events: list[dict[str, Any]] = Field(default_factory=list)
    expect: Expect = Field(default_factory=Expect)


class Scenario(NamedTuple):
    """A scenario, read and put in order."""

    title: str
    first: date
    until: date
    school: dict[str, Any]
    settings: dict[str, Any]
    people: list[dict[str, Any]]
    pupils: list[dict[str, Any]]
    providers: list[dict[str, Any]]
    events: list[ScenarioEvent]
    expect: Expect


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file and the base beside it; raises ScenarioError, naming what is wrong and where."""
    raw = _with_base(path)
    try:
        file = _File.model_validate(raw)
    except ValidationError as error:
        raise ScenarioError(f"{path}: " + "; ".join(_sentence(e) for e in error.errors())) from None
    events = [_event(path, number, raw_event) for number, raw_event in enumerate(file.events, 1)]
    if not events and file.first is None:
        raise ScenarioError(f"{path}: neither `from` nor any event says which day to begin with")
    first = _day(path, "from", file.first) if file.first is not None else events[0].at.astimezone(LONDON).date()
    last = max([e.at for e in events], default=instant_of(first)).astimezone(LONDON).date()
    until = _day(path, "until", file.until) if file.until is not None else max(last, first)
    if until < first:
        raise ScenarioError(f"{path}: until is {until}, before from, {first}")
    return Scenario(
        file.scenario or path.stem, first, until, file.school, file.settings, file.people, file.pupils,
        file.providers, events, file.expect,
    )  # fmt: skip


def moment(value: Any) -> datetime:
    """An instant (UTC) from a London time in a file; a bare date means 09:00. Raises ValueError."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if len(value.strip()) > 10 else date.fromisoformat(value.strip())
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=LONDON, fold=0).astimezone(UTC)
    if isinstance(value, date):
        return instant_of(value, NINE)
    raise ValueError(f"{value!r} is neither a date nor a time")


def _with_base(path: Path) -> dict[str, Any]:
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ScenarioError(f"{path}: no such file") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path}: not readable as YAML: {error}") from None
    if not isinstance(raw, dict):
        raise ScenarioError(f"{path}: a scenario is a mapping of keys (scenario, from, until, school, events, ...)")
    if raw.get("base"):
        base = _with_base(path.parent / str(raw["base"]))
        raw = {**{key: value for key, value in base.items() if key not in ("scenario", "expect")}, **raw}
    return raw


def _event(path: Path, number: int, raw: dict[str, Any]) -> ScenarioEvent:
    try:
        return ScenarioEvent(
            number=number,
            at=moment(raw["at"]),
            do=str(raw["do"]),
            by=raw.get("by"),
            happened=moment(raw["happened"]) if "happened" in raw else None,
            fields={key: value for key, value in raw.items() if key not in ENVELOPE},
        )
    except KeyError as missing:
        raise ScenarioError(f"{path}: event {number} lacks {missing}") from None
    except ValueError as error:
        raise ScenarioError(f"{path}: event {number}: {error}") from None


def _day(path: Path, key: str, value: Any) -> date:
    try:
        return moment(value).astimezone(LONDON).date()
    except ValueError as error:
        raise ScenarioError(f"{path}: {key}: {error}") from None


def _sentence(error: Any) -> str:
    return f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}"
