"""Reintegration: lay the evidence on readiness before those who assess it. Advice, never a decision; may run twice.

Started by hand from the form on Prefect's page, by `offsite do request_readiness`, or by a decision to reintegrate.
"""

from datetime import datetime

from prefect import flow, task

from flows.live import live_now
from flows.references import PlacementRef, SchoolUrn
from flows.shown import show_work, tag
from flows.steps import TRIES_AGAIN, stage_step
from offsite.casework.stages import reintegration
from offsite.casework.stages.desk import StageWork


@flow(name="assess-reintegration", flow_run_name="assess reintegration of placement {placement}", timeout_seconds=300)
async def assess_reintegration(school: SchoolUrn, placement: PlacementRef) -> None:
    """Gather the evidence for each criterion (met, not met, cannot tell), file it, and ask for the assessment.

    Args:
        school: URN of the school, such as 100001
        placement: reference of the placement, such as 4F2A-91; never a name
    """
    at = live_now()
    await tag({"school": school, "placement": placement}, reintegration.STAGE)
    evidence = await file_evidence(school, placement, at)
    tasks = await open_tasks(school, placement, at)
    await show_work([evidence, tasks])


@task(name="file the evidence on readiness", **TRIES_AGAIN)
async def file_evidence(school: str, placement: str, at: datetime) -> StageWork:
    """The paper, and the task to assess it."""
    return await stage_step(reintegration.file_evidence, school, placement, at)


@task(name="open the tasks of the return", **TRIES_AGAIN)
async def open_tasks(school: str, placement: str, at: datetime) -> StageWork:
    """The return plan, where the placement is in reintegration."""
    return await stage_step(reintegration.open_return_tasks, school, placement, at)
