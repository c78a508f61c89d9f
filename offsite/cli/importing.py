"""`offsite import`: data of other systems."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from offsite.casework.import_marks import Imported, import_marks
from offsite.cli.edge import (
    USAGE,
    WRONG,
    DataOption,
    JsonOption,
    SchoolOption,
    err,
    errors_in_words,
    now,
    opened,
    out,
    print_json,
)
from offsite.exchange.marks import UnreadableFile, read_marks

app = typer.Typer(no_args_is_help=True, help="Read files of other systems.")


@app.callback()
def _subcommands() -> None:
    """Read files of other systems."""


@app.command("marks")
def marks(
    file: Annotated[Path, typer.Argument(help="CSV: pupil, day, session, register, code, activity, reason")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be refused; enter nothing.")] = False,
    by: Annotated[str | None, typer.Option("--by", help="Who brings them.")] = None,
    data: DataOption = None,
    school: SchoolOption = None,
    as_json: JsonOption = False,
) -> None:
    """Enter attendance marks from a CSV file; each row is entered or refused by itself, and never twice.

    Example:  offsite import marks registers.csv --dry-run
    """
    with errors_in_words():
        installation = opened(data)
        try:
            lines = list(read_marks(file))
        except (FileNotFoundError, UnicodeDecodeError, UnreadableFile) as error:
            err.print(str(error), style="bold red", markup=False)
            raise typer.Exit(USAGE) from None
        with Progress(console=err, transient=True) as progress:
            bar = progress.add_task("Entering marks", total=len(lines))
            done = import_marks(
                installation.database,
                installation.key_file,
                installation.urn(school),
                lines,
                now(),
                installation.rules,
                by=by or installation.settings.by,
                dry_run=dry_run,
                progress=lambda count: progress.advance(bar, count),
            )
        _tell(done, dry_run, as_json)
        if done.refused:
            raise typer.Exit(WRONG)


def _tell(done: Imported, dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json({"entered": 0 if dry_run else done.entered, "would_enter": done.entered if dry_run else None,
                    "already_there": done.already_there, "refused": [r._asdict() for r in done.refused]})  # fmt: skip
        return
    verb = "would be entered" if dry_run else "entered"
    out.print(f"{done.entered} marks {verb}, {done.already_there} were there already, {len(done.refused)} refused.")
    for refused in done.refused:
        out.print(f"  line {refused.line}: {refused.why}", markup=False, highlight=False)


APPS = {"import": app}
