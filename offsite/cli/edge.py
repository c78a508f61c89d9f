"""The edge: where the clock is read, the installation opened and errors turned into words and exit codes.

Exit codes: 0 done; 1 something was found wrong (a failed check, a broken chain, an unhealthy installation); 2 the command
line was not understood; 3 refused, nothing changed; 4 a conflict with somebody else's change; 5 no installation, or not
in order; 6 a text that cannot be decrypted.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import typer
from pydantic import ValidationError

from models.encrypted_text import TextUnreadable
from models.migrations.schema import SchemaOutdated
from offsite.casework.keeping.backup import BackupFailed
from offsite.casework.keeping.installation import Installation, NotInitialised, SchoolNotNamed
from offsite.casework.refusals import Refused
from offsite.casework.replay.play import in_words
from offsite.casework.replay.scenario import ScenarioError, moment
from offsite.cli.options import DataOption as DataOption
from offsite.cli.options import JsonOption as JsonOption
from offsite.cli.options import SchoolOption as SchoolOption
from offsite.cli.options import err as err
from offsite.cli.options import out as out
from offsite.law.calendars import CalendarTooShort
from offsite.law.london import LONDON
from offsite.letters.pdf import PdfUnavailable

WRONG, USAGE, REFUSED, CONFLICT, NOT_READY, UNREADABLE = 1, 2, 3, 4, 5, 6


def now() -> datetime:
    """The time, in UTC. The one place of the command line that reads the clock."""
    return datetime.now(UTC)


def opened(data: Path | None) -> Installation:
    """The installation in the data folder; it becomes the one that flows of this process use."""
    installation = Installation.open(data)
    os.environ["OFFSITE_DATA"] = str(installation.data)
    return installation


def instant(text: str | None, field: str) -> datetime | None:
    """A London time given on the command line; a bare date means 09:00."""
    if text is None:
        return None
    try:
        return moment(text)
    except ValueError:
        raise Refused(f'{field} is {text!r}; allowed: a day, 2026-11-16, or a London time, "2026-11-16 08:30".') from None


def print_json(document: Any) -> None:
    """One JSON document on standard output."""
    print(json_text(document))


def json_text(document: Any) -> str:
    """A document as JSON; instants in UTC, days in ISO form."""
    return json.dumps(document, indent=2, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def london(at: datetime) -> str:
    """An instant as people here read it: Tue 24 Nov 2026 09:45."""
    return f"{at.astimezone(LONDON):%a %-d %b %Y %H:%M}"


@contextmanager
def errors_in_words() -> Iterator[None]:
    """Turn what can go wrong into one sentence on standard error and an exit code."""
    try:
        yield
    except Refused as refused:
        _stop(f"Refused, nothing changed: {refused}", refused.exit_code)
    except ValidationError as error:
        _stop(f"Refused, nothing changed: {in_words(error)}", REFUSED)
    except (NotInitialised, SchemaOutdated, SchoolNotNamed) as error:
        _stop(str(error), NOT_READY)
    except TextUnreadable as error:
        _stop(str(error), UNREADABLE)
    except CalendarTooShort as error:
        _stop(f"{error}. Enter the school's terms: offsite do set_up_school --help", REFUSED)
    except ScenarioError as error:
        _stop(str(error), USAGE)
    except (BackupFailed, PdfUnavailable) as error:
        _stop(str(error), WRONG)


def _stop(message: str, code: int) -> None:
    err.print(message, style="bold red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)
