"""One installation: a data folder with its settings, database, key file, outbox and channels.

DATA/offsite.toml   settings; anything in it may also come from the environment (OFFSITE_...)
DATA/offsite.db     the database, unless `database_url` names another
DATA/keys/          the key file: keep its backup apart from the database's
DATA/outbox/        messages as files, the default channel
DATA/prefect/       Prefect's own database, which holds no truth
"""

import os
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from sqlalchemy import select

from models.database import Database
from models.encrypted_text import KeyFile
from models.migrations import schema
from models.school import School
from offsite.casework.keeping.settings import DEFAULT_DATA, Settings, settings_file
from offsite.casework.watch.rule_runner import RuleRunner
from offsite.messages.channels import Channel


class NotInitialised(Exception):
    """There is no installation in the data folder."""


class SchoolNotNamed(Exception):
    """There are several schools, or none, and it was not said which is meant."""


@dataclass
class Installation:
    """An opened installation."""

    data: Path
    settings: Settings
    database: Database
    key_file: KeyFile

    @classmethod
    def open(cls, data: Path | None = None, *, any_schema: bool = False) -> "Installation":
        """Open the installation in `data` (left out: OFFSITE_DATA, else ./data).

        Raises NotInitialised, or SchemaOutdated unless `any_schema`.
        """
        folder = data or Path(os.environ.get("OFFSITE_DATA", DEFAULT_DATA))
        if not settings_file(folder).is_file():
            raise NotInitialised(
                f"there is no Offsite in {folder.resolve()} (no offsite.toml). "
                "Run `offsite init` for your school, `offsite demo` for a demonstration, or name the folder with --data."
            )
        settings = Settings.read(settings_file(folder))
        opened = cls(
            data=folder,
            settings=settings,
            database=Database(settings.database_url or f"sqlite:///{folder / 'offsite.db'}"),
            key_file=KeyFile.open(settings.key_file or folder / "keys" / "offsite.key"),
        )
        if not any_schema:
            schema.refuse_outdated(opened.database)
        return opened

    @classmethod
    def create(cls, data: Path, toml: str) -> "Installation":
        """Make a new installation: settings, an empty database at the newest schema, a new key file.

        Raises FileExistsError where there is one already.
        """
        if settings_file(data).exists():
            raise FileExistsError(f"there is an Offsite in {data.resolve()} already")
        data.mkdir(parents=True, exist_ok=True)
        os.chmod(data, 0o700)
        settings_file(data).write_text(toml, encoding="utf-8")
        opened = cls.open(data, any_schema=True)
        if opened.key_file.lost:
            KeyFile.make(opened.settings.key_file or data / "keys" / "offsite.key")
        schema.upgrade(opened.database)
        return cls.open(data)

    @classmethod
    def current(cls) -> "Installation":
        """The installation OFFSITE_DATA names, opened once a process."""
        return _current(os.environ.get("OFFSITE_DATA", str(DEFAULT_DATA)))

    @cached_property
    def rules(self) -> RuleRunner:
        """The rule book, ready to run; made on first use."""
        return RuleRunner()

    @cached_property
    def channels(self) -> dict[str, Channel]:
        """The channels messages leave by. A demonstration has files only."""
        return self.settings.messages.channels(self.data / "outbox", demo=self.settings.demo)

    def schools(self) -> list[str]:
        """URNs of the schools in it."""
        with self.database.reading() as session:
            return list(session.scalars(select(School.urn).order_by(School.id)))

    def urn(self, asked: str | None = None) -> str:
        """The school meant: the one asked for, the one in the settings, or the only one. Raises SchoolNotNamed."""
        known = self.schools()
        wanted = asked or self.settings.school or (known[0] if len(known) == 1 else None)
        if wanted is None or wanted not in known:
            shown = ", ".join(known) or "none yet"
            raise SchoolNotNamed(f"school is {wanted!r}; schools on record: {shown}. Name one with --school.")
        return wanted


@lru_cache(maxsize=4)
def _current(data: str) -> Installation:
    return Installation.open(Path(data))
