"""The contract with durable-rules, line by line: the trap as the package has it, and that the adapter does not fall in.

A trap that kills or hangs its process is shown in a process of its own.
"""

import contextlib
import itertools
import random
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import durable.engine
import durable.lang
import pytest

from rules import engine
from rules.alternatives import alternatives
from rules.engine import DurableEngine, EngineFault, Ruleset
from rules.language import Condition, FactKind, flag, number, word
from rules.rule import Rule, Severity
from rules.second_reading import SecondReading, statements
from rules.two_valued import Two

RAW = """
import sys
from durable.engine import Host
class Quiet(Host):
    def _run(self): pass
host, fired = Quiet(), []
def rule(when, name="r"): return {"all": [{"m": when}], "run": lambda c: fired.append(name)}
"""
ROOT = Path(__file__).parents[2]


class Quiet(durable.engine.Host):
    """The package's host without its two endless timer threads, to show its traps in this process."""

    def _run(self) -> None:
        """Start nothing."""


HOST = Quiet()
_numbers = itertools.count()


class PlainFacts(FactKind):
    """A fact of every shape."""

    kind = "plain"
    green = flag("it is green")
    count = number("how many")
    late = number("days late", may_be_unknown=True)
    method = word("how", of=("post", "posted", "/", "none"))
    known = flag("it is known", may_be_unknown=True)


def rule(when: Condition, id: str = "the-rule", **more: Any) -> Rule:
    """A rule with the least words."""
    usual: dict[str, Any] = {
        "id": id,
        "title": "t",
        "looks_at": next(iter(when.leaves())).field.owner,
        "when": when,
        "subject": "placement",
        "severity": Severity.LOW,
        "tell": ("head",),
        "clears": "c",
        "authority": "design",
        "source": "s",
        "evidence": "read",
        "says": "s",
    }
    return Rule(**{**usual, **more})


def plain(green: bool = True, count: int = 0, late: int | None = None, method: str = "post", known: Any = None) -> Any:
    """A fact."""
    return PlainFacts.values(green=green, count=count, late=late, method=method, known=known)


def fired(when: Condition, *values: Any) -> frozenset[str]:
    """What durable-rules finds, through the adapter."""
    return DurableEngine([rule(when)]).fired(PlainFacts, *values)


def ruleset(*names: str) -> Ruleset:
    """A ruleset of its own, shared with no engine; each name holds where `green` is 1."""
    return Ruleset("own", [(name, frozenset({Two("is", name="green", value=1)})) for name in names])


def raw(code: str) -> "subprocess.CompletedProcess[str]":
    """Run code on the bare package, in a process that may die of it."""
    return subprocess.run([sys.executable, "-c", RAW + code], capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)


def bare(definition: dict[str, Any], *facts: dict[str, Any]) -> list[str]:
    """What the bare package fires, in this process, for facts of one session."""
    name, heard = f"bare_{next(_numbers)}", []
    rules = {key: {"all": [{"m": when}], "run": _hear(heard, key)} for key, when in definition.items()}
    HOST.register_rulesets({name: rules})
    for fact in facts:
        with contextlib.suppress(durable.engine.MessageNotHandledException, durable.engine.MessageObservedException):
            HOST.assert_fact(name, {"sid": name, **fact})
    return heard


def _hear(heard: list[str], name: str) -> Any:
    return lambda _context: heard.append(name)


# 1. Conditions come from our typed tree, never from the package's operators.


def test_1_the_packages_own_operators_drop_conditions():
    m = durable.lang.m
    dropped = ((m.amount > 1) and (m.colour == "red")).define()
    assert "amount" not in str(dropped)
    assert "amuont" in str((m.amuont > 1).define())  # a misspelling is never reported


def test_1_both_sides_of_and_count_in_ours():
    when = PlainFacts.green.yes & (PlainFacts.count > 1)
    assert [bool(fired(when, plain(green=g, count=c))) for g, c in ((True, 2), (True, 1), (False, 2))] == [1, 0, 0]


# 2. Rulesets by kind of fact, at most 30 rules each, of conjunctions alone.


def test_2_the_packages_or_multiplies_under_and():
    pairs = [{"$or": [{"$lt": {f"f{n}": 1}}, {"$lt": {f"f{n}": 2}}]} for n in range(6)]
    assert len(bare({"r": {"$and": pairs}}, {f"f{n}": 0 for n in range(6)})) == 64


def test_2_past_64_waiting_nodes_nothing_fires_and_deleting_the_session_kills():
    died = raw("""
host.register_rulesets({"o": {"r": rule({"$or": [{"$lt": {"a": n + 1}} for n in range(70)]})}})
try:
    host.assert_fact("o", {"sid": "1", "a": 0})
except Exception as error:
    print("refused", error, fired, flush=True)
host.delete_state("o", "1")
""")
    assert "refused" in died.stdout
    assert died.stdout.rstrip().endswith("[]")
    assert died.returncode < 0


def test_2_as_many_branches_of_our_rules_all_fire():
    count = PlainFacts.count
    rules = [rule((count > -n) | (count < 999 + n) | PlainFacts.green.yes, f"rule-{n}") for n in range(60)]
    assert DurableEngine(rules).fired(PlainFacts, plain()) == {f"rule-{n}" for n in range(60)}


def test_2_rulesets_hold_at_most_thirty_rules_with_the_canary():
    made = DurableEngine([rule(PlainFacts.count > n, f"rule-{n}") for n in range(1000, 1075)])
    sizes = [len(part.definition) for part in made._rulesets[PlainFacts]]
    assert sizes == [30, 30, 18]
    ruleset(*(f"r{n}" for n in range(29)))
    with pytest.raises(EngineFault, match="at most 30"):
        ruleset(*(f"r{n}" for n in range(30)))


# 3. The package's matcher itself, without its host: no threads, no clock.


def test_3_the_packages_host_leaves_endless_threads_ours_none():
    code = "import threading; {}; print(threading.active_count())"
    theirs = raw(code.format("Host(); import time; time.sleep(0.3)"))
    ours = raw(code.format("import rules.engine"))
    assert int(theirs.stdout) == 3
    assert ours.stdout.strip() == "1", ours.stderr


def test_3_engines_of_the_same_rules_share_their_rulesets():
    one, other = (DurableEngine([rule(PlainFacts.count > 77)]) for _ in range(2))
    assert one._rulesets == other._rulesets


def test_3_engines_of_other_rules_do_not_mix():
    one, other = DurableEngine([rule(PlainFacts.count > 5)]), DurableEngine([rule(PlainFacts.count > 7)])
    assert (one.fired(PlainFacts, plain(count=6)), other.fired(PlainFacts, plain(count=6))) == ({"the-rule"}, set())


# 4. Facts are flat and closed; what is unknown is a flag, never null.


@pytest.mark.parametrize("fact", [{"late": None, "x": 1}, {"x": 1}], ids=["null", "left out"])
def test_4_comparisons_with_null_or_nothing_are_all_false_in_the_package(fact):
    asked = {"!=": {"$neq": {"late": 1}}, "==": {"late": 1}, "<": {"$lt": {"late": 1}}, ">=": {"$gte": {"late": 1}}}
    assert bare({**asked, "x": {"x": 1}}, fact) == ["x"]


def test_4_unknown_is_possible_and_not_certain_for_either_side_of_a_line():
    for when in (PlainFacts.late.asked >= 1, PlainFacts.late.asked < 1, PlainFacts.late.asked != 1):
        assert fired(when, plain(late=None)) == {"the-rule?"}
    assert fired(PlainFacts.late.asked < 1, plain(late=0)) == {"the-rule", "the-rule?"}


def test_4_a_second_fact_of_one_id_is_lost_in_the_package():
    rules = {"seen": {"$ex": {"colour": 1}}, "red": {"colour": "red"}}
    assert bare(rules, {"id": "7", "colour": "green"}, {"id": "7", "colour": "red"}) == ["seen"]
    assert "red" in bare(rules, {"id": "7", "colour": "green"}, {"id": "8", "colour": "red"})


def test_4_our_facts_hold_no_identity():
    when = PlainFacts.green.no
    made = DurableEngine([rule(when)])
    assert [bool(made.fired(PlainFacts, plain(green=green))) for green in (True, False, False)] == [0, 1, 1]


def test_4_a_small_float_stops_the_package():
    with pytest.raises(Exception, match="error code"):
        bare({"r": {"$lt": {"a": 1}}}, {"a": 0.00001})
    with pytest.raises(ValueError, match="count"):
        fired(PlainFacts.count > 1, (True, 0.00001, None, "post", None))


@pytest.mark.parametrize("line", [-(2**53), -(2**53) + 1, -1, 0, 1, 2**31, 2**53 - 1, 2**53])
def test_4_whole_numbers_are_exact_up_to_2_to_the_53(line):
    made = DurableEngine([rule(PlainFacts.count >= line, "at-least"), rule(PlainFacts.count == line, "equal")])
    assert made.fired(PlainFacts, plain(count=line)) == {"at-least", "equal"}
    if line > -(2**53):
        assert made.fired(PlainFacts, plain(count=line - 1)) == set()
    if line < 2**53:
        assert made.fired(PlainFacts, plain(count=line + 1)) == {"at-least"}


def test_4_words_are_equal_as_wholes():
    asked = [rule(PlainFacts.method == text, f"rule-{n}") for n, text in enumerate(PlainFacts.method.of)]
    for n, text in enumerate(PlainFacts.method.of):
        assert DurableEngine(asked).fired(PlainFacts, plain(method=text)) == {f"rule-{n}"}


def test_4_names_that_mean_something_in_a_definition_are_safe_as_fields():
    names = "all any none count cap pri span run not m s c nex ex label chart running type name message facts exception"
    shape: dict[str, Any] = {name: number(name, may_be_unknown=True) for name in names.split()}
    odd: Any = type(FactKind)("Odd", (FactKind,), {"kind": "odd", **shape})
    made = DurableEngine([rule(field.asked >= 5, field.name.replace("_", "-")) for field in odd.fields])
    for place, field in enumerate(odd.fields):
        values = tuple(7 if n == place else 3 for n in range(len(odd.fields)))
        assert made.fired(odd, values) == {field.name, f"{field.name}?"}


# 5. What is absent is worked out before; the package sees comparisons and `$and`.


def test_5_definitions_hold_comparisons_and_conjunctions_alone():
    when = ~((PlainFacts.green.yes | (PlainFacts.late.asked > 3)) & (PlainFacts.method != "post")) | (PlainFacts.count == 1)
    part = DurableEngine([rule(when)])._rulesets[PlainFacts][0]
    for made in part.definition.values():
        assert made.keys() <= {"all", "pri"}
        assert [set(one) for one in made["all"]] == [{"m"}]
        assert not any(word in str(made) for word in ("$or", "$nex", "$not", "none", "span", "cap", "$m"))


def test_5_a_condition_that_never_holds_never_fires():
    when = (PlainFacts.count > 1) & (PlainFacts.count <= 1)
    assert [alternatives(when.certain()), fired(when, plain(count=1)), fired(when, plain(count=2))] == [
        (),
        set(),
        set(),
    ]


# 6. One evaluation is one fresh session, deleted; after a failed assert it is not touched.


def test_6_a_thousand_and_twenty_four_live_sessions_stop_the_package():
    died = raw("""
host.register_rulesets({"o": {"r": rule({"a": 1})}})
for n in range(1100):
    host.assert_fact("o", {"sid": str(n), "a": 1})
print("alive")
""")
    assert "alive" not in died.stdout
    assert died.returncode != 0


def test_6_more_evaluations_than_that_leave_no_session():
    made = DurableEngine([rule(PlainFacts.count > 1)])
    assert all(made.fired(PlainFacts, plain(count=n)) == ({"the-rule"} if n > 1 else set()) for n in range(1500))
    with pytest.raises(Exception, match="error code: 309"):  # no such session
        engine.CORE.get_state(made._rulesets[PlainFacts][0]._handle, str(next(engine._NUMBERS) - 1))


def test_6_an_evaluation_does_not_see_the_one_before():
    made = DurableEngine([rule(PlainFacts.green.yes & (PlainFacts.count == 1))])
    assert not made.fired(PlainFacts, plain(green=True, count=0))
    assert not made.fired(PlainFacts, plain(green=False, count=1))


class FailingCore:
    """A matcher whose asserts fail; it notes what it is asked."""

    def __init__(self, times: int, answer: int | None = None) -> None:
        """Fail so often, by an error or by an answer, then do as the real one does."""
        self.times, self.answer, self.asked = times, answer, []
        self.real = engine.CORE

    def __getattr__(self, name: str) -> Any:
        def ask(*given: Any) -> Any:
            self.asked.append(name)
            if name == "assert_fact" and self.times > 0:
                self.times -= 1
                if self.answer is not None:
                    return self.answer, 0
                raise RuntimeError("Could not assert fact, error code: 303")
            return getattr(self.real, name)(*given)

        return ask


@pytest.mark.parametrize(("answer", "said"), [(None, "303"), (1, "did not take the fact: 1"), (3, "did not take the fact: 3")])
def test_6_after_a_failed_assert_the_session_is_not_touched_and_the_ruleset_is_made_anew(monkeypatch, answer, said):
    made, core = ruleset("one"), FailingCore(1, answer)
    monkeypatch.setattr(engine, "CORE", core)
    before = made.name
    with pytest.raises(EngineFault, match=said):
        made.fired({"green": 1})
    assert core.asked == ["assert_fact", "create_ruleset"]
    assert made.name != before
    assert made.fired({"green": 1}) == {"one"}


def test_6_a_ruleset_that_keeps_failing_is_left_alone(monkeypatch):
    made, core = ruleset("one"), FailingCore(times=1000)
    monkeypatch.setattr(engine, "CORE", core)
    for _ in range(20):
        with pytest.raises(EngineFault):
            made.fired({"green": 1})
    assert core.asked.count("assert_fact") == engine.AT_MOST_FAULTS + 1


def test_6_a_session_that_is_lost_is_a_fault(monkeypatch):
    core = FailingCore(times=0)
    monkeypatch.setattr(core, "delete_state", lambda *_: 1 / 0, raising=False)
    made = ruleset("one")
    monkeypatch.setattr(engine, "CORE", core)
    with pytest.raises(EngineFault, match="lost the session"):
        made.fired({"green": 1})


# 7. There are no actions: the matcher says what fires until nothing is left; a name fired twice counts once.


def test_7_the_package_swallows_what_an_action_raises():
    done = raw("""
def fail(c): raise ValueError("lost")
host.register_rulesets({"o": {"r": {"all": [{"m": {"a": 1}}], "run": fail}}})
host.assert_fact("o", {"sid": "1", "a": 1})
print("no error;", "exception" in host.get_state("o", "1"))
""")
    assert done.stdout.strip() == "no error; True"


def test_7_the_packages_host_drops_what_a_slow_action_leaves(monkeypatch):
    """It gives an action ten seconds by the wall clock; after that it stops without a word. Ours asks no clock."""
    clock = itertools.count(0, 11)
    monkeypatch.setattr(durable.engine, "_unix_now", lambda: next(clock))
    assert len(bare({"one": {"a": 1}, "two": {"a": 1}}, {"a": 1})) < 2
    assert ruleset("one", "two").fired({"green": 1}) == {"one", "two"}


def test_7_a_matcher_that_never_ends_is_a_fault(monkeypatch):
    class Endless(FailingCore):
        def complete_and_start_action(self, *_given: Any) -> str:
            return '{"rule_0": {}}'

    made = ruleset("one")
    monkeypatch.setattr(engine, "CORE", Endless(times=0))
    with pytest.raises(EngineFault, match="31 rules fired of 2"):
        made.fired({"green": 1})


def test_7_an_or_fires_twice_in_the_package_and_once_in_ours():
    assert bare({"r": {"$or": [{"a": 1}, {"b": 1}]}}, {"a": 1, "b": 1}) == ["r", "r"]
    assert fired(PlainFacts.green.yes | (PlainFacts.count == 0), plain()) == {"the-rule"}


# 8. After each evaluation: the canary once and last, every name known; else EngineFault.


def hearing(monkeypatch: pytest.MonkeyPatch, made: Ruleset, *names: str) -> None:
    """Let the matcher fire these rules instead of its own."""
    monkeypatch.setattr(made, "_evaluate", lambda _fact: list(names))


@pytest.mark.parametrize(
    ("names", "said"),
    [
        pytest.param((), "canary .* 0 times", id="nothing fired"),
        pytest.param(("rule_0",), "canary .* 0 times", id="no canary"),
        pytest.param(("canary", "canary"), "canary .* 2 times", id="two canaries"),
        pytest.param(("canary", "rule_0"), "canary", id="the canary before another"),
        pytest.param(("rule_1", "canary"), "rule_1", id="a rule that is not known"),
    ],
)
def test_8_anything_else_is_a_fault(monkeypatch, names, said):
    made = ruleset("one")
    hearing(monkeypatch, made, *names)
    with pytest.raises(EngineFault, match=said):
        made.fired({"green": 1})


def test_8_a_name_fired_twice_counts_once(monkeypatch):
    made = ruleset("one")
    hearing(monkeypatch, made, "rule_0", "rule_0", "canary")
    assert made.fired({"green": 1}) == {"one"}


def test_8_the_canary_fires_after_all_others():
    made = ruleset(*(f"r{n}" for n in range(29)))
    fired = made._evaluate({"green": 1, "canary": 1, "sid": "own"})
    assert (len(fired), fired[-1]) == (30, "canary")
    assert made.definition["canary"]["pri"] == engine.LAST


def test_8_a_ruleset_recovers_from_a_fault(monkeypatch):
    made = ruleset("one", "two")
    with monkeypatch.context() as patched:
        patched.setattr(made, "_all_that_fires", lambda _state: [])
        with pytest.raises(EngineFault):
            made.fired({"green": 1})
    assert [made.fired({"green": green}) for green in (1, 0)] == [{"one", "two"}, set()]


def test_8_what_the_package_refuses_to_define_is_a_fault(monkeypatch):
    monkeypatch.setitem(engine.OPERATORS, ">", "$greater")
    with pytest.raises(EngineFault, match="refused"):
        DurableEngine([rule(PlainFacts.count > 123_456)])


# Beside the contract: several threads, and the names asked for.


def test_several_threads_hear_only_their_own():
    rules = [rule((PlainFacts.count > n) | (PlainFacts.late.asked < n), f"rule-{n}") for n in range(9)]
    made, second = DurableEngine(rules), SecondReading(rules)
    wrong: list[Any] = []

    def judge(seed: int) -> None:
        choose = random.Random(seed)
        for _ in range(200):
            values = plain(choose.random() < 0.5, choose.randint(-3, 9), choose.choice([None, 1, 5]))
            if made.fired(PlainFacts, values) != second.fired(PlainFacts, values):
                wrong.append(values)

    threads = [threading.Thread(target=judge, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_every_statement_has_a_name_of_its_own():
    when = PlainFacts.late.asked > 1
    both = rule(when, steps={Severity.HIGH: PlainFacts.green.yes}, good_practice_when=PlainFacts.green.no)
    assert [statement.name for statement in statements([both])] == [
        "the-rule",
        "the-rule?",
        "the-rule:high",
        "the-rule:good_practice",
    ]
