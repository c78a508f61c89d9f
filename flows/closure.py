"""Closure: open what a closed placement leaves to do, and until when its records are kept. May run twice."""

from datetime import datetime

from prefect import flow, task

from flows.live import live_now
from flows.references import PlacementRef, SchoolUrn
from flows.shown import show_work, tag
from flows.steps import TRIES_AGAIN, stage_step
from offsite.casework.stages import closure
from offsite.casework.stages.desk import StageWork


@flow(name="close-placement", flow_run_name="close placement {placement}", timeout_seconds=300)
async def close_placement(school: SchoolUrn, placement: PlacementRef) -> None:
    """Open the tasks of a closure that a person recorded; closes nothing itself."""
    at = live_now()
    await tag({"school": school, "placement": placement}, closure.STAGE)
    await show_work([await open_tasks(school, placement, at)])


@task(name="open the tasks of closing", **TRIES_AGAIN)
async def open_tasks(school: str, placement: str, at: datetime) -> StageWork:
    """Report, census, registration, file, checks after the return, retention: those not done."""
    return await stage_step(closure.close_placement, school, placement, at)
