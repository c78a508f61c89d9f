"""Attendance marks from a CSV file: pupil, day, session, register, code, activity, reason.

Header names are read without regard to case; activity and reason may be left out. A row that cannot be read is refused by
itself, with its line number; the others are handed on.
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

COLUMNS = ("pupil", "day", "session", "register", "code")
OPTIONAL = ("activity", "reason")
Session = Literal["am", "pm"]
Register = Literal["home", "provider"]
SESSIONS: dict[str, Session] = {"am": "am", "pm": "pm"}
REGISTERS: dict[str, Register] = {"home": "home", "provider": "provider"}


class MarkLine(NamedTuple):
    """One row of the file."""

    line: int
    pupil: str
    day: date
    session: Session
    register: Register
    code: str
    activity: str | None
    reason: str | None


class RefusedLine(NamedTuple):
    """One row that was refused, and why. Names the line, the field and the value; no free text."""

    line: int
    why: str


class UnreadableFile(Exception):
    """The file is no CSV with the columns that are needed."""


def read_marks(path: Path) -> Iterator[MarkLine | RefusedLine]:
    """The rows of a file in order, each read or refused. Raises UnreadableFile, or FileNotFoundError."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        names = {name.strip().lower(): name for name in reader.fieldnames or ()}
        lacking = [column for column in COLUMNS if column not in names]
        if lacking:
            raise UnreadableFile(
                f"{path}: the columns {', '.join(lacking)} are missing; needed: {', '.join(COLUMNS)}, "
                f"and if you like {', '.join(OPTIONAL)}"
            )
        for row in reader:
            yield _line(reader.line_num, {key: (row.get(name) or "").strip() for key, name in names.items()})


def _line(number: int, row: dict[str, str]) -> MarkLine | RefusedLine:
    for column in COLUMNS:
        if not row[column]:
            return RefusedLine(number, f"{column} is empty")
    try:
        day = date.fromisoformat(row["day"])
    except ValueError:
        return RefusedLine(number, f"day is {row['day']!r}; allowed: a day such as 2026-11-16")
    session, register = SESSIONS.get(row["session"].lower()), REGISTERS.get(row["register"].lower())
    if session is None:
        return RefusedLine(number, f"session is {row['session']!r}; allowed: {', '.join(SESSIONS)}")
    if register is None:
        return RefusedLine(number, f"register is {row['register']!r}; allowed: {', '.join(REGISTERS)}")
    activity, reason = row.get("activity") or None, row.get("reason") or None
    return MarkLine(number, row["pupil"], day, session, register, row["code"], activity, reason)
