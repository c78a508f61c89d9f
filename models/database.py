"""The database: SQLite by default, PostgreSQL in earnest; one transaction to write, one snapshot to read.

On SQLite a writing transaction takes the write lock at its start (`BEGIN IMMEDIATE`), so two people acting at once
queue instead of failing half way; readers never wait (WAL). On PostgreSQL writers queue on the school's row
(`chronology.lock_school`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import StaticPool
from sqlalchemy.schema import MetaData

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_TIMEOUT_MS = 30_000


class Base(DeclarativeBase):
    """Every table of Offsite."""

    metadata = MetaData(naming_convention=NAMING)


class Database:
    """One database and how to talk to it: `reading()` for a snapshot, `writing()` for one transaction."""

    def __init__(self, url: str) -> None:
        """Open `url`, an SQLAlchemy address such as `sqlite:///data/offsite.db` or `postgresql+psycopg://...`."""
        self.url = url
        in_memory = url in ("sqlite://", "sqlite:///:memory:")
        options: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {}
        options["hide_parameters"] = True  # an error's text ends up in logs, and values are personal
        if url.startswith("sqlite"):
            options["connect_args"] = {"check_same_thread": False}
        else:
            options["isolation_level"] = "READ COMMITTED"  # writers queue on the school, then read what is newest
        self.engine: Engine = create_engine(url, **options)
        if self.engine.dialect.name == "sqlite":
            _prepare_sqlite(self.engine, in_memory)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session to read with; what it sees is one snapshot, and nothing it adds is kept."""
        engine = self.engine
        if engine.dialect.name == "postgresql":
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with Session(engine, autoflush=False) as session:
            yield session
            session.rollback()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: all of it is kept when the block ends, none of it when the block raises."""
        engine = self.engine.execution_options(offsite_writes=True)
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _prepare_sqlite(engine: Engine, in_memory: bool) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, below
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        if not in_memory:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")  # an alert that was told must survive a power cut
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("offsite_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
