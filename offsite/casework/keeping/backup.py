"""Backups: the database, and apart from it the key. Whoever has only one of the two can read no text about a child."""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

from models.database import Database
from models.encrypted_text import KeyFile


class BackupFailed(Exception):
    """A backup or restore could not be made; nothing was replaced."""


def backup_database(database: Database, to: Path) -> None:
    """Copy the database, whole and consistent, while others go on working. Raises BackupFailed."""
    if to.exists():
        raise BackupFailed(f"{to} exists already; choose another name")
    to.parent.mkdir(parents=True, exist_ok=True)
    if database.engine.dialect.name == "sqlite":
        with database.engine.connect() as source, sqlite3.connect(to) as target:
            raw = source.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            raw.backup(target)
    else:
        _postgres(["pg_dump", "--format=custom", f"--file={to}", _plain(database.url)])
    os.chmod(to, 0o600)


def restore_database(database: Database, backup: Path, sqlite_path: Path | None) -> None:
    """Put a backup in the database's place. Raises BackupFailed; the old SQLite file is kept beside as .before-restore."""
    if not backup.is_file():
        raise BackupFailed(f"{backup}: no such file")
    if database.engine.dialect.name != "sqlite" or sqlite_path is None:
        _postgres(["pg_restore", "--clean", "--if-exists", f"--dbname={_plain(database.url)}", str(backup)])
        return
    with sqlite3.connect(f"file:{backup}?mode=ro", uri=True) as found:
        if found.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise BackupFailed(f"{backup} is damaged")
        names = {row[0] for row in found.execute("SELECT name FROM sqlite_master")}
        if "event" not in names:
            raise BackupFailed(f"{backup} is no backup of Offsite")
    database.close()
    if sqlite_path.exists():
        shutil.copy2(sqlite_path, sqlite_path.with_name(sqlite_path.name + ".before-restore"))
    for leftover in ("-wal", "-shm"):
        sqlite_path.with_name(sqlite_path.name + leftover).unlink(missing_ok=True)
    partial = sqlite_path.with_name(sqlite_path.name + ".part")
    shutil.copy2(backup, partial)
    os.replace(partial, sqlite_path)


def backup_key(key_file: KeyFile, to: Path) -> None:
    """Copy the key file. Raises BackupFailed where it is lost, or `to` exists."""
    if key_file.lost:
        raise BackupFailed(f"the key file {key_file.where} is missing or damaged; there is nothing to back up")
    if to.exists():
        raise BackupFailed(f"{to} exists already; choose another name")
    to.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(Path(key_file.where).read_bytes())


def restore_key(backup: Path, to: Path) -> None:
    """Put a key file back. Raises BackupFailed where it is none; the old one is kept beside."""
    if not backup.is_file() or KeyFile.open(backup).lost:
        raise BackupFailed(f"{backup} is no key file")
    to.parent.mkdir(parents=True, exist_ok=True)
    if to.exists():
        shutil.copy2(to, to.with_name(to.name + ".before-restore"))
    shutil.copy2(backup, to)
    os.chmod(to, 0o600)


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _postgres(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise BackupFailed(f"{command[0]} is not installed; it comes with PostgreSQL's client programs") from None
    except subprocess.CalledProcessError as error:
        raise BackupFailed(f"{command[0]} failed: {error.stderr.strip()[-400:]}") from None
