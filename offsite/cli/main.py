"""`offsite`: the whole command line, put together from one file a subject."""

import sys
from importlib import import_module

import typer

SUBJECTS = (
    "serving",
    "do",
    "importing",
    "reporting",
    "accounts",
    "setting_up",
    "running",
    "showing",
    "law",
    "book",
    "trying",
    "backtesting",
    "letters",
    "keeping",
)
"""Files of `offsite.cli` that have `COMMANDS`, or `APPS` with commands of their own, by name."""
HELP = (
    "Offsite: off-site directions, on time and watched over.\n\n"
    "New here? `offsite demo --exit` plays an invented school. Your own school: `offsite init`.\n\n"
    "Exit codes: 0 done, 1 something is wrong, 2 not understood, 3 refused (nothing changed), 4 conflict, "
    "5 not ready, 6 text unreadable."
)


def put_together(*subjects: str) -> typer.Typer:
    """The command line of some subjects."""
    app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help=HELP)
    app.callback()(lambda: None)  # without it a single command would lose its name
    for subject in subjects:
        module = import_module(f"offsite.cli.{subject}")
        for name, group in getattr(module, "APPS", {}).items():
            app.add_typer(group, name=name)
        for name, function in getattr(module, "COMMANDS", {}).items():
            app.command(name)(function)
    return app


def main() -> None:
    """The console script. `offsite serve` shows its first page in three seconds, so it waits for no other subject."""
    put_together(*(("serving",) if sys.argv[1:2] == ["serve"] else SUBJECTS))()


if __name__ == "__main__":
    main()
