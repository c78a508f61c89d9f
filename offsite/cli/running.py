"""`offsite sweep`, `offsite demo`, and what `offsite serve` runs once its pages are up."""

import os
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from offsite.casework.keeping.installation import Installation
from offsite.casework.outgoing import send_what_is_due
from offsite.casework.refusals import Refused
from offsite.casework.reports.sweeps_compared import compare_sweeps
from offsite.casework.watch.sweep import Swept, last_judged, sweep
from offsite.casework.watch.watchdog import watch
from offsite.cli.demo import DEMO_DATA, DEMO_PASSWORD, load_demonstration, school_day_shown, who_may_sign_in
from offsite.cli.edge import (
    DataOption,
    JsonOption,
    err,
    errors_in_words,
    instant,
    london,
    now,
    opened,
    out,
    print_json,
)
from offsite.cli.reporting import tell_odd
from offsite.cli.serving import pages_up
from offsite.law.london import day_of
from offsite.messages.dispatch import send_critical_now

WATCH_EVERY_SECONDS = 60.0
FIRST_WATCH_SECONDS = 300.0
"""A start is given this long to make up for a stop before anything counts as late."""


def sweep_once(
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Judge at this London time (left out: now); never before the last sweep."),
    ] = None,
    quarter_hour: Annotated[bool, typer.Option("--quarter-hour", help="Only the rules that depend on the hour.")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run the rules over all placements once, at once, and send what they raise.

    Examples:  offsite sweep      offsite sweep --as-of "2026-11-25 06:00"
    """
    with errors_in_words():
        here = opened(data)
        at, current = instant(as_of, "--as-of") or now(), now()
        if at > current:
            raise Refused(f"--as-of is {london(at)}, in the future; allowed: now, {london(current)}, or earlier.")
        with here.database.reading() as session:
            last = last_judged(session)
        if last is not None and at < last:
            if as_of is not None:
                raise Refused(f"--as-of is {london(at)}, before the last sweep, which judged at {london(last)}.")
            at = last
        swept = sweep(here.database, here.rules, "quarter_hour" if quarter_hour else "daily", at, now=now)
        send_critical_now(here.database, here.channels, now())
        if as_json:
            print_json(swept._asdict())
        else:
            tell_sweep(swept)
            with here.database.reading() as session:
                tell_odd(compare_sweeps(session, swept.clock, day_of(swept.judged_at)))


def tell_sweep(swept: Swept) -> None:
    """Say what a sweep did."""
    out.print(
        f"Judged at {london(swept.judged_at)}: {swept.placements} placements, {swept.raised} alerts raised, "
        f"{swept.worse} worse, {swept.cleared} cleared, {swept.cannot_tell} cannot be told.",
        highlight=False,
    )
    for rule, counts in sorted(swept.by_rule.items()):
        if counts["found"] or counts["cleared"] or counts["cannot_tell"]:
            out.print(f"  {rule:38} found {counts['found']:4}  cleared {counts['cleared']:4}  "
                      f"cannot tell {counts['cannot_tell']:4}  of {counts['looked_at']}", highlight=False)  # fmt: skip


def demo(
    data: Annotated[Path, typer.Option("--data", help="Folder of the demonstration.")] = DEMO_DATA,
    exit_: Annotated[bool, typer.Option("--exit", help="Show what happens, then end by itself.")] = False,
) -> None:
    """Play an invented school, laid around today, with everything running. It can never send real mail."""
    with errors_in_words():
        began = time.monotonic()
        here, loaded = load_demonstration(data, now())
        os.environ["OFFSITE_DATA"] = str(here.data)
        out.print(f"An invented school, laid around {school_day_shown(day_today())}: "
                  f"{'loaded' if loaded else 'there already, nothing is loaded twice'}.", highlight=False)  # fmt: skip

        def shown() -> bool:
            _tell_demo(here, time.monotonic() - began)
            return not exit_

        with pages_up(here.data) as stop:
            _serve_flows(here, shown, stop, finish_pending=True)


def day_today() -> date:
    """The day, as the clock on the machine has it."""
    return now().date()


def serve_flows(data: Path | None, stop: threading.Event) -> None:
    """Prefect's server, the worker and the watchdog of an installation, until `stop` is set."""
    with errors_in_words():
        _serve_flows(opened(data), lambda: True, stop)


def _serve_flows(here: Installation, started: Callable[[], bool], stop: threading.Event, finish_pending: bool = False) -> None:
    """The same; `started` is called once they run, and says whether to stay. Where Prefect does not start, the pages go on."""
    from deployments.embedded import ServerNotReady, running

    out.print("Starting Prefect's server and the worker ...", highlight=False)
    try:
        with running(here.data, here.settings.prefect_port, stop) as embedded:
            sign_in = embedded.password().partition(":")
            out.print(f"Prefect's page: {embedded.url} (sign in as {sign_in[0]}, password in "
                      f"{embedded.folder / 'password'})", highlight=False, soft_wrap=True)  # fmt: skip
            if finish_pending:
                _wait_for_flows(here, stop)
            if not stop.is_set() and started():
                out.print("Running. Ctrl-C stops everything.", highlight=False)
                watcher = threading.Thread(target=_watch, args=(here, stop), name="watchdog", daemon=True)
                watcher.start()
                while not stop.wait(1.0):
                    for name in embedded.tend():
                        err.print(f"{name} has died and is started again; its log: {embedded.folder}", style="red")
            out.print("Stopping ...", highlight=False)
    except ServerNotReady as error:
        if stop.is_set():
            return
        err.print(f"{error}. The pages go on without it, and say so.", style="bold red", markup=False)
        stop.wait()
        raise typer.Exit(1) from None


def _watch(here: Installation, stop: threading.Event) -> None:
    """The watchdog's thread: outside Prefect, on our own table."""
    wait = FIRST_WATCH_SECONDS
    while not stop.wait(wait):
        wait = WATCH_EVERY_SECONDS
        try:
            at = now()
            for late in watch(here.database, at):
                err.print(f"late: {late.job}, last finished {late.last or 'never'}", style="bold red", highlight=False)
            send_critical_now(here.database, here.channels, at)
        except Exception as failure:  # a watchdog that dies in silence watches nobody
            err.print(f"the watchdog failed: {type(failure).__name__}; it looks again in a minute", style="bold red")


def _wait_for_flows(here: Installation, stop: threading.Event, at_most: float = 90.0) -> None:
    """Wait until the flows that commands asked for have been started and the first sweep is through."""
    from offsite.casework.pending import still_waiting

    for clock in ("quarter_hour", "daily"):
        sweep(here.database, here.rules, clock, now(), now=now)
    deadline = time.monotonic() + at_most
    while time.monotonic() < deadline and not stop.is_set():
        if not still_waiting(here.database, now()):
            break
        stop.wait(1.0)
    send_what_is_due(here.database, here.channels, now())


def _tell_demo(here: Installation, seconds: float) -> None:
    from offsite.cli.showing import show

    show(data=here.data)
    outbox = here.data / "outbox"
    count = len(list(outbox.glob("*.eml"))) if outbox.is_dir() else 0
    out.print(f"\nReady after {seconds:.0f} s. Messages in the outbox folder: {count} ({outbox})", highlight=False)
    out.print(f"Sign in to the pages with the password {DEMO_PASSWORD} (no one-time codes here: nothing is about anybody) as",
              highlight=False, soft_wrap=True)  # fmt: skip
    for email, roles in who_may_sign_in(here, day_today()):
        out.print(f"  {email:34} {roles}", highlight=False, soft_wrap=True)
    out.print(f"Look on:  offsite show --data {here.data}    offsite show PLACEMENT --data {here.data}    "
              f"offsite why ALERT --data {here.data}", highlight=False, soft_wrap=True)  # fmt: skip


COMMANDS = {"sweep": sweep_once, "demo": demo}
