"""Examples of the rules at work, from each rule's own scenario file: what was recorded, what was raised, when it ended."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import rules
from offsite.casework.replay.scenario import Scenario, moment, read_scenario
from offsite.law.london import LONDON
from offsite.letters.rulebook import Example, Happening
from rules.book import BOOK

FOLDER = Path(rules.__path__[0]).parent / "tests" / "scenarios" / "rules"
"""One scenario a rule; not there where Offsite was installed without its tests."""
TELLING = ("start", "provider", "to", "code", "item", "status", "kind", "outcome", "decision", "step", "by", "day", "given")
"""Fields that say what a command did; the rest is left out of an example."""


def examples(folder: Path = FOLDER) -> Mapping[str, Example]:
    """The examples there are, by rule id."""
    files = {rule: folder / f"{rule}.yaml" for rule in BOOK}
    return {rule: _example(rule, read_scenario(file)) for rule, file in files.items() if file.exists()}


def _example(rule: str, scenario: Scenario) -> Example:
    happened: list[tuple[datetime, int, str]] = []
    for event in scenario.events:
        told = {name: event.fields[name] for name in TELLING if name in event.fields}
        about = ", ".join(f"{name} {_plain(value)}" for name, value in told.items())
        happened.append((event.at, event.number, event.do.replace("_", " ") + (f" ({about})" if about else "")))
    last = len(scenario.events) + 1
    for alert in (alert for alert in scenario.expect.alerts if alert.rule == rule):
        severity = alert.severity or BOOK[rule].severity.word
        if alert.raised is not None:
            happened.append((moment(alert.raised), last, f"the alert is raised, {severity}"))
        if alert.cleared is not None:
            happened.append((moment(alert.cleared), last + 1, "the alert ends"))
    ordered = sorted(happened, key=lambda one: one[:2])
    return Example(scenario.title, tuple(Happening(_when(at), what) for at, _, what in ordered))


def _when(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%a %-d %b %Y, %H:%M}"


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(part)}" for name, part in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
