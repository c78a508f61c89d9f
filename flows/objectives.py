"""Objectives: see that the plan is agreed, the start recorded, the first review set. May run twice."""

from datetime import datetime

from prefect import flow, task

from flows.live import live_now
from flows.references import PlacementRef, SchoolUrn
from flows.set_up import draft_notice
from flows.shown import show_work, tag
from flows.steps import TRIES_AGAIN, stage_step
from offsite.casework.stages import objectives
from offsite.casework.stages.desk import StageWork


@flow(name="agree-objectives", flow_run_name="agree objectives of placement {placement}", timeout_seconds=300)
async def agree_objectives(school: SchoolUrn, placement: PlacementRef) -> None:
    """Open what is left to agree before the start; a notice that is still a draft takes up the agreed objectives."""
    at = live_now()
    await tag({"school": school, "placement": placement}, objectives.STAGE)
    tasks = await open_tasks(school, placement, at)
    notice = await draft_notice(school, placement, at)
    await show_work([tasks, notice])


@task(name="open the tasks of agreeing objectives", **TRIES_AGAIN)
async def open_tasks(school: str, placement: str, at: datetime) -> StageWork:
    """Plan, readiness criteria, start, first review: those not done."""
    return await stage_step(objectives.agree_objectives, school, placement, at)
