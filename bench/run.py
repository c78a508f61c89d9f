"""Run all benchmarks and print them as ratios beside a baseline of the same run."""

import gc
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.other_engines import OTHERS, Finder, by_kind
from bench.synthetic import AT, make
from models.database import Database
from models.encrypted_text import KeyFile, Texts
from offsite.case.loading import load_cases, load_school
from offsite.casework.watch.looking import look
from offsite.casework.watch.rule_runner import RuleRunner
from offsite.casework.watch.sweep import SHARD, sweep
from offsite.letters.packs.review_pack import draft_review_pack
from offsite.letters.pdf import as_pdf
from rules.book import BOOK
from rules.engine import DurableEngine
from rules.facts import facts_of_case
from rules.judge import Fact, Judge
from rules.second_reading import SecondReading


def timed(work: Callable[[], object]) -> float:
    """Seconds a piece of work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def evaluation(database: Database) -> None:
    """All rules on the facts of a hundred placements: durable-rules with the second reading beside it, as in every
    evaluation; the second reading alone; and the same conditions in other engines. Same facts, same findings, one run."""
    with database.reading() as session:
        cases = load_cases(session, load_school(session, 1), range(1, 101))
        facts = [(fact.kind, fact.values) for case in cases for fact in facts_of_case(case, AT)]
    del cases
    gc.collect()
    gc.freeze()
    rules = tuple(BOOK.values())
    engine, plain = DurableEngine(rules), SecondReading(rules)
    named = by_kind(rules)
    ours: dict[str, Finder] = {
        "durable-rules and second reading": lambda kind, values: engine.fired(kind, values) | plain.fired(kind, values),
        "second reading alone": plain.fired,
    }
    finders = ours | {name: make(named) for name, make in OTHERS.items()}
    sweep_facts = [fact for fact in facts if fact[0] in named]
    for what, some in (
        ("facts as a sweep meets them", sweep_facts),
        ("one of each kind", list(dict(sweep_facts).items()) * 100),
    ):
        evaluations = sum(len(named[kind]) for kind, _ in some)
        expected = [plain.fired(*fact) for fact in some]
        print(f"{what}: {len(some)} facts, {evaluations} evaluations (a statement of one of {len(rules)} rules on a fact)")
        for name, find in finders.items():
            found: list[frozenset[str]] = []
            seconds = timed(lambda find=find, found=found, some=some: found.extend(find(*fact) for fact in some))  # type: ignore[misc]
            assert found == expected, f"{name} finds something else"
            print(f"  {name:34} {evaluations / seconds:12,.0f} evaluations a second")
    judge = Judge(rules)
    whole = [Fact(kind, values, "", AT.date(), False, dict) for kind, values in sweep_facts]
    ours_once = timed(lambda: judge.judge(whole))
    zen = timed(lambda: [finders["zen-engine"](*fact) for fact in sweep_facts])
    print(f"  over a real sweep, equal facts judged once: {zen / ours_once:.1f} times as fast as zen-engine, "
          f"{judge.evaluations} distinct facts of {len(whole)}")  # fmt: skip
    gc.unfreeze()


def sweeps(database: Database, placements: int) -> float:
    """A daily sweep, first and again; beside the sweep's own queries alone, and where the rest goes."""
    runner = RuleRunner()

    def queries() -> None:
        for first in range(1, placements + 1, SHARD):
            with database.reading() as session:
                load_cases(session, load_school(session, 1), range(first, min(first + SHARD, placements + 1)))

    alone = timed(queries)
    began = timed(lambda: sweep(database, runner, "daily", AT, slot=AT))
    again = timed(lambda: sweep(database, runner, "daily", AT.replace(minute=55), slot=AT.replace(minute=55)))
    with database.reading() as session:
        school = load_school(session, 1)
        cases = load_cases(session, school, range(1, min(SHARD, placements) + 1))
    share = placements / len(cases)
    facts = timed(lambda: [list(facts_of_case(case, AT)) for case in cases]) * share
    judging = timed(lambda: look(runner.judge, school, cases, AT, runner.rules, None)) * share
    print(f"sweep of {placements} placements, 60 school days of marks: {began:.1f} s, again {again:.1f} s "
          f"({again / alone:.1f} times its queries alone, {alone:.1f} s; deriving facts about {facts:.1f} s, "
          f"judging them about {max(judging - facts, 0):.1f} s)")  # fmt: skip
    return again


def packs(database: Database, placements: int = 10) -> None:
    """A review pack for one placement with sixty school days of marks: drafted, and made a PDF. The first of a process, and
    the middle one of several."""
    made: list[tuple[float, float]] = []
    with database.reading() as session:
        texts = Texts(session, KeyFile.throwaway(), 1)
        for case in load_cases(session, load_school(session, 1), range(1, placements + 1)):
            began = time.perf_counter()
            pack = draft_review_pack(case, f"r{case.id}", texts, AT)
            drafted = time.perf_counter()
            as_pdf(pack.html)
            made.append((drafted - began, time.perf_counter() - drafted))
    drafting, printing = sorted(made, key=sum)[placements // 2]
    print(f"review pack: drafted in {drafting * 1000:.0f} ms, a PDF in {printing * 1000:.0f} ms more; "
          f"the first of a process {sum(made[0]):.1f} s in all")  # fmt: skip


def main() -> None:
    """Everything, smallest first."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small = make(folder, 1000)
        packs(small)
        evaluation(small)
        thousand = sweeps(small, 1000)
        large = make(folder, 10_000)
        ten_thousand = sweeps(large, 10_000)
        print(f"ten times the placements take {ten_thousand / thousand:.1f} times as long")


if __name__ == "__main__":
    main()
