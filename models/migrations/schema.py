"""The schema of a database: bring it up to date, or say how old it is."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from models.database import Database
from models.tables import metadata


class SchemaOutdated(Exception):
    """The database is not at the schema this version of Offsite needs."""


def newest() -> str:
    """The revision this version of Offsite needs."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def current(database: Database) -> str | None:
    """The revision a database is at; None for an empty one."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database) -> None:
    """Apply every migration that is missing, in one transaction where the database can."""
    config = _config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def refuse_outdated(database: Database) -> None:
    """Raise SchemaOutdated, with the command that helps, unless the database is up to date."""
    found, wanted = current(database), newest()
    if found != wanted:
        raise SchemaOutdated(
            f"the database is at schema {found or 'none'}, this version of Offsite needs {wanted}. "
            "Make a backup (offsite backup), then run: offsite upgrade"
        )


def drift(database: Database) -> list[str]:
    """What the tables in the code have that the migrations do not, or the other way round; nothing where in step."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(found) for found in compare_metadata(context, metadata)]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
