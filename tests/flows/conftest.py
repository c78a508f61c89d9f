"""Hilltop School with one placement, entered by commands, and one Prefect server for the session, in its own folder."""

import os
import tempfile
from datetime import UTC, datetime
from typing import Any

os.environ.update(
    PREFECT_HOME=tempfile.mkdtemp(prefix="offsite-prefect-"),
    PREFECT_SERVER_ANALYTICS_ENABLED="false",
    DO_NOT_TRACK="1",
    PREFECT_LOGGING_LEVEL="INFO",
    PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW="ignore",
)

import pytest
from prefect.testing.utilities import prefect_test_harness
from sqlalchemy import select

import models.tables
from flows import dispatch, intake, sweep
from models.database import Database
from models.encrypted_text import KeyFile
from offsite.casework.command import Said, commands
from offsite.casework.keeping.installation import Installation
from offsite.casework.keeping.settings import Settings
from offsite.casework.perform import perform

URN = "100001"
BEGINS = datetime(2026, 11, 2, 9, tzinfo=UTC)
SCHOOL: list[tuple[str, dict[str, Any]]] = [
    (
        "set_up_school",
        {
            "name": "Hilltop School",
            "urn": URN,
            "kind": "maintained",
            "local_authority": "Buckinghamshire",
            "half_terms": [
                {"first": "2026-09-02", "last": "2026-10-23"},
                {"first": "2026-11-02", "last": "2026-12-18"},
                {"first": "2027-01-04", "last": "2027-02-12"},
                {"first": "2027-02-22", "last": "2027-03-25"},
            ],
            "closed": [],
            "sessions": {"am": ["08:45", "12:15"], "pm": ["13:10", "15:15"]},
        },
    ),
    ("add_person", {"id": "clerk1", "roles": ["clerk"], "name": "Chris Moss", "email": "clerk@hilltop.example"}),
    ("add_person", {"id": "dsl1", "roles": ["dsl"], "name": "Dana Silva", "email": "dana@hilltop.example"}),
    ("add_person", {"id": "head1", "roles": ["head", "senco"], "name": "Hester Lane", "email": "head@hilltop.example"}),
    (
        "add_pupil",
        {
            "id": "ana",
            "name": "Ana Brook",
            "born": "2011-05-04",
            "parents": [{"id": "ana-m", "name": "Mo Brook", "email": "mo@home.example"}],
        },
    ),
    (
        "add_provider",
        {
            "id": "centre",
            "name": "The Workshop",
            "kind": "non_school",
            "sites": [{"id": "main", "address": "4 Mill Lane"}],
            "checks": "all_verified_until 2027-08-31",
            "safeguarding_confirmation": {"status": "verified", "valid_until": "2027-08-31"},
        },
    ),
    (
        "propose_placement",
        {
            "placement": "p1",
            "pupil": "ana",
            "provider": "centre",
            "site": "main",
            "purpose": "improve_behaviour",
            "tried": ["mentoring"],
            "reasons": "repeated disruption",
            "start": "2026-11-16",
            "days": 30,
            "sessions": "full_time",
        },
    ),
    ("determine", {"placement": "p1", "minute": "2026/14"}),
    ("schedule_review", {"review": "r1", "placement": "p1", "meets": "2026-11-30"}),
]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The installation the flows find, with Hilltop School in it. `here.say` carries out a command."""
    opened = Installation(tmp_path, Settings(), Database(f"sqlite:///{tmp_path}/offsite.db"), KeyFile.throwaway())
    with opened.database.engine.begin() as connection:
        models.tables.metadata.create_all(connection)
    for at_name, fields in SCHOOL:
        say(opened, at_name, fields)
    monkeypatch.setattr(Installation, "current", classmethod(lambda cls: opened))
    yield opened
    opened.database.close()


def say(opened: Installation, name: str, fields: dict[str, Any], at: datetime = BEGINS) -> None:
    """Carry out a command."""
    said = Said(commands()[name].model_validate(fields), at)
    perform(opened.database, opened.key_file, URN, said, opened.rules)


@pytest.fixture
def command(here):
    """Carry out a command at the school."""
    return lambda name, fields, at=BEGINS: say(here, name, fields, at)


@pytest.fixture
def rows(here):
    """All rows of a table."""

    def read(table: Any) -> list[Any]:
        with here.database.reading() as session:
            found = list(session.scalars(select(table).order_by(table.id)))
            session.expunge_all()
            return found

    return read


@pytest.fixture
def clock(monkeypatch):
    """Set the time that the flows believe it is."""

    def set_to(moment: datetime) -> datetime:
        from flows import closure, live, objectives, reintegration, review, set_up

        for flow_file in (live, set_up, objectives, review, reintegration, closure, sweep, dispatch, intake):
            monkeypatch.setattr(flow_file, "live_now", lambda: moment)
        for flow_file in (sweep, dispatch, intake):
            monkeypatch.setattr(flow_file, "scheduled_start", lambda: moment)
        return moment

    return set_to


@pytest.fixture(scope="session", autouse=True)
def prefect_server():
    """A real Prefect server in a folder of its own, once for all tests."""
    with prefect_test_harness(server_startup_timeout=90):
        yield
