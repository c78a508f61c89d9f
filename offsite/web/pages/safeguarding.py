"""The safeguarding lead's page: who is not confirmed in place, open alerts, what cannot be told, whether Offsite is at work.

The page renews itself by server-sent events; where there is no script, by a plain refresh.
"""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from models import chronology
from models.alert import Alert, AlertStep, CannotTell
from models.message import Delivery, Message
from models.runs import JobRun
from offsite.access.areas import may_open
from offsite.access.viewer import Viewer, viewer_for
from offsite.accounts import sessions
from offsite.casework.watch.watchdog import late_jobs
from offsite.messages.reach import NEWEST, undelivered
from offsite.views.listed import Asked
from offsite.views.safeguarding.alerts import AlertsAsked, Untold, cannot_tell, how_many_open
from offsite.views.safeguarding.not_located import not_located
from offsite.views.safeguarding.this_session import SessionAsked, Unconfirmed, this_session
from offsite.web.pages.alerts import alert_table
from offsite.web.pages.placements import LETTERS
from offsite.web.pages.school import provider_filter
from offsite.web.tables import Column, Filter, Table, params_of
from offsite.web.visit import Edge, Visit, area, touch

router = APIRouter()
LOOK_EVERY_SECONDS = 5.0
Visiting = Annotated[Visit, Depends(area("dsl"))]


UNCONFIRMED: tuple[Column[Unconfirmed], ...] = (
    Column("placement", "Pupil"),
    Column("pupil_name", "", sorts=False),
    Column("minutes_late", "Since cut-off"),
    Column("provider_name", "Provider"),
    Column("provider_phone", "", sorts=False),
    Column("mark", "Mark"),
    Column("last_contact", "Last contact"),
    Column("on_it", "Who is on it", sorts=False),
    Column("do", "Do", lambda row: "", sorts=False),
)
UNCONTACTED = Filter("uncontacted", "Only those nobody was contacted about today")
UNTOLD: tuple[Column[Untold], ...] = (
    Column("rule", "Rule"),
    Column("placement", "Placement", sorts=False),
    Column("missing", "What is missing", sorts=False),
    Column("role", "Who can find out", sorts=False),
    Column("since", "Since"),
)


@router.get("/dsl")
def safeguarding(visit: Visiting, asked: Annotated[AlertsAsked, Query()]) -> Response:
    """The whole page."""
    now = this_session(visit.session, visit.who, SessionAsked())
    return visit.page(
        "safeguarding.html",
        now=now,
        not_located=not_located(visit.session, visit.who, now.session),
        unconfirmed=Table("/dsl/unconfirmed", "Pupils not confirmed in place", UNCONFIRMED, now.listed, {}),
        alerts=alert_table(visit, asked, "/dsl"),
        untold=_untold(visit, Asked()),
        ran=last_ran(visit),
        late=late_jobs(visit.edge.database, visit.at),
        bounced=undelivered(visit.session, visit.who.school_id, visit.at),
        newest=NEWEST,
        mark=mark_of(visit.session, visit.who),
    )


@router.get("/dsl/unconfirmed")
@router.get("/dsl/unconfirmed.csv")
def unconfirmed(visit: Visiting, asked: Annotated[SessionAsked, Query()]) -> Response:
    """Everybody who is not confirmed in place this session."""
    now = this_session(visit.session, visit.who, asked, visit.page_size)
    caption, filters = "Pupils not confirmed in place", (provider_filter(visit), UNCONTACTED)
    table = Table("/dsl/unconfirmed", caption, UNCONFIRMED, now.listed, params_of(asked), filters, LETTERS)
    return visit.table_page("unconfirmed.html", table, now=now)


@router.get("/dsl/cannot-tell")
@router.get("/dsl/cannot-tell.csv")
def cannot_tell_page(visit: Visiting, asked: Annotated[Asked, Query()]) -> Response:
    """Everything the rules cannot tell."""
    return visit.table_page("cannot_tell.html", _untold(visit, asked))


def _untold(visit: Visit, asked: Asked) -> Table[Untold]:
    found = cannot_tell(visit.session, visit.who, asked, visit.page_size)
    return Table("/dsl/cannot-tell", "What the rules cannot tell", UNTOLD, found, params_of(asked), letters="Rule")


def last_ran(visit: Visit) -> dict[str, Any]:
    """When each job last finished its work."""
    wanted = select(JobRun.job, func.max(JobRun.judged_at)).where(JobRun.outcome == "done").group_by(JobRun.job)
    return dict(visit.session.execute(wanted).tuples().all())


@router.get("/dsl/events")
async def events(request: Request, visit: Annotated[Visit, Depends(area("dsl"), scope="function")]) -> Response:
    """One line whenever something changed: how many alerts there are, how many critical ones nobody acknowledged.

    The visit's own snapshot of the database ends before the stream begins: a stream may last for hours.
    """
    assert visit.token is not None
    return StreamingResponse(_changes(request, visit.edge, visit.token), media_type="text/event-stream")


async def _changes(request: Request, edge: Edge, token: str) -> AsyncIterator[str]:
    last: object = ()
    yield "retry: 5000\n\n"
    while not await request.is_disconnected():
        found = await run_in_threadpool(_mark_now, edge, token)
        if found != last:
            yield f"data: {json.dumps(found)}\n\n"
            last = found
        if found is None:
            return
        await asyncio.sleep(LOOK_EVERY_SECONDS)


def _mark_now(edge: Edge, token: str) -> dict[str, int | str] | None:
    """What there is now; None once the session has ended, however it ended.

    A page that is open to hear alerts is in use, with a script as without: it ends after twelve hours, not after a lesson.
    """
    at = edge.now()
    with edge.database.reading() as session:
        signed_in = sessions.current(session, token, at)
        viewer = viewer_for(session, signed_in.person_id, at) if signed_in and signed_in.person_id else None
        if signed_in is None or viewer is None or not may_open(viewer.roles, "dsl"):
            return None
        found, in_use = mark_of(session, viewer), at - signed_in.seen_at >= sessions.SEEN_EVERY
    if in_use:
        touch(edge, token, at)
    return found


def mark_of(session: Session, viewer: Viewer) -> dict[str, int | str]:
    """What the page would have to be drawn anew for; `critical`: how many critical alerts nobody has acknowledged.

    `seen` changes with the minute, of which the page tells, and with whatever the page shows of: an entry of the record (a
    contact, a mark, a step), an alert, what cannot be told, a message, an attempt to deliver one, a run. A digest, since
    these numbers run on across the schools of an installation.
    """
    lately = Delivery.at > viewer.at - timedelta(hours=1)  # older ones were drawn long since, and may be very many
    of_message = select(Message.id).where(Message.id == Delivery.message_id, Message.school_id == viewer.school_id)
    newest = (
        *(select(func.max(table.id)).where(table.school_id == viewer.school_id) for table in (Alert, CannotTell, Message)),
        select(func.max(AlertStep.id)).join(Alert).where(Alert.school_id == viewer.school_id),
        select(Delivery.id).where(of_message.exists(), lately).order_by(Delivery.at.desc(), Delivery.id.desc()).limit(1),
        select(func.max(JobRun.id)),
    )
    entry, _ = chronology.head(session, viewer.school_id)
    seen = (f"{viewer.at:%Y-%m-%d %H:%M}", entry, *map(session.scalar, newest))
    return {
        "seen": hashlib.sha256(repr(seen).encode()).hexdigest()[:16],
        "critical": how_many_open(session, viewer, AlertsAsked(severity="critical", unread=True)),
    }
