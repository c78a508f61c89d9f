"""Evaluations leave nothing behind: no memory, no thread, however many there are. OFFSITE_DIFFERENTIAL says how many."""

import gc
import os
import random
import threading
from datetime import date
from pathlib import Path

from rules.book import BOOK
from rules.facts import KINDS
from rules.judge import REMEMBERED, Fact, Judge

EVALUATIONS = int(os.environ.get("OFFSITE_DIFFERENTIAL", "200000"))
TODAY = date(2026, 11, 24)
AT_MOST = 24 * 1024
"""Kilobytes by which the process may grow once it is warm."""


def a_fact(kind, chance):
    """One of very many different facts of a kind with a number; what has none repeats itself and is remembered."""
    shapes = {"flag": lambda _: chance.random() < 0.5, "word": lambda field: chance.choice(field.of),
              "number": lambda _: chance.randrange(10**9)}  # fmt: skip
    values = tuple(shapes[field.shape](field) for field in kind.fields)
    return Fact(kind, values, "s", TODAY, False, dict)


def resident():
    """Kilobytes the process holds now; its peak would hide a leak behind whatever ran before."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") // 1024


def test_memory_stays_flat_and_no_thread_is_left(monkeypatch):
    monkeypatch.setattr("rules.judge.REMEMBERED", 2_000)
    assert REMEMBERED > 2_000
    chance, judge, threads = random.Random(20261124), Judge(tuple(BOOK.values())), threading.active_count()
    looking = {kind: sum(rule.looks_at is kind for rule in BOOK.values()) for kind in sorted(KINDS, key=lambda k: k.kind)}

    def judge_some(evaluations):
        done = 0
        while done < evaluations:
            for kind, count in looking.items():
                judge.judge([a_fact(kind, chance)])
                done += count

    judge_some(30_000)
    warm = resident()
    judge_some(EVALUATIONS)
    assert resident() - warm < AT_MOST
    assert threading.active_count() == threads
    assert judge.evaluations > EVALUATIONS / 10
