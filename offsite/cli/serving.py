"""`offsite serve`: the pages first, and kept up; Prefect and the worker after them.

Little is imported before the pages answer: what the rest needs takes as long to load as the pages do.
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import typer
from pydantic import ValidationError

from deployments.alone import ServedAlready, alone
from deployments.pages import Pages
from offsite.casework.keeping.settings import DEFAULT_DATA, PagesSettings, Settings, settings_file
from offsite.cli.options import DataOption, err, out


def serve(data: DataOption = None) -> None:
    """Start the pages, Prefect's server, the worker and the watchdog, and keep them running until Ctrl-C."""
    with pages_up(data or DEFAULT_DATA) as stop:
        from offsite.cli.running import serve_flows

        serve_flows(data, stop)


@contextmanager
def pages_up(data: Path) -> Iterator[threading.Event]:
    """The pages of an installation, kept up for as long as the block runs, which ends when the event is set: by Ctrl-C.

    Where there is no installation, or its settings are wrong, there are no pages: the block says so in words.
    """
    stop = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: stop.set())
    wanted = wanted_of(data)
    if wanted is None:
        yield stop
        return
    with _alone(data):
        pages = pages_of(data, wanted)
        if pages.port != wanted.port:
            err.print(f"Port {wanted.port} is taken by another program, so the pages are elsewhere; links in messages and "
                      f"letters still name {wanted.port}.", style="bold red", highlight=False, soft_wrap=True)  # fmt: skip
        keeper = threading.Thread(target=_keep_up, args=(pages, stop), name="pages", daemon=True)
        try:
            if pages.start(dict(os.environ)):
                out.print(f"Pages: {pages.url}", highlight=False, soft_wrap=True)
            else:
                err.print(f"The pages did not start; see {pages.child.log}", style="bold red", highlight=False)
            keeper.start()
            yield stop
        finally:
            stop.set()
            keeper.join()
            pages.stop()
    out.print("Stopped; nothing is lost.", highlight=False)


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    try:
        with alone(data):
            yield
    except ServedAlready as refused:
        err.print(str(refused), style="bold red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None


def pages_of(data: Path, wanted: PagesSettings) -> Pages:
    """The pages of a data folder, as its settings want them."""
    proxies = [str(each) for each in wanted.trusted_proxies]
    return Pages(data, wanted.host, wanted.port, wanted.workers, proxies=proxies)


def wanted_of(data: Path) -> PagesSettings | None:
    """What its settings say of the pages; None where there is no installation, or they are wrong."""
    if not settings_file(data).is_file():
        return None
    with suppress(ValidationError):
        return Settings.read(settings_file(data)).pages
    return None


def _keep_up(pages: Pages, stop: threading.Event) -> None:
    """Start the pages again whenever they die, whatever else happens meanwhile."""
    while not stop.wait(1.0):
        if pages.tend(dict(os.environ)):
            err.print(f"The pages have died and are started again; their log: {pages.child.log}", style="red")


COMMANDS = {"serve": serve}
