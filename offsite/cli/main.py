"""`offsite`: the whole command line, put together from one file a subject."""

import typer

from offsite.cli import (
    accounts,
    backtesting,
    book,
    do,
    importing,
    keeping,
    law,
    letters,
    reporting,
    running,
    setting_up,
    showing,
    trying,
)

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Offsite: off-site directions, on time and watched over.\n\n"
    "New here? `offsite demo --exit` plays an invented school. Your own school: `offsite init`.\n\n"
    "Exit codes: 0 done, 1 something is wrong, 2 not understood, 3 refused (nothing changed), 4 conflict, "
    "5 not ready, 6 text unreadable.",
)
app.add_typer(do.app, name="do")
app.add_typer(importing.app, name="import")
app.add_typer(reporting.app, name="report")
for name_, group in accounts.APPS.items():
    app.add_typer(group, name=name_)
for module in (setting_up, running, showing, law, book, trying, backtesting, letters, keeping):
    for name, function in module.COMMANDS.items():
        app.command(name)(function)


def main() -> None:
    """The console script."""
    app()


if __name__ == "__main__":
    main()
