"""Options that many commands share, and where they print. Loads fast: `offsite serve` needs nothing else at first."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

out = Console()
err = Console(stderr=True)

DataOption = Annotated[
    Path | None,
    typer.Option("--data", envvar="OFFSITE_DATA", help="The data folder (left out: ./data).", show_default=False),
]
SchoolOption = Annotated[
    str | None, typer.Option("--school", help="URN of the school, where there are several.", show_default=False)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
