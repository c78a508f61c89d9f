"""A sweep's queries a shard are constant, however many placements it holds."""

import pytest
from sqlalchemy import event

from bench.synthetic import AT, make
from offsite.case.loading import load_cases, load_school


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return make(tmp_path_factory.mktemp("synthetic"), 60)


def queries_for(database, placements):
    counted = []
    listener = lambda *args: counted.append(args[2])  # noqa: E731
    event.listen(database.engine, "before_cursor_execute", listener)
    with database.reading() as session:
        cases = load_cases(session, load_school(session, 1), range(1, placements + 1))
    event.remove(database.engine, "before_cursor_execute", listener)
    assert len(cases) == placements
    assert all(len(case.home_marks) == 119 for case in cases)
    return len(counted)


def test_one_placement_takes_as_many_queries_as_sixty(database):
    assert queries_for(database, 1) == queries_for(database, 60)


def test_the_bench_judges_a_day_on_its_calendar(database):
    with database.reading() as session:
        assert load_school(session, 1).school_days.is_school_day(AT.date())
