"""What a declaration must have, or it is refused as the book is imported; and what every rule of the book has beside it."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from rules.book import BOOK
from rules.rule import Rule

RULE = BOOK["location-unknown"]
SCENARIOS = Path(__file__).parents[1] / "scenarios" / "rules"


@pytest.mark.parametrize("part", ["title", "clears", "source", "says", "subject"])
@pytest.mark.parametrize("empty", ["", "  "])
def test_a_rule_without_its_citation_or_its_end_is_refused(part, empty):
    with pytest.raises(ValueError, match=f"location-unknown: {part} is empty"):
        replace(RULE, **{part: empty})


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("authority", "statute"), ("authority", ""), ("evidence", "sure"), ("evidence", ""), ("clock", "hourly"),
        ("tell", ()), ("tell", ("dsl", "dsl")), ("tell", ("caretaker",)), ("regimes", ("osd-1999",)), ("under", "custom"),
    ],
)  # fmt: skip
def test_a_rule_that_names_what_is_not_known_is_refused(part, value):
    with pytest.raises(ValueError, match=f"location-unknown: {part} is"):
        replace(RULE, **{part: value})


@pytest.mark.parametrize("part", ["authority", "source", "evidence", "clears", "says", "tell", "severity", "when"])
def test_nothing_a_reader_needs_has_a_default(part):
    given = {field.name: getattr(RULE, field.name) for field in fields(Rule) if field.name != part}
    with pytest.raises(TypeError, match=part):
        Rule(**given)


@pytest.mark.parametrize("rule", BOOK)
def test_every_rule_has_a_scenario_of_its_own(rule):
    assert (SCENARIOS / f"{rule}.yaml").is_file(), f"{rule}: write tests/scenarios/rules/{rule}.yaml"


def test_every_scenario_is_of_a_rule():
    assert {file.stem for file in SCENARIOS.glob("*.yaml")} == set(BOOK)
