"""How conditions are written: what they mean, in three values, and what is refused while the rule book is imported."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from rules.alternatives import alternatives
from rules.language import Condition, FactKind, Value, WrongCondition, flag, number, threshold, word
from rules.second_reading import OPERATORS
from rules.two_valued import Two, compare, flat


class NoticeFacts(FactKind):
    """A notice, invented for these tests."""

    kind = "notice"
    determined = flag("the direction is determined")
    days_late = number("school days past the last lawful day", unit="school days", may_be_unknown=True)
    hours = number("hours a week")
    method = word("how it was given", of=("hand", "post", "email"))
    answered = flag("the parent answered", may_be_unknown=True)
    reason = word("why", of=("ill", "away"), may_be_unknown=True)


class OtherFacts(FactKind):
    """Another kind of fact."""

    kind = "other"
    determined = flag("something else is determined")


LATE = NoticeFacts.days_late.asked >= 1
ANSWERED = NoticeFacts.answered.asked.yes
POSTED = NoticeFacts.method == "post"


def notice(**changed: Value) -> tuple[Value, ...]:
    """A notice whose unknown fields are unknown, but for what is changed."""
    usual: dict[str, Value] = {"determined": True, "days_late": None, "hours": 10, "method": "post", "answered": None}
    return NoticeFacts.values(**{**usual, "reason": None, **changed})


def test_fields_are_known_by_name_and_place():
    assert [field.name for field in NoticeFacts.fields] == [
        "determined", "days_late", "hours", "method", "answered", "reason",
    ]  # fmt: skip
    assert [field.index for field in NoticeFacts.fields] == list(range(6))


def test_values_stand_in_field_order_whatever_the_order_given():
    assert notice(days_late=2) == (True, 2, 10, "post", None, None)
    assert NoticeFacts.as_mapping(notice(days_late=2))["days_late"] == 2


def test_pack_takes_values_as_they_come():
    assert NoticeFacts.pack(True, 2, 10, "post", None, None) == notice(days_late=2)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        pytest.param({"determined": 1}, "determined", id="a number for a flag"),
        pytest.param({"determined": None}, "determined", id="None where it is always known"),
        pytest.param({"hours": 1.0}, "hours", id="a float"),
        pytest.param({"hours": True}, "hours", id="a flag for a number"),
        pytest.param({"hours": 2**53 + 1}, "hours", id="too large"),
        pytest.param({"method": "pigeon"}, "hand, post, email", id="a word that is not of the list"),
        pytest.param({"colour": 1}, "colour", id="a field that is not of the kind"),
    ],
)
def test_what_is_no_fact_is_refused_by_name(changed, named):
    with pytest.raises(ValueError, match=named):
        notice(**changed)


def test_a_field_left_out_is_named():
    with pytest.raises(ValueError, match="days_late"):
        NoticeFacts.values(determined=True, hours=1, method="post", answered=None, reason=None)


@pytest.mark.parametrize(
    "name", ["id", "sid", "alias", "items", "define", "matches", "canary", "condition", "has_it", "values"]
)
def test_names_that_the_engine_or_we_use_are_refused(name):
    with pytest.raises(WrongCondition, match=name):
        type(FactKind)("Facts", (FactKind,), {"kind": "facts", name: flag("something")})


def test_a_kind_needs_a_name_and_a_field_and_inherits_none():
    with pytest.raises(WrongCondition, match="kind"):
        type(FactKind)("Facts", (FactKind,), {"given": flag("given")})
    with pytest.raises(WrongCondition, match="field"):
        type(FactKind)("Facts", (FactKind,), {"kind": "facts"})
    with pytest.raises(WrongCondition, match="inherits"):
        type(FactKind)("Facts", (NoticeFacts,), {"kind": "facts", "more": flag("more")})


@pytest.mark.parametrize("words", [(), ("a", "a"), ("é",), ("",), ('a"b',), ("a\\b",), ("a\nb",), "post"])
def test_words_are_different_printable_ascii(words):
    with pytest.raises(WrongCondition):
        word("how", of=words)


def test_a_misspelt_field_names_the_known_ones():
    with pytest.raises(AttributeError, match=r"days_latee.*days_late, hours"):
        _ = NoticeFacts.days_latee


WRONG: dict[str, Callable[[], object]] = {
    "and": lambda: POSTED and LATE,
    "or": lambda: POSTED or LATE,
    "not": lambda: not POSTED,
    "chained": lambda: 1 <= NoticeFacts.hours <= 5,
    "chained ==": lambda: NoticeFacts.method == "post" == "post",
    "in": lambda: NoticeFacts.hours in (1, 2),
    "if": lambda: 1 if NoticeFacts.determined else 2,
    "brackets forgotten": lambda: (NoticeFacts.hours >= 1) & NoticeFacts.determined.yes == True,  # noqa: E712
    "unasked number": lambda: NoticeFacts.days_late >= 1,
    "unasked flag": lambda: NoticeFacts.answered.yes,
    "unasked word": lambda: NoticeFacts.reason == "ill",
    "asked though known": lambda: NoticeFacts.hours.asked,
    "float": lambda: NoticeFacts.hours >= 1.5,
    "None": lambda: NoticeFacts.hours == None,  # noqa: E711
    "text for a number": lambda: NoticeFacts.hours == "1",
    "flag for a number": lambda: NoticeFacts.hours == True,  # noqa: E712
    "too large": lambda: NoticeFacts.hours < 2**53 + 1,
    "number for a word": lambda: NoticeFacts.method == 1,
    "order of words": lambda: NoticeFacts.method < "post",
    "no such word": lambda: NoticeFacts.method == "pigeon",
    "flag compared": lambda: NoticeFacts.determined == True,  # noqa: E712
    "flag of a number": lambda: NoticeFacts.hours.yes,
    "two fields": lambda: NoticeFacts.hours < NoticeFacts.hours,
    "a bare flag joined": lambda: POSTED & NoticeFacts.determined,
    "a bare flag first": lambda: NoticeFacts.determined & POSTED,
    "a bare flag negated": lambda: ~NoticeFacts.determined,
    "two kinds": lambda: POSTED & OtherFacts.determined.yes,
    "conditions compared": lambda: POSTED == LATE,
}


@pytest.mark.parametrize("write", WRONG.values(), ids=WRONG.keys())
def test_what_could_mean_something_else_raises(write):
    with pytest.raises(WrongCondition):
        write()


def test_two_kinds_of_the_same_class_name_are_still_two():
    namesake: Any = type(FactKind)("NoticeFacts", (FactKind,), {"kind": "notice", "hours": number("hours")})
    with pytest.raises(WrongCondition, match="one kind"):
        _ = POSTED & (namesake.hours > 1)


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("value", [9, 10, 11, None])
def test_comparison_and_its_opposite(operator, value):
    """Unknown stays unknown when it is denied: `!=` of the unknown is not true."""
    condition = OPERATORS[operator](NoticeFacts.days_late.asked, 10)
    found = condition.evaluate(notice(days_late=value))
    assert found is (None if value is None else compare(operator, value, 10))
    assert (~condition).evaluate(notice(days_late=value)) is (None if found is None else not found)


KLEENE = list(itertools.product((True, False, None), repeat=2))


@pytest.mark.parametrize(("left", "right"), KLEENE)
def test_joined_by_kleenes_logic(left, right):
    values = notice(days_late=None if left is None else int(left), answered=right)
    both = False if False in (left, right) else None if None in (left, right) else True
    either = True if True in (left, right) else None if None in (left, right) else False
    assert (LATE & ANSWERED).evaluate(values) is both
    assert (LATE | ANSWERED).evaluate(values) is either
    assert (~(LATE & ANSWERED)).evaluate(values) is (None if both is None else not both)


CONDITIONS = [
    LATE,
    ~LATE,
    ~ANSWERED & POSTED,
    (LATE | ANSWERED) & (NoticeFacts.hours > 5),
    ~((LATE & POSTED) | (NoticeFacts.reason.asked != "ill")),
    (LATE | POSTED) & (ANSWERED | (NoticeFacts.hours < 3)) & ~(NoticeFacts.reason.asked == "away"),
]


def holds(two: Two, fact: dict[str, int | str]) -> bool:
    """A two-valued condition read as it stands."""
    if two.joined == "is":
        return compare(two.operator, fact[two.name], two.value)
    return (all if two.joined == "and" else any)(holds(part, fact) for part in two.parts)


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.words())
def test_certain_and_possible_agree_with_the_three_values(condition: Condition):
    """Over flat facts, as they stand and as alternatives: certain is true, possible is true or unknown."""
    for days, hours, method, answered, reason in itertools.product(
        (None, 0, 1), (2, 6), ("hand", "post"), (None, True, False), (None, "ill", "away")
    ):
        values = notice(days_late=days, hours=hours, method=method, answered=answered, reason=reason)
        fact, truth = flat(NoticeFacts, values), condition.evaluate(values)
        for two, expected in ((condition.certain(), truth is True), (condition.possible(), truth is not False)):
            assert holds(two, fact) is expected
            assert any(all(holds(leaf, fact) for leaf in one) for one in alternatives(two)) is expected


def test_values_are_read_by_place_or_by_name():
    values = notice(days_late=3)
    assert LATE.evaluate(values) is LATE.evaluate(NoticeFacts.as_mapping(values)) is True


def test_flat_facts_tell_the_unknown_from_nothing():
    assert flat(NoticeFacts, notice(days_late=0)) == {
        "determined": 1, "has_days_late": 1, "days_late": 0, "hours": 10, "method": "post", "has_answered": 0,
        "answered": 0, "has_reason": 0, "reason": "",
    }  # fmt: skip


def test_needs_names_each_unsure_field_once():
    condition = (LATE | (NoticeFacts.days_late.asked == 0)) & POSTED & ANSWERED
    assert [field.name for field in condition.needs] == ["days_late", "answered"]


def test_missing_names_only_what_matters():
    assert (LATE & ANSWERED).missing(notice(days_late=1)) == ("answered",)
    assert (LATE & ANSWERED).missing(notice(days_late=0)) == ()
    assert ((LATE & (NoticeFacts.hours > 99)) | ANSWERED).missing(notice()) == ("answered",)


def test_words_tell_the_values_compared_and_the_parameter():
    condition = (NoticeFacts.days_late.asked >= threshold(1, "notice_days")) & NoticeFacts.determined.no
    assert condition.words() == (
        "school days past the last lawful day is at least 1 school days [notice_days]; and not: the direction is determined"
    )
    assert "(3) is at least 1" in condition.words(notice(days_late=3))
    assert "(not known) is at least 1" in condition.words(notice())


def test_a_threshold_compares_from_either_side():
    for condition in (NoticeFacts.hours >= threshold(10, "hours"), threshold(10, "hours") <= NoticeFacts.hours):
        assert condition.evaluate(notice()) is True
        assert next(iter(condition.leaves())).parameter == "hours"


def test_too_many_alternatives_are_refused_in_words():
    unsure = {f"f{i}": number(f"f{i}", may_be_unknown=True) for i in range(9)}
    kind: Any = type(FactKind)("Many", (FactKind,), {"kind": "many", **unsure})
    condition = kind.f0.asked > 1
    for field in kind.fields[1:]:
        condition &= field.asked > 1
    with pytest.raises(WrongCondition, match="alternatives over f0, f1"):
        alternatives(condition.possible())
    assert len(alternatives(condition.certain())) == 1


def test_alternatives_that_only_ask_for_more_are_left_out():
    between = (NoticeFacts.days_late.asked >= 1) & (NoticeFacts.days_late.asked <= 5)
    assert [len(one) for one in alternatives(between.possible())] == [1, 2]  # unknown; or both comparisons
