"""What Prefect stores of real runs, read from its own database: readable names, tags, artifacts; no personal word.

Every table and every column is looked through, logs and states too, for any personal word of the fixture.
"""

import asyncio
import sqlite3
import time
from datetime import UTC, datetime

import pytest
from prefect import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterName
from prefect.settings import get_current_settings

from flows.dispatch import dispatch_messages
from flows.intake import start_pending
from flows.objectives import agree_objectives
from flows.reintegration import assess_reintegration
from flows.review import governor_review
from flows.set_up import set_up_placement
from flows.starting import start_run
from flows.sweep import sweep_daily, sweep_quarter_hour

PERSONAL = ("Ana", "Brook", "Mo Brook", "ana-m", "mo@home", "Workshop", "Mill Lane", "disruption", "2011-05-04", "Moss")


STORED: dict[str, list[str]] = {}


@pytest.fixture
def stored(here, clock):
    """Run every flow through Prefect's engine, one of them to its failure; then read all that Prefect stored. Once."""
    if STORED:
        return STORED
    clock(datetime(2026, 11, 10, 6, tzinfo=UTC))

    async def run_all():
        await set_up_placement("100001", "p1")
        await agree_objectives("100001", "p1")
        await governor_review("100001", "p1", "r1", "outcome")
        await assess_reintegration("100001", "p1")
        await sweep_daily()
        await sweep_quarter_hour()
        await dispatch_messages()
        await start_pending(return_state=True)  # no deployment is served here: it fails, and says so

    asyncio.run(run_all())
    time.sleep(3)  # logs are sent in batches
    url = get_current_settings().server.database.connection_url.get_secret_value()
    STORED.update(all_words(url.partition("///")[2]))
    return STORED


def all_words(path):
    """Every row of every table, as text."""
    with sqlite3.connect(path) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: [str(row) for row in connection.execute(f'SELECT * FROM "{table}"')] for table in tables}


def test_no_personal_word_reaches_prefect(stored):
    everything = [(table, row) for table, rows in stored.items() for row in rows]
    found = [(word, table) for table, row in everything for word in PERSONAL if word in row]
    assert len(stored["flow_run"]) >= 8
    assert len(stored["log"]) >= 8
    assert found == []


def test_runs_are_named_and_tagged_for_people(stored):
    async def read():
        async with get_client() as client:
            named = FlowRunFilter(name=FlowRunFilterName(any_=["governor review r1, placement p1: outcome"]))
            return await client.read_flow_runs(flow_run_filter=named)

    tags = asyncio.run(read())[-1].tags
    assert set(tags) == {"placement:p1", "school:100001", "review:r1", "stage:review"}


def test_people_find_what_was_done_as_artifacts(stored):
    shown = " ".join(stored["artifact"])
    assert "# Placement p1: setup" in shown
    assert "drafted: notice p1" in shown
    assert "notice-due" in shown


def test_a_run_started_by_its_key_twice_is_started_once(here):
    """The key of a pending run."""

    async def start_twice():
        deployment = await set_up_placement.ato_deployment("set-up-placement")
        await deployment.aapply()
        parameters = {"school": "100001", "placement": "p1"}
        async with get_client() as client:
            return [await start_run(client, "set-up-placement/set-up-placement", parameters, "key-1") for _ in range(2)]

    first, second = asyncio.run(start_twice())
    assert first == second
