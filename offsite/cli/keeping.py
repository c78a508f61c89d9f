"""`offsite verify`, `backup`, `restore`, `doctor`, `watchdog`: keeping the record whole and the machine honest."""

from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from sqlalchemy import select

from models import chronology
from models.school import School
from offsite.casework.keeping.backup import backup_database, backup_key, restore_database, restore_key
from offsite.casework.keeping.doctor import examine
from offsite.casework.keeping.installation import Installation
from offsite.casework.watch.watchdog import watch
from offsite.cli.edge import WRONG, DataOption, JsonOption, err, errors_in_words, now, opened, out, print_json
from offsite.messages.dispatch import send_critical_now

STYLE = {"ok": "green", "warning": "yellow", "wrong": "bold red"}


def verify(
    data: DataOption = None,
    head: Annotated[str | None, typer.Option("--head", help="A head printed earlier; must still be in the chain.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Check every school's chronology: names each event that was changed, removed or swapped; 1 where one was."""
    with errors_in_words():
        here = opened(data)
        document: list[dict[str, Any]] = []
        with here.database.reading() as session:
            for school in session.scalars(select(School).order_by(School.id)).all():
                broken = [found._asdict() for found in chronology.breaks(session, school.id)]
                number, newest = chronology.head(session, school.id)
                lost = head is not None and not chronology.has_hash(session, school.id, head)
                document.append({"school": school.urn, "events": number, "head": newest, "breaks": broken,
                                 "head_missing": lost})  # fmt: skip
        if as_json:
            print_json(document)
        for found in document:
            if as_json:
                break
            if not found["breaks"] and not found["head_missing"]:
                out.print(f"{found['school']}: {found['events']} events, whole; head {found['head']}", highlight=False)
            for one in found["breaks"]:
                out.print(f"{found['school']}: event {one['number']} {one['why']}", style="bold red", highlight=False)
            if found["head_missing"]:
                out.print(f"{found['school']}: the head {head} is in the chain no more: its end was cut off or rewritten",
                          style="bold red", highlight=False)  # fmt: skip
        if any(found["breaks"] or found["head_missing"] for found in document):
            raise typer.Exit(WRONG)


def backup(
    to: Annotated[Path, typer.Argument(help="File to write.")],
    key: Annotated[bool, typer.Option("--key", help="The key file instead of the database. Keep the two apart.")] = False,
    data: DataOption = None,
) -> None:
    """Back up the database, or with --key the key file. Keep the two in different places.

    Examples:  offsite backup /safe/offsite-2026-11-24.db      offsite backup --key /other/offsite.key
    """
    with errors_in_words():
        here = opened(data)
        if key:
            backup_key(here.key_file, to)
        else:
            backup_database(here.database, to)
        out.print(f"Written: {to}. {'Keep it apart from the database.' if key else 'It does not hold the key.'}",
                  highlight=False)  # fmt: skip


def restore(
    backup_file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup of the database, or with --key of the key.")],
    key: Annotated[bool, typer.Option("--key", help="Restore the key file.")] = False,
    data: DataOption = None,
) -> None:
    """Put a backup back. Stop `offsite serve` first; what was there is kept beside it."""
    with errors_in_words():
        here = Installation.open(data, any_schema=True)
        if key:
            restore_key(backup_file, here.settings.key_file or here.data / "keys" / "offsite.key")
        else:
            own = None if here.settings.database_url else here.data / "offsite.db"
            restore_database(here.database, backup_file, own)
        out.print("Restored. Check it: offsite verify, offsite doctor.")


def doctor(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Say what is set, missing or wrong; 1 where something is wrong."""
    with errors_in_words():
        here = Installation.open(data, any_schema=True)
        signs = examine(here, now())
        if as_json:
            print_json([sign._asdict() for sign in signs])
        else:
            for sign in signs:
                out.print(f"[{STYLE[sign.state]}]{sign.state:8}[/] ", end="")
                out.print(sign.what, markup=False, highlight=False, soft_wrap=True)
        if any(sign.state == "wrong" for sign in signs):
            raise typer.Exit(WRONG)


def watchdog(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Look once whether sweeps and dispatch run in time: raises an alert where not, pings the address of your choice
    where so. For a system timer, every five minutes; 1 where something is late."""
    with errors_in_words():
        here = opened(data)
        at = now()
        late = watch(here.database, at)
        send_critical_now(here.database, here.channels, at)
        pinged = _ping(here) if not late else None
        if as_json:
            print_json({"late": [job._asdict() for job in late], "pinged": pinged})
        else:
            for job in late:
                out.print(f"late: {job.job}, last finished {job.last or 'never'}", style="bold red", highlight=False)
            if not late:
                out.print(f"All in time.{' Pinged.' if pinged else ''}")
        if late or pinged is False:
            raise typer.Exit(WRONG)


def _ping(here: Installation) -> bool | None:
    if not here.settings.ping or here.settings.demo:
        return None
    try:
        httpx.get(here.settings.ping, timeout=20, follow_redirects=True).raise_for_status()
    except httpx.HTTPError as error:
        err.print(f"the ping failed: {type(error).__name__}", style="bold red")
        return False
    return True


COMMANDS = {"verify": verify, "backup": backup, "restore": restore, "doctor": doctor, "watchdog": watchdog}
