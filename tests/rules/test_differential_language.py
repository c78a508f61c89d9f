"""durable-rules against the plain reading against the three values, over invented rule books and facts.

Quick by default; OFFSITE_DIFFERENTIAL sets how many facts are judged, OFFSITE_SEED repeats a run. The seed is printed.
"""

import os
import random
from typing import Any

import pytest

from rules.engine import DurableEngine
from rules.language import Condition, FactKind, Field, Value, WrongCondition, flag, number, word
from rules.rule import Rule, Severity
from rules.second_reading import OPERATORS, SecondReading

FACTS = int(os.environ.get("OFFSITE_DIFFERENTIAL", "20000"))
SEED = int(os.environ.get("OFFSITE_SEED") or random.SystemRandom().randrange(2**32))
FACTS_A_BOOK = 100
LINES = (-(2**53), -(2**31), -7, -1, 0, 1, 2, 3, 20, 2**31, 2**53 - 1, 2**53)
"""Constants of comparisons; facts fall on them and one to either side."""
WORDS = ("post", "posted", "hand", "/", "none", "1", "true", "a b")


def invent_kind(choose: random.Random) -> Any:
    """A kind of up to eight fields, half of them unsure."""
    shape: dict[str, Field] = {}
    for place in range(choose.randint(1, 8)):
        unsure = choose.random() < 0.5
        made = (
            lambda: flag("flag", may_be_unknown=unsure),  # noqa: B023  # called in this turn of the loop
            lambda: number("number", may_be_unknown=unsure),  # noqa: B023
            lambda: word("word", of=choose.sample(WORDS, choose.randint(1, 5)), may_be_unknown=unsure),  # noqa: B023
        )
        shape[f"f{place}"] = choose.choice(made)()
    return type(FactKind)("Invented", (FactKind,), {"kind": "invented", **shape})


def invent_condition(choose: random.Random, kind: Any, depth: int) -> Condition:
    """A condition of up to so many levels."""
    if depth == 0 or choose.random() < 0.25:
        return invent_comparison(choose, choose.choice(kind.fields))
    parts = [invent_condition(choose, kind, depth - 1) for _ in range(choose.randint(2, 3))]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined & part if choose.random() < 0.5 else joined | part
    return ~joined if choose.random() < 0.3 else joined


def invent_comparison(choose: random.Random, field: Field) -> Condition:
    """One comparison of a field, or its opposite."""
    asked = field.asked if field.may_be_unknown else field
    if field.shape == "flag":
        found = choose.choice((asked.yes, asked.no))
    elif field.shape == "word":
        found = OPERATORS[choose.choice(("==", "!="))](asked, choose.choice(field.of))  # type: ignore[assignment]
    else:
        found = OPERATORS[choose.choice(list(OPERATORS))](asked, choose.choice(LINES))  # type: ignore[assignment]
    return ~found if choose.random() < 0.2 else found


def invent_rules(choose: random.Random, kind: Any) -> list[Rule]:
    """A book of up to forty rules, some with a step of severity and a case of good practice."""
    rules: list[Rule] = []
    for place in range(choose.choice((1, 5, 12, 40))):
        more = invent_condition(choose, kind, 1)
        rules.append(
            Rule(
                id=f"rule-{place}",
                title="t",
                looks_at=kind,
                when=invent_condition(choose, kind, choose.randint(0, 3)),
                steps={Severity.HIGH: more} if choose.random() < 0.3 else {},
                good_practice_when=more if choose.random() < 0.1 else None,
                subject="placement",
                severity=Severity.LOW,
                tell=("head",),
                clears="c",
                authority="design",
                source="s",
                evidence="read",
                says="s",
            )
        )
    return rules


def invent_values(choose: random.Random, kind: Any) -> tuple[Value, ...]:
    """A fact on, or right beside, the lines that conditions draw."""
    values: list[Value] = []
    for field in kind.fields:
        if field.may_be_unknown and choose.random() < 0.35:
            values.append(None)
        elif field.shape == "flag":
            values.append(choose.random() < 0.5)
        elif field.shape == "word":
            values.append(choose.choice(field.of))
        else:
            values.append(max(-(2**53), min(2**53, choose.choice(LINES) + choose.randint(-1, 1))))
    return tuple(values)


def by_three_values(rules: list[Rule], values: tuple[Value, ...]) -> set[str]:
    """What must be found, by the meaning of conditions alone."""
    found: set[str] = set()
    for rule in rules:
        truth = rule.when.evaluate(values)
        found |= {rule.id} if truth else set()
        found |= {f"{rule.id}?"} if truth is not False and rule.when.needs else set()
        for severity, more in rule.steps.items():
            found |= {f"{rule.id}:{severity.word}"} if truth and more.evaluate(values) else set()
        if rule.good_practice_when is not None and truth and rule.good_practice_when.evaluate(values):
            found.add(f"{rule.id}:good_practice")
    return found


def test_both_readings_find_what_the_conditions_mean(capsys: pytest.CaptureFixture[str]) -> None:
    """Each fact is judged by a whole book; a book too wide for the engine must be refused before anything is judged."""
    with capsys.disabled():
        print(f"\ndifferential: {FACTS} facts, OFFSITE_SEED={SEED}")
    choose, judged, fired, refused = random.Random(SEED), 0, 0, 0
    while judged < FACTS:
        kind = invent_kind(choose)
        rules = invent_rules(choose, kind)
        try:
            engine = DurableEngine(rules)
        except WrongCondition:
            refused += 1
            continue
        second = SecondReading(rules)
        for _ in range(FACTS_A_BOOK):
            values = invent_values(choose, kind)
            expected = by_three_values(rules, values)
            assert second.fired(kind, values) == expected, (SEED, kind.as_mapping(values))
            assert engine.fired(kind, values) == expected, (SEED, kind.as_mapping(values))
            judged, fired = judged + 1, fired + len(expected)
    with capsys.disabled():
        print(f"{judged} facts, {fired} firings, {refused} books refused")
    assert fired > judged  # else the invention invents nothing
