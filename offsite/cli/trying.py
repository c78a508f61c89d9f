"""`offsite replay`: play a case told as a file."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from offsite.casework.replay.answer import answer
from offsite.casework.replay.check import differences
from offsite.casework.replay.play import play
from offsite.casework.replay.scenario import read_scenario
from offsite.cli.edge import USAGE, WRONG, JsonOption, err, errors_in_words, out, print_json
from offsite.law.london import LONDON


def replay(
    file: Annotated[Path, typer.Argument(help="A scenario file (YAML).")],
    as_json: JsonOption = False,
    check: Annotated[bool, typer.Option("--check", help="Compare with the file's `expect`; 1 where it falls short.")] = False,
    settings: Annotated[
        Path | None, typer.Option("--settings", help="YAML file of settings, over the scenario's own: a what-if.")
    ] = None,
    rules: Annotated[
        str | None, typer.Option("--rules", help="Only these rules, by id, separated by commas: a what-if.")
    ] = None,
) -> None:
    """Play a scenario through the real commands and rules with the clock moved forward; nothing outside is touched.

    Examples:  offsite replay tests/scenarios/review-late.yaml --check      offsite replay case.yaml --json
    """
    with errors_in_words():
        scenario = read_scenario(file)
        if settings is not None:
            changed = yaml.safe_load(settings.read_text(encoding="utf-8")) or {}
            scenario = scenario._replace(settings={**scenario.settings, **changed})
        try:
            played = play(scenario, only=[name.strip() for name in rules.split(",")] if rules else None)
        except ValueError as error:
            err.print(str(error), style="bold red", markup=False)
            raise typer.Exit(USAGE) from None
        document = answer(played)
        short = differences(scenario.expect, document) if check else []
        if as_json:
            print_json(document)
        elif check:
            out.print(f"{scenario.title}: {'as expected' if not short else 'not as expected'}", highlight=False)
        else:
            _print_timeline(document)
        console = err if as_json else out
        for sentence in short:
            console.print(f"  {sentence}", markup=False, highlight=False, soft_wrap=True)
        if short:
            raise typer.Exit(WRONG)


def _print_timeline(document: dict[str, Any]) -> None:
    out.print(f"[bold]{document['scenario']}[/bold]", highlight=False)
    for entry in document["timeline"]:
        at = datetime.fromisoformat(entry["at"]).astimezone(LONDON)
        because = f": {entry['because']}" if "because" in entry else ""
        place = f" ({entry['placement']})" if entry.get("placement") else ""
        out.print(f"{at:%a %d %b %Y %H:%M}  {entry['what']}{place}{because}  [{entry['by']}]", markup=False,
                  highlight=False, soft_wrap=True)  # fmt: skip
    for refused in document["refused"]:
        out.print(f"refused: event {refused['event']}: {refused['why']}", markup=False, highlight=False)
    for placement in document["placements"]:
        out.print(f"{placement['placement']}: stage {placement['stage']}, period ends {placement['period_ends']}",
                  markup=False, highlight=False)  # fmt: skip


COMMANDS = {"replay": replay}
