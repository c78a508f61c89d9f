"""Setup: open what must be done before the pupil may start, draft the notice once it can be. May run twice."""

from datetime import datetime

from prefect import flow, task

from flows.live import live_now
from flows.references import PlacementRef, SchoolUrn
from flows.shown import show_work, tag
from flows.steps import TRIES_AGAIN, stage_step
from offsite.casework.stages import set_up
from offsite.casework.stages.desk import StageWork


@flow(name="set-up-placement", flow_run_name="set up placement {placement}", timeout_seconds=300)
async def set_up_placement(school: SchoolUrn, placement: PlacementRef) -> None:
    """Bring one placement's setup up to date: tasks with due days, and the notice as a draft. Gives no notice."""
    at = live_now()
    await tag({"school": school, "placement": placement}, set_up.STAGE)
    tasks = await open_tasks(school, placement, at)
    notice = await draft_notice(school, placement, at)
    await show_work([tasks, notice])


@task(name="open the tasks of setting up", **TRIES_AGAIN)
async def open_tasks(school: str, placement: str, at: datetime) -> StageWork:
    """Consultations, checks, risk assessment, decision, notice, dual registration: those not done."""
    return await stage_step(set_up.open_set_up_tasks, school, placement, at)


@task(name="draft the notice", **TRIES_AGAIN)
async def draft_notice(school: str, placement: str, at: datetime) -> StageWork:
    """The notice, where one is to be given and what it says is not drafted yet."""
    return await stage_step(set_up.file_notice, school, placement, at)
