"""What must be sent, held or minuted, by which day: the clerk's calendar, placements with the nearest duty first."""

from datetime import date

from pydantic import BaseModel
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.review import ReviewRequest
from models.standing import Standing
from offsite.access.viewer import Viewer
from offsite.case.governors.reviews import held_on, requests
from offsite.case.loading import load_cases
from offsite.case.statutory_clock import Duty, deadlines
from offsite.law.calendars import CalendarTooShort, SchoolDays
from offsite.law.clock import requested_review
from offsite.views.lists import A_PAGE, Listed

SENT_BY = {"notice": "serve_notice", "invitations": "invite", "decision": "decide", "outcome": "notify_outcome"}
"""The command by which each duty is met."""
CLERKS = (*SENT_BY, "requested_review")


class DutyRow(BaseModel):
    """One duty of one placement."""

    placement: str
    pupil_name: str
    duty: str
    of: str
    due: date | None
    """The careful day."""
    limit: date | None
    """The plain day: a breach only past it."""
    days_left: int | None
    """Calendar days to the careful day; below nought once it is past."""
    verdict: str
    source: str
    command: str | None


class RequestRow(BaseModel):
    """One request for review, with the ten-week test worked out."""

    placement: str
    request: str
    asked_by: str
    asked_on: date
    last_held: date | None
    owed: bool | None
    """None: cannot tell."""
    because: str


def duties(session: Session, viewer: Viewer, page: int = 1) -> Listed[DutyRow]:
    """A page of the duties that are pending or breached: those of the placements whose nearest duty comes first."""
    where = [viewer.in_reach(), Standing.live.is_(True), or_(Standing.next_due.is_not(None), Standing.breached > 0)]
    total = session.scalar(select(func.count()).select_from(Standing).where(*where)) or 0
    pages = max(1, -(-total // A_PAGE))
    page = min(max(page, 1), pages)
    wanted = select(Standing.placement_id).where(*where).order_by(Standing.next_due.asc().nulls_first(), Standing.placement_id)
    ids = session.scalars(wanted.limit(A_PAGE).offset((page - 1) * A_PAGE)).all()
    rows = [
        _row(case.ref, case.pupil.details.name, duty, viewer.today)
        for case in (load_cases(session, viewer.school, ids) if ids else [])
        for duty in deadlines(case, viewer.at)
        if duty.verdict in ("pending", "breached", "cannot_tell") and duty.duty in CLERKS
    ]
    return Listed[DutyRow](rows=sorted(rows, key=lambda r: r.due or date.min), total=total, page=page, pages=pages)


def _row(placement: str, pupil: str, duty: Duty, today: date) -> DutyRow:
    found = duty.deadline
    return DutyRow(
        placement=placement,
        pupil_name=pupil,
        duty=duty.duty,
        of=duty.of,
        due=duty.due,
        limit=found.breached_after,
        days_left=(duty.due - today).days if duty.due else None,
        verdict=duty.verdict,
        source=f"{found.source} ({found.evidence})",
        command=SENT_BY.get(duty.duty),
    )


def requests_tested(session: Session, viewer: Viewer, limit: int = A_PAGE) -> list[RequestRow]:
    """The newest requests for review of live placements, each with the ten-week test (reg 4A(3))."""
    wanted = (
        select(Standing.placement_id)
        .join(ReviewRequest, ReviewRequest.placement_id == Standing.placement_id)
        .where(viewer.in_reach(), Standing.live.is_(True))
        .group_by(Standing.placement_id)
        .order_by(func.max(ReviewRequest.id).desc())
        .limit(limit)
    )
    ids = session.scalars(wanted).all()
    found = []
    for case in load_cases(session, viewer.school, ids) if ids else []:
        held = held_on(case)
        for asked in requests(case):
            before = [day for day in held if day < asked.asked_on]
            owed, because = _owed(asked.asked_on, held, case.school.school_days)
            found.append(
                RequestRow(
                    placement=case.ref,
                    request=asked.name,
                    asked_by=asked.asked_by,
                    asked_on=asked.asked_on,
                    last_held=before[-1] if before else None,
                    owed=owed,
                    because=because,
                )
            )
    return found


def _owed(asked: date, held: list[date], days: SchoolDays) -> tuple[bool | None, str]:
    try:
        deadline = requested_review(asked, held, days)
    except CalendarTooShort as short:
        return None, f"cannot tell: {short}"
    if deadline.verdict(None, asked) == "not_owed":
        return False, "a review was held in the ten weeks before"
    return True, "no review was held in the ten weeks before"
