"""The safeguarding lead's page: who is not confirmed in place, open alerts, what cannot be told, whether Offsite is at work.

The page renews itself by server-sent events; where there is no script, by a plain refresh.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy import func, select
from starlette.concurrency import run_in_threadpool

from models.alert import Alert, AlertStep
from models.attendance import Mark
from models.runs import JobRun
from offsite.access.viewer import Viewer, viewer_for
from offsite.casework.watch.watchdog import late_jobs
from offsite.messages.reach import undelivered
from offsite.views.alerts import cannot_tell, open_alerts
from offsite.views.this_session import this_session
from offsite.web.visit import Edge, Visit, area

router = APIRouter()
LOOK_EVERY_SECONDS = 5.0
Visiting = Annotated[Visit, Depends(area("dsl"))]


@router.get("/dsl")
def safeguarding(visit: Visiting, page: int = 1) -> Response:
    """The whole page."""
    return visit.page("safeguarding.html", **safeguarding_shown(visit, page))


def safeguarding_shown(visit: Visit, page: int) -> dict[str, Any]:
    """What the page shows."""
    untold, untold_count = cannot_tell(visit.session, visit.who)
    return {
        "now": this_session(visit.session, visit.who),
        "alerts": open_alerts(visit.session, visit.who, page),
        "cannot_tell": untold,
        "cannot_tell_count": untold_count,
        "ran": last_ran(visit),
        "late": late_jobs(visit.edge.database, visit.at),
        "bounced": undelivered(visit.session, visit.who.school_id, visit.at),
        "mark": _mark_of(visit.session, visit.who),
    }


def last_ran(visit: Visit) -> dict[str, Any]:
    """When each job last finished its work."""
    wanted = select(JobRun.job, func.max(JobRun.judged_at)).where(JobRun.outcome == "done").group_by(JobRun.job)
    return dict(visit.session.execute(wanted).tuples().all())


@router.get("/dsl/events")
async def events(visit: Visiting, request: Request) -> Response:
    """One line whenever something changed: how many alerts there are, how many critical ones nobody acknowledged."""
    edge, person_id = visit.edge, visit.who.person_id
    return StreamingResponse(_changes(request, edge, person_id), media_type="text/event-stream")


async def _changes(request: Request, edge: Edge, person_id: int) -> AsyncIterator[str]:
    last = None
    yield "retry: 5000\n\n"
    while not await request.is_disconnected():
        found = await run_in_threadpool(_mark_now, edge, person_id)
        if found != last:
            yield f"data: {json.dumps(found)}\n\n"
            last = found
        await asyncio.sleep(LOOK_EVERY_SECONDS)


def _mark_now(edge: Edge, person_id: int) -> dict[str, int] | None:
    with edge.database.reading() as session:
        viewer = viewer_for(session, person_id, edge.now())
        return None if viewer is None else _mark_of(session, viewer)


def _mark_of(session: Any, viewer: Viewer) -> dict[str, int]:
    """What the page would have to be drawn anew for."""
    critical = open_alerts(session, viewer, 1, 1, severity="critical")
    return {
        "alert": session.scalar(select(func.max(Alert.id)).where(Alert.school_id == viewer.school_id)) or 0,
        "step": session.scalar(select(func.max(AlertStep.id))) or 0,
        "mark": session.scalar(select(func.max(Mark.id)).where(Mark.school_id == viewer.school_id)) or 0,
        "critical": sum(not row.acknowledged for row in critical.rows),
    }
