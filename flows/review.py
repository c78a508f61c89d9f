"""Governor review: do what is due now for one review, record it, end. Waits for nobody; may run twice."""

from datetime import datetime

from prefect import flow, task

from flows.live import live_now
from flows.references import PlacementRef, ReviewMoment, ReviewRef, SchoolUrn
from flows.shown import show_work, tag
from flows.steps import TRIES_AGAIN, stage_step
from offsite.casework.stages import review as stage
from offsite.casework.stages.desk import StageWork
from offsite.casework.stages.moments import Moment


@flow(
    name="governor-review",
    flow_run_name="governor review {review}, placement {placement}: {moment}",
    timeout_seconds=300,
)
async def governor_review(school: SchoolUrn, placement: PlacementRef, review: ReviewRef, moment: ReviewMoment) -> None:
    """Bring one review up to date: drafts, tasks, what comes next as a proposal. Decides nothing."""
    at = live_now()
    await tag({"school": school, "placement": placement, "review": review}, stage.STAGE)
    await show_work([await work_review(school, placement, review, moment, at)])


@task(name="work the review's moments", **TRIES_AGAIN)
async def work_review(school: str, placement: str, review: str, moment: Moment, at: datetime) -> StageWork:
    """Every moment that has come, and all up to the one named; each in a transaction of its own."""
    return await stage_step(stage.govern_review, school, placement, review, at, moment)
