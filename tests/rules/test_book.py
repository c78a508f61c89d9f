"""The book against the rule book's own file: nothing renamed, nothing different in what it claims."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from rules.book import BOOK

WRITTEN = {row["id"]: row for row in yaml.safe_load((Path(__file__).parent / "rulebook.yaml").read_text())}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_rule_claims_what_the_file_says(name):
    said, rule = WRITTEN[name], BOOK[name]
    force = said.get("in_force", {})
    assert rule.title == said["title"]
    assert rule.severity.word == said["severity"]
    assert list(rule.tell) == said["tell"]
    assert (rule.authority, rule.source, rule.evidence) == (said["authority"], said["source"], said["evidence"])
    assert rule.clock == said.get("clock", "daily")
    assert rule.raise_if_vulnerable == said.get("raise_if_vulnerable", False)
    assert list(rule.regimes) == said.get("regimes", [])
    assert rule.in_force_from == day(force.get("from"))
    assert rule.in_force_to == day(force.get("to"))
    assert rule.by_person == (said["clears"].split()[-1] == "person")


def test_no_rule_of_the_file_is_missing_or_renamed():
    assert WRITTEN.keys() - BOOK.keys() == set()


def day(value):
    return value if value is None or isinstance(value, date) else date.fromisoformat(value)
