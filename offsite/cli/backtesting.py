"""`offsite backtest`: try a change of settings or rules on the school's own past."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.progress import Progress
from rich.table import Table

from offsite.case.loading import first_day_watched
from offsite.casework.backtest.compare import document
from offsite.casework.backtest.history import Candidate, Played, play_history
from offsite.casework.backtest.report import as_csv, as_html
from offsite.casework.keeping.installation import Installation
from offsite.casework.perform import school_id_of
from offsite.casework.refusals import Refused
from offsite.cli.edge import (
    DataOption,
    JsonOption,
    SchoolOption,
    err,
    errors_in_words,
    instant,
    json_text,
    now,
    opened,
    out,
    print_json,
)
from offsite.law.london import day_of
from offsite.law.parameters import SETTINGS, LooserThanLaw
from rules.book import BOOK


def backtest(
    first: Annotated[str | None, typer.Option("--from", help="First day; left out, the day the school began.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day, inclusive; left out, yesterday.")] = None,
    settings: Annotated[Path | None, typer.Option("--settings", help="YAML file of the settings to try.")] = None,
    enable: Annotated[list[str] | None, typer.Option("--enable", help="A rule that is off, switched on. Repeatable.")] = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="Look at this rule alone. Repeatable.")] = None,
    to_folder: Annotated[Path | None, typer.Option("--out", help="Folder for backtest.html, .csv and .json.")] = None,
    data: DataOption = None,
    school: SchoolOption = None,
    as_json: JsonOption = False,
) -> None:
    """Play the school's recorded history under today's book and a candidate: alerts gained, lost and moved, and the load.

    Nothing is written to the record and nobody is told.

    Examples:  offsite backtest --enable non-school-cap-proposed --out report      offsite backtest --settings try.yaml --json
    """
    with errors_in_words():
        candidate, tried = _candidate(settings, enable or [], only or [])
        installation = opened(data)
        played = _play(installation, installation.urn(school), _day(first, "from"), _day(last, "to"), candidate)
        found = document(played)
        if to_folder is not None:
            _write(to_folder, found, tried)
        if as_json:
            print_json(found)
        else:
            _print(found, tried)
            if to_folder is not None:
                out.print(f"Written: {to_folder / 'backtest.html'}, backtest.csv, backtest.json", markup=False, highlight=False)


def _candidate(file: Path | None, enable: list[str], only: list[str]) -> tuple[Candidate, str]:
    for field, names in (("enable", enable), ("only", only)):
        for name in names:
            if name not in BOOK:
                raise Refused(f"{field} is {name!r}, which is no rule; `offsite book` lists them.", field=field)
    for name in enable:
        if BOOK[name].authority != "proposed":
            raise Refused(f"enable is {name!r}, which is on already; allowed: a rule that is proposed.", field="enable")
    wanted: dict[str, Any] = {}
    if file is not None:
        try:
            wanted = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        except (OSError, yaml.YAMLError) as error:
            raise Refused(f"settings is {str(file)!r}, which cannot be read: {error}", field="settings") from None
    for key, value in wanted.items():
        if key not in SETTINGS:
            raise Refused(f"settings has {key!r}; allowed: {', '.join(SETTINGS)}.", field="settings")
        try:
            wanted[key] = SETTINGS[key].checked(value)
        except (ValueError, LooserThanLaw) as error:
            raise Refused(f"settings, {key}: {error}", field="settings") from None
    if enable:
        wanted["proposed_rules"] = "on"
    tried = ", ".join(f"{key} {value}" for key, value in wanted.items()) or "no change at all"
    return Candidate(wanted, frozenset(only) or None), tried


def _day(text: str | None, field: str) -> date | None:
    found = instant(text, field)
    return None if found is None else day_of(found)


def _play(installation: Installation, urn: str, first: date | None, last: date | None, candidate: Candidate) -> Played:
    with installation.database.reading() as session, Progress(console=err, transient=True) as bar:
        school_id = school_id_of(session, urn)
        began = first_day_watched(session, school_id)
        yesterday = date.fromordinal(day_of(now()).toordinal() - 1)
        begins, ends = max(first or began, began), last or yesterday
        if ends < begins:
            raise Refused(f"to is {ends}; allowed: from {begins} on, the day the record begins.", field="to")
        task = bar.add_task("playing the record", total=(ends - begins).days + 1)
        return play_history(
            session, school_id, begins, ends, candidate, lambda day: bar.update(task, completed=(day - begins).days)
        )


def _write(folder: Path, found: dict[str, Any], tried: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "backtest.html").write_text(as_html(found, tried), encoding="utf-8")
    (folder / "backtest.csv").write_text(as_csv(found), encoding="utf-8")
    (folder / "backtest.json").write_text(json_text(found), encoding="utf-8")


def _print(found: dict[str, Any], tried: str) -> None:
    out.print(f"From {found['from']} to {found['to']}. Tried: {tried}.", markup=False, highlight=False)
    table = Table("Rule", "Today", "Candidate", "Gained", "Lost", "Moved")
    for row in [*found["rules"], {"rule": "all", **found["total"]}]:
        table.add_row(row["rule"], *(str(row[name]) for name in ("today", "candidate", "gained", "lost", "moved")))
    out.print(table)
    load = [row for row in found["weeks"] if row["role"] == "dsl"]
    if load:
        busiest = max(load, key=lambda row: row["candidate"])
        out.print(f"The safeguarding lead's busiest week begins on {busiest['week']}: {busiest['candidate']} alerts, "
                  f"{busiest['today']} under today's book.", markup=False, highlight=False)  # fmt: skip


COMMANDS = {"backtest": backtest}
