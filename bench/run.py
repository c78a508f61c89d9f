"""Run all benchmarks and print them as ratios beside a baseline of the same run."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.synthetic import AT, make
from models.database import Database
from offsite.case.loading import load_cases, load_school
from offsite.casework.looking import look
from offsite.casework.rule_runner import RuleRunner
from offsite.casework.sweep import SHARD, sweep
from rules.book import BOOK
from rules.engine import DurableEngine
from rules.facts import facts_of_case
from rules.second_reading import SecondReading


def timed(work: Callable[[], object]) -> float:
    """Seconds a piece of work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def evaluation(database: Database) -> None:
    """One placement, all rules: through durable-rules and through the plain reading, nothing remembered."""
    with database.reading() as session:
        [case] = load_cases(session, load_school(session, 1), [1])
    facts = [(fact.kind, fact.values) for fact in facts_of_case(case, AT)]
    rules = tuple(BOOK.values())
    engine, plain, rounds = DurableEngine(rules), SecondReading(rules), 50
    both = timed(lambda: [engine.fired(*fact) for _ in range(rounds) for fact in facts])
    second = timed(lambda: [plain.fired(*fact) for _ in range(rounds) for fact in facts])
    per_engine, per_plain = both / rounds * 1000, second / rounds * 1000
    print(f"one placement, {len(rules)} rules, {len(facts)} facts, nothing remembered:")
    print(f"  durable-rules {per_engine:.2f} ms, plain reading {per_plain:.3f} ms: {both / second:.0f} times it")


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


def main() -> None:
    """Everything, smallest first."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small = make(folder, 1000)
        evaluation(small)
        thousand = sweeps(small, 1000)
        large = make(folder, 10_000)
        ten_thousand = sweeps(large, 10_000)
        print(f"ten times the placements take {ten_thousand / thousand:.1f} times as long")


if __name__ == "__main__":
    main()
