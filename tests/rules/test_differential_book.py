"""The whole book on generated facts of every kind: durable-rules against the plain reading, evaluation by evaluation.

An evaluation is one rule on one fact. OFFSITE_DIFFERENTIAL says how many, OFFSITE_SEED which.
"""

import os
import random

from rules.book import BOOK
from rules.engine import DurableEngine
from rules.facts import KINDS
from rules.second_reading import SecondReading

EVALUATIONS = int(os.environ.get("OFFSITE_DIFFERENTIAL", "200000"))
SEED = int(os.environ.get("OFFSITE_SEED", "20261124"))


def lines():
    """For each number field, values on every line that a condition draws through it, to both sides of it, and far off."""
    found = {(kind, field.name): {-(2**53), -1, 0, 1, 2**53} for kind in KINDS for field in kind.fields}
    for leaf in (leaf for rule in BOOK.values() for condition in rule.conditions for leaf in condition.leaves()):
        if leaf.field.shape == "number":
            found[leaf.field.owner, leaf.field.name].update((leaf.value - 1, leaf.value, leaf.value + 1))
    return {field: sorted(values) for field, values in found.items()}


LINES = lines()


def value_of(field, chance):
    if field.may_be_unknown and chance.random() < 0.2:
        return None
    if field.shape == "flag":
        return chance.random() < 0.5
    if field.shape == "word":
        return chance.choice(field.of)
    return chance.choice(LINES[field.owner, field.name])


def test_both_readings_of_the_book_agree():
    print(f"seed {SEED}, {EVALUATIONS} evaluations")
    chance, rules = random.Random(SEED), tuple(BOOK.values())
    engine, plain = DurableEngine(rules), SecondReading(rules)
    looking = {kind: sum(rule.looks_at is kind for rule in rules) for kind in sorted(KINDS, key=lambda kind: kind.kind)}
    done = fired = 0
    while done < EVALUATIONS:
        for kind, count in looking.items():
            values = tuple(value_of(field, chance) for field in kind.fields)
            found = plain.fired(kind, values)
            assert engine.fired(kind, values) == found, (kind.kind, kind.as_mapping(values))
            done, fired = done + count, fired + len(found)
    assert fired > EVALUATIONS / 20
