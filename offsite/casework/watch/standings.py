"""Standings: one row a placement, worked out from its case, by which lists are filtered, sorted and paged.

Refreshed in the transaction of the command or sweep that looked at the case; only rows that changed are written.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from models.standing import Standing
from offsite.case.attendance.sessions import expected
from offsite.case.attendance.tally import combined
from offsite.case.case import Case
from offsite.case.direction.terms import closed, on_hold, planned_start, start_day
from offsite.case.governors.reviews import awaiting_decision, reviews
from offsite.case.stage import stage
from offsite.case.statutory_clock import LADO, deadlines
from offsite.law.london import day_of

COLUMNS = Standing.__table__.columns


def standing(case: Case, at: datetime) -> dict[str, Any]:
    """Where one placement stands at an instant: the columns of its row."""
    day = day_of(at)
    duties = [d for d in deadlines(case, at) if d.duty != LADO]
    pending = sorted((d.due, d.duty) for d in duties if d.due and d.verdict == "pending")
    undated = [d.duty for d in duties if not d.due and d.verdict in ("pending", "cannot_tell")]
    meetings = sorted(r.meets_on for r in reviews(case) if r.state == "scheduled")
    if meetings and meetings[0] < day:
        undated.append("meeting")
    tally = combined(case, start_day(case) or planned_start(case), day)
    return {
        "placement_id": case.id,
        "school_id": case.school.id,
        "pupil_id": case.pupil.id,
        "provider_id": case.provider.id,
        "ref": case.ref,
        "stage": stage(case, at),
        "live": closed(case) is None,
        "held": on_hold(case, at),
        "start": planned_start(case),
        "next_due": pending[0][0] if pending else None,
        "next_duty": pending[0][1] if pending else next(iter(undated), None),
        "breached": sum(d.verdict == "breached" for d in duties),
        "meets_on": next(iter(awaiting_decision(case, day)), None),
        "with_plan": case.pupil.has("ehc_plan", day),
        "possible": tally.possible,
        "missed": tally.missed,
        "expected_on": day,
        "expected_am": expected(case, (day, "am")),
        "expected_pm": expected(case, (day, "pm")),
        "as_of": at,
    }


def refresh_standings(session: Session, cases: Collection[Case], at: datetime) -> int:
    """Bring the rows of these placements up to date; returns how many changed."""
    known = _known(session, [case.id for case in cases])
    wanted = (standing(case, at) for case in cases)
    changed = [row for row in wanted if _told(row) != known.get(row["placement_id"])]
    if changed:
        session.execute(delete(Standing).where(Standing.placement_id.in_([row["placement_id"] for row in changed])))
        session.execute(insert(Standing), changed)
    return len(changed)


def _known(session: Session, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    rows: Iterable[Any] = session.execute(select(*COLUMNS).where(Standing.placement_id.in_(ids)))
    return {row.placement_id: _told(dict(row._mapping)) for row in rows}


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """All but when it was worked out."""
    return {name: value for name, value in row.items() if name != "as_of"}
