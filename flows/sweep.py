"""The sweep: all rules of one clock over all placements; the daily one also looks for what the flows left undone.

One code, two clocks. The slot is only an idempotency key: the sweep judges at the later of slot and now, never earlier
than the last one, so late runs that come all at once do the work of one.
"""

import asyncio
import threading
from datetime import datetime

from prefect import flow, task

from flows.live import live_now, scheduled_start
from flows.shown import log, show_table, tag
from flows.steps import TRIES_AGAIN
from offsite.casework.keeping.installation import Installation
from offsite.casework.reports.sweeps_compared import compare_sweeps
from offsite.casework.stages.catch_up import catch_up
from offsite.casework.watch import job_runs
from offsite.casework.watch.sweep import Swept, live_instant, sweep
from offsite.law.london import day_of
from rules.rule import Clock

ONE_AT_A_TIME = threading.Lock()
"""The rule engine is one a process; two sweeps of one worker take turns."""


@flow(name="sweep-daily", flow_run_name="daily sweep", timeout_seconds=3600)
async def sweep_daily() -> None:
    """Run the daily rules, then have every run started that was lost."""
    await _sweep("daily")
    found = await start_what_was_lost()
    if found:
        log().warning("%s runs were lost; they are started again", found)


@flow(name="sweep-quarter-hour", flow_run_name="quarter-hour sweep", timeout_seconds=840)
async def sweep_quarter_hour() -> None:
    """Run the rules that depend on the time of day."""
    await _sweep("quarter_hour")


async def _sweep(clock: Clock) -> None:
    slot = scheduled_start()
    await tag({}, "sweep")
    swept = await run_rules(clock, slot)
    if swept.done_before:
        log().info("slot %s: swept already, or made up for by a later sweep", slot.isoformat())
        return
    log().info(
        "judged at %s: %s placements, %s alerts raised, %s worse, %s cleared, %s cannot be told",
        swept.judged_at.isoformat(), swept.placements, swept.raised, swept.worse, swept.cleared, swept.cannot_tell,
    )  # fmt: skip
    for oddity in await asyncio.to_thread(oddities, Installation.current(), swept):
        log().warning(oddity)
    await show_table(f"sweep-{clock}", findings(swept), f"What the {clock.replace('_', '-')} rules found, by rule")


@task(name="run the rules", **TRIES_AGAIN)
async def run_rules(clock: Clock, slot: datetime) -> Swept:
    """Sweep every school once for the slot."""
    return await asyncio.to_thread(sweep_slot, Installation.current(), clock, slot)


@task(name="start what was lost", **TRIES_AGAIN)
async def start_what_was_lost() -> int:
    """Write a pending run for everything the flows should have done and did not; returns how many."""
    here = Installation.current()
    return len(await asyncio.to_thread(catch_up, here.database, live_now()))


def sweep_slot(here: Installation, clock: Clock, slot: datetime) -> Swept:
    """Sweep at the later of the slot and now; a failure is recorded for the watchdog, and raised."""
    with ONE_AT_A_TIME:
        at = live_instant(here.database, live_now(), slot)
        try:
            return sweep(here.database, here.rules, clock, at, slot=slot, now=live_now)
        except Exception:
            job_runs.record(here.database, f"sweep_{clock}", slot, at, live_now(), "failed")
            raise


def oddities(here: Installation, swept: Swept) -> list[str]:
    """A line for each rule that suddenly looks at nothing or finds nothing, beside the sweep of the day before."""
    with here.database.reading() as session:
        compared = compare_sweeps(session, swept.clock, day_of(swept.judged_at))
    return [f"{row.rule} {row.worth_a_line}" for row in (compared.rules if compared else ()) if row.worth_a_line]


def findings(swept: Swept) -> list[dict[str, object]]:
    """A row a rule that found, cleared or could not tell anything; one that says so where none did."""
    rows: list[dict[str, object]] = [
        {"rule": rule, **counts}
        for rule, counts in sorted(swept.by_rule.items())
        if any(count for what, count in counts.items() if what != "looked_at")
    ]
    return rows or [{"rule": "none found anything", "looked_at": swept.placements}]
