"""The chronology: append-only on both databases, and every tampering is found and named."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models import chronology
from models.school import School

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def database(database):
    """Five events of one school, on each database."""
    with database.writing() as session:
        session.add(School(id=1, urn="100001"))
        session.flush()
        for number in range(1, 6):
            chronology.append(
                session, school_id=1, kind="record_contact", by="dsl1", placement_id=None,
                happened_at=AT, recorded_at=AT, payload={"place": number},
            )  # fmt: skip
    return database


def tamper(database, *statements):
    with database.engine.begin() as connection:
        names = (
            ("DROP TRIGGER event_never_updated", "DROP TRIGGER event_never_deleted")
            if database.engine.dialect.name == "sqlite"
            else ("SET LOCAL session_replication_role = replica",)  # as one may who owns the server: no trigger looks
        )
        for statement in (*names, *statements):
            connection.execute(text(statement))


def broken(database):
    with database.reading() as session:
        return [found.number for found in chronology.breaks(session, 1)]


def test_an_untouched_chain_holds(database):
    assert broken(database) == []


@pytest.mark.parametrize("statement", ["UPDATE event SET by = 'head1'", "DELETE FROM event"])
def test_the_database_itself_refuses_to_change_or_remove_an_event(database, statement):
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.execute(text(statement))


def test_a_changed_event_is_named(database):
    tamper(database, "UPDATE event SET by = 'head1' WHERE number = 3")
    assert broken(database) == [3]


def test_a_removed_event_is_named(database):
    tamper(database, "DELETE FROM event WHERE number = 3")
    assert 3 in broken(database)


def test_swapped_events_are_named(database):
    tamper(
        database,
        "UPDATE event SET number = 99 WHERE number = 2",
        "UPDATE event SET number = 2 WHERE number = 4",
        "UPDATE event SET number = 4 WHERE number = 99",
    )
    assert {2, 4} <= set(broken(database))


def test_a_head_printed_earlier_is_missed_when_the_end_is_cut_off(database):
    with database.reading() as session:
        _, printed = chronology.head(session, 1)
    tamper(database, "DELETE FROM event WHERE number = 5")
    with database.reading() as session:
        assert not chronology.has_hash(session, 1, printed)
