"""The plain reading, the judge that holds it against durable-rules, and the explanation of what they found."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules import judge as judging
from rules.book import BOOK
from rules.engine import EngineFault
from rules.explain import compared
from rules.judge import Fact, Judge
from rules.language import FactKind, Value, flag, number, threshold, word
from rules.rule import Rule, Severity, book_hash
from rules.second_reading import SecondReading

WED_25_NOV = date(2026, 11, 25)
MON_31_DEC_2012 = date(2012, 12, 31)
TUE_1_JAN_2013 = date(2013, 1, 1)


class ReviewFacts(FactKind):
    """A review, invented for these tests."""

    kind = "review"
    held = flag("the review was held")
    days_over = number("days past its day", unit="days", may_be_unknown=True)
    place = word("where", of=("school", "provider"))


LATE = Rule(
    id="review-late",
    title="A review is late",
    looks_at=ReviewFacts,
    when=ReviewFacts.held.no & (ReviewFacts.days_over.asked >= threshold(1, "review_days")),
    steps={Severity.CRITICAL: ReviewFacts.days_over.asked >= 15},
    subject="review",
    severity=Severity.MEDIUM,
    tell=("head", "clerk"),
    clears="the review is held",
    authority="law",
    source="SI 2010/1156 reg 4(1)(a)",
    evidence="read",
    under="osd",
    says="The review of {day} is late.",
)


class Stub:
    """An engine that answers, or fails, as it is told."""

    def __init__(self, answer: Callable[[tuple[Value, ...]], frozenset[str]]) -> None:
        """`answer` is given the values."""
        self.answer, self.asked = answer, 0

    def fired(self, kind: type[FactKind], values: tuple[Value, ...]) -> frozenset[str]:
        """What it was told to say."""
        self.asked += 1
        return self.answer(values)


def fault(_values: tuple[Value, ...]) -> frozenset[str]:
    """Fail as durable-rules may."""
    raise EngineFault("the canary did not sing")


def fact(held: Any = False, over: Any = 3, *, on: date = WED_25_NOV, vulnerable: bool = False, **context: Any) -> Fact:
    """A fact with a context for its sentence."""
    values = ReviewFacts.pack(held, over, "school")
    return Fact(ReviewFacts, values, "r1", on, vulnerable, lambda: context or {"day": "25 November"})


def severity(found: Fact, rule: Rule = LATE) -> Severity:
    """How loud the one finding is."""
    (finding,) = Judge([rule]).judge([found]).findings
    return finding.severity


@pytest.mark.parametrize(
    ("over", "names"),
    [
        (0, set()),
        (1, {"review-late", "review-late?"}),
        (15, {"review-late", "review-late?", "review-late:critical"}),
        (None, {"review-late?"}),
    ],
)
def test_the_plain_reading_names_what_holds(over, names):
    assert SecondReading([LATE]).fired(ReviewFacts, (False, over, "school")) == names


def test_a_finding_says_its_sentence():
    (finding,) = Judge([LATE]).judge([fact()]).findings
    assert finding.because() == "The review of 25 November is late."
    assert finding.found_by == "both readings"


def test_a_step_of_severity_is_reached_on_its_day():
    assert [severity(fact(over=over)) for over in (1, 14, 15)] == [Severity.MEDIUM, Severity.MEDIUM, Severity.CRITICAL]


def test_a_vulnerable_pupil_raises_by_one_step_critical_at_most():
    raised = replace(LATE, raise_if_vulnerable=True)
    assert severity(fact(vulnerable=True)) is Severity.MEDIUM
    assert severity(fact(vulnerable=True), raised) is Severity.HIGH
    assert severity(fact(over=20, vulnerable=True), raised) is Severity.CRITICAL


def test_what_is_unknown_is_said_to_be_missing_where_it_matters():
    unknown = Judge([LATE]).judge([fact(over=None)])
    assert [row.missing for row in unknown.cannot_tell] == [("days past its day",)]
    assert not unknown.findings
    assert not Judge([LATE]).judge([fact(held=True, over=None)]).cannot_tell


@pytest.mark.parametrize(("on", "found"), [(MON_31_DEC_2012, 1), (TUE_1_JAN_2013, 0)])
def test_a_duty_is_judged_by_the_law_of_the_day_of_its_event(on, found):
    by_regime, by_date = replace(LATE, regimes=("osd-2010",)), replace(LATE, in_force_to=MON_31_DEC_2012)
    assert len(Judge([by_regime]).judge([fact(on=on)]).findings) == found
    assert len(Judge([by_date]).judge([fact(on=on)]).findings) == found


def test_proposed_rules_speak_only_when_asked_for():
    off = replace(LATE, enabled=False)
    judge = Judge([off])
    assert not judge.judge([fact()]).findings
    assert judge.judge([fact()], rules=[off]).findings


def test_rules_of_one_clock():
    judge = Judge([LATE])
    assert judge.judge([fact()], clock="daily").findings
    assert not judge.judge([fact()], clock="quarter_hour").findings


def test_what_only_the_plain_reading_finds_stands_and_is_said():
    verdicts = Judge([LATE], engine=Stub(lambda _: frozenset())).judge([fact(), fact()])
    assert [finding.found_by for finding in verdicts.findings] == ["the plain reading alone"] * 2
    assert {difference.rule for difference in verdicts.differences} == {"review-late", "review-late?"}
    assert "'days_over': 3" in verdicts.differences[0].what


def test_what_only_durable_rules_finds_stands_and_is_said():
    verdicts = Judge([LATE], engine=Stub(lambda _: frozenset({"review-late", "review-late?"}))).judge([fact(over=0)])
    assert [finding.found_by for finding in verdicts.findings] == ["durable-rules alone"]
    assert verdicts.differences


def test_a_fault_of_the_engine_costs_no_finding_and_is_said_once():
    verdicts = Judge([LATE], engine=Stub(fault)).judge([fact(over=n) for n in range(10)])
    assert len(verdicts.findings) == 9
    assert [tuple(row) for row in verdicts.differences] == [("facts of kind review", "the canary did not sing")]


def test_equal_values_are_read_once_unless_the_readings_differ():
    right = SecondReading([LATE])
    good, bad = Stub(lambda values: right.fired(ReviewFacts, values)), Stub(lambda _: frozenset())
    for engine in (good, bad):
        Judge([LATE], engine=engine).judge([fact()] * 5)
    assert (good.asked, bad.asked) == (1, 5)


def test_memory_of_facts_is_bounded(monkeypatch):
    monkeypatch.setattr(judging, "REMEMBERED", 10)
    judge = Judge([LATE])
    judge.judge([fact(over=n) for n in range(95)])
    assert len(judge._remembered) <= 10


def test_a_mistaken_fact_is_said_clears_nothing_and_stops_no_other():
    verdicts = Judge([LATE]).judge([fact(held="no"), fact()])
    assert len(verdicts.findings) == 1
    assert "held is 'no'" in verdicts.differences[0].what
    assert [row.rule.id for row in verdicts.cannot_tell] == ["review-late"]


def test_a_sentence_that_cannot_be_made_costs_no_alert():
    (finding,) = Judge([LATE]).judge([fact(colour="red")]).findings
    assert finding.because() == "A review is late (no sentence could be made of it: KeyError: 'day')"


def test_the_context_is_asked_for_only_where_something_is_found():
    def never() -> dict[str, Any]:
        raise AssertionError

    quiet = Fact(ReviewFacts, ReviewFacts.pack(True, 3, "school"), "r1", WED_25_NOV, False, never)
    assert not Judge([LATE]).judge([quiet]).findings


def test_good_practice_where_the_law_does_not_bind_the_school():
    (finding,) = Judge([LATE]).judge([fact(on=date(2026, 7, 24))]).findings
    assert finding.authority("maintained") == "law"
    assert finding.authority("academy") == "good_practice"


def test_good_practice_in_the_cases_that_the_rule_names():
    rule = replace(LATE, good_practice_when=ReviewFacts.days_over.asked < 5)
    shown = [Judge([rule]).judge([fact(over=over)]).findings[0].authority("maintained") for over in (4, 5)]
    assert shown == ["good_practice", "law"]


def test_two_rules_of_one_id_and_two_kinds_of_one_name_are_refused():
    namesake: Any = type(FactKind)("Namesake", (FactKind,), {"kind": "review", "held": flag("held")})
    with pytest.raises(ValueError, match="share an id"):
        Judge([LATE, LATE])
    with pytest.raises(ValueError, match="share a name"):
        Judge([LATE, replace(LATE, id="other", looks_at=namesake, when=namesake.held.yes, steps={})])


def test_an_explanation_tells_the_values_what_they_met_and_whence_the_number_comes():
    (finding,) = Judge([LATE]).judge([fact(over=16)]).findings
    kept = finding.facts_shown()
    assert kept["found_by"] == "both readings"
    rows = list(compared(LATE, kept, date(2026, 11, 30)))
    assert [(row.field, row.value, row.operator, row.with_what, row.holds) for row in rows] == [
        ("held", False, "==", False, True),
        ("days_over", 16, ">=", 1, True),
        ("days_over", 16, ">=", 15, True),
    ]


def test_a_number_of_the_law_is_shown_as_it_stood_on_the_day():
    (finding,) = Judge([BOOK["location-unknown"]]).judge([location_unknown()]).findings
    rows = {row.field: row for row in compared(BOOK["location-unknown"], finding.facts_shown(), date(2026, 11, 30))}
    number = rows["minutes_since_start"].parameter
    assert number is not None
    assert (number.key, number.value, number.unit) == ("location_unknown", 120, "minutes")


def location_unknown():
    kind = BOOK["location-unknown"].looks_at
    values = kind.values(
        expected=True, provider_marked=False, cutoff_passed=True, minutes_since_start=125, absence_explained=False,
        contact_since=False, coded_there_but_absent=False,
    )  # fmt: skip
    return Fact(kind, values, "2026-11-30 am", date(2026, 11, 30), False, dict)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"id": "Review Late"}, "hyphens"),
        ({"title": " "}, "title"),
        ({"says": "Held {day.month}"}, "placeholder"),
        ({"says": "Held {}"}, "placeholder"),
        ({"tell": ("janitor",)}, "tell"),
        ({"tell": ()}, "tell"),
        ({"tell": ("head", "head")}, "twice"),
        ({"authority": "habit"}, "authority"),
        ({"evidence": "heard"}, "evidence"),
        ({"regimes": ("osd-1999",)}, "regimes"),
        ({"steps": {Severity.LOW: LATE.when}}, "louder"),
        ({"in_force_from": TUE_1_JAN_2013, "in_force_to": MON_31_DEC_2012}, "in force"),
    ],
)
def test_a_rule_that_misnames_something_is_refused(changed, named):
    with pytest.raises(ValueError, match=named):
        replace(LATE, **changed)


def test_a_rule_looks_at_its_own_kind_of_fact():
    other: Any = type(FactKind)("Other", (FactKind,), {"kind": "other", "held": flag("held")})
    with pytest.raises(ValueError, match="not at Other"):
        replace(LATE, when=other.held.yes)


def test_the_hash_of_the_book_changes_with_any_word_and_not_with_the_order():
    other = replace(LATE, id="other")
    same = book_hash([LATE, other])
    assert same == book_hash([other, LATE])
    for changed in ({"says": "Late: {day}."}, {"when": ReviewFacts.days_over.asked >= 2}, {"due": True}, {"steps": {}}):
        assert book_hash([replace(LATE, **changed), other]) != same


def test_a_rule_names_the_placeholders_of_its_sentence():
    assert LATE.placeholders == {"day"}
