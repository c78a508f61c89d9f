"""What must be sent, held or minuted, by which day: the clerk's calendar, placements with the nearest duty first."""

from collections.abc import Iterator
from datetime import date, timedelta

from pydantic import BaseModel, Field
from sqlalchemy import case as sql_case
from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import Session

from models.chronology import Correction
from models.review import RequestReply, ReviewHeld, ReviewRequest
from models.standing import Standing
from offsite.access.viewer import Viewer
from offsite.case.case import Case
from offsite.case.governors.reviews import TABLES, RequestFile, held_on, requests, reviews
from offsite.case.loading import load_cases
from offsite.case.statutory_clock import Duty
from offsite.law.calendars import CalendarTooShort, SchoolDays
from offsite.law.clock import requested_review
from offsite.views.listed import A_PAGE, Asked, Listed, Sorts, cut
from offsite.views.placements.placements import called

SENT_BY = {"notice": "serve_notice", "invitations": "invite", "decision": "decide", "outcome": "notify_outcome"}
"""The command by which each duty is met."""
TEN_WEEKS = timedelta(days=70)
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
    """Calendar days to the careful day, or to the meeting; below nought once it is past."""
    verdict: str
    source: str
    command: str | None


class RequestRow(BaseModel):
    """One request for review, with the ten-week test worked out."""

    placement: str
    pupil_name: str
    request: str
    asked_by: str
    asked_on: date
    window: tuple[date, date]
    """The 70 calendar days before the request: a review held in them leaves no duty."""
    last_held: date | None
    owed: bool | None
    """None: cannot tell."""
    answered: bool
    because: str


class DutiesAsked(Asked):
    """How the calendar was asked for."""

    duty: str = Field("", max_length=40, description="only placements whose next duty is this")
    overdue: bool = False


NEAREST = sql_case(
    (Standing.breached > 0, literal(date.min)),
    else_=func.coalesce(Standing.next_due, Standing.meets_on, literal(date.min)),
)
"""The day by which a placement comes in the calendar: first where something is overdue, or owed without a day."""
SORTS: Sorts = {"placement": Standing.ref, "due": NEAREST, "days_left": NEAREST, "duty": Standing.next_duty}


def duties(session: Session, viewer: Viewer, asked: DutiesAsked, size: int | None = A_PAGE) -> Listed[DutyRow]:
    """A page of what must be sent, held or minuted: so many placements, those with the nearest duty or meeting first."""
    owed = or_(Standing.next_duty.is_not(None), Standing.breached > 0, Standing.meets_on.is_not(None))
    where = [viewer.in_reach(), Standing.live.is_(True), owed]
    if asked.duty in CLERKS:
        where.append(Standing.next_duty == asked.duty)
    if asked.overdue:
        where.append(Standing.breached > 0)
    if asked.q:
        where.append(called(viewer, asked.q))
    own = (NEAREST.asc(), Standing.placement_id.asc())
    page = cut(session, select(Standing.placement_id).where(*where), asked, SORTS, own, size)
    ids = page.found
    cases = {case.id: case for case in load_cases(session, viewer.school, ids)} if ids else {}
    return page.listed(_in_order([row for id_ in ids if id_ in cases for row in _rows(cases[id_], viewer)], asked))


def _in_order(rows: list[DutyRow], asked: DutiesAsked) -> list[DutyRow]:
    """The duties of a page's placements as that page was sorted."""
    by, turned = asked.sort.removeprefix("-"), asked.sort.startswith("-")
    if by == "placement":
        return rows
    if by == "duty":
        return sorted(rows, key=lambda row: row.duty, reverse=turned)
    return sorted(rows, key=lambda row: row.due or date.min, reverse=turned and by in SORTS)


def _rows(case: Case, viewer: Viewer) -> Iterator[DutyRow]:
    for duty in viewer.duties(case):
        if duty.verdict in ("pending", "breached", "cannot_tell") and duty.duty in CLERKS:
            yield _row(case.ref, case.pupil.details.name, duty, viewer.today)
    for review in reviews(case):
        if review.state == "scheduled":
            yield DutyRow(
                placement=case.ref,
                pupil_name=case.pupil.details.name,
                duty="meeting",
                of=review.name,
                due=review.meets_on,
                limit=None,
                days_left=(review.meets_on - viewer.today).days,
                verdict="pending",
                source="as set",
                command="hold_review" if review.meets_on <= viewer.today else None,
            )


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


class RequestsAsked(Asked):
    """How the requests for review were asked for."""

    unanswered: bool = False


CORRECTED = select(Correction.corrected_event_id).where(Correction.school_id == ReviewRequest.school_id)
LAST_HELD = (
    select(func.max(ReviewHeld.held_on))
    .where(ReviewHeld.placement_id == ReviewRequest.placement_id, ReviewHeld.held_on < ReviewRequest.asked_on)
    .where(ReviewHeld.event_id.not_in(CORRECTED.correlate(ReviewRequest)))
    .scalar_subquery()
)
"""The last review held before the request."""
ANSWERED = (
    select(RequestReply.id)
    .where(RequestReply.placement_id == ReviewRequest.placement_id, RequestReply.request == ReviewRequest.name)
    .where(RequestReply.event_id.not_in(CORRECTED.correlate(ReviewRequest)))
    .exists()
)
REQUEST_SORTS: Sorts = {
    "placement": Standing.ref,
    "asked_on": ReviewRequest.asked_on,
    "asked_by": ReviewRequest.asked_by,
    "last_held": LAST_HELD,
}


def requests_tested(session: Session, viewer: Viewer, asked: RequestsAsked, size: int | None = A_PAGE) -> Listed[RequestRow]:
    """A page of the requests for review of live placements, the newest first, each with the ten-week test (reg 4A(3))."""
    wanted = (
        select(ReviewRequest.id)
        .join(Standing, Standing.placement_id == ReviewRequest.placement_id)
        .where(viewer.in_reach(), Standing.live.is_(True), ReviewRequest.event_id.not_in(CORRECTED))
    )
    if asked.unanswered:
        wanted = wanted.where(~ANSWERED)
    if asked.q:
        wanted = wanted.where(called(viewer, asked.q))
    page = cut(session, wanted, asked, REQUEST_SORTS, (ReviewRequest.id.desc(),), size)
    found = select(ReviewRequest.id, ReviewRequest.placement_id, ReviewRequest.name).where(ReviewRequest.id.in_(page.found))
    of = {row.id: (row.placement_id, row.name) for row in session.execute(found)}
    ids = list({placement_id for placement_id, _ in of.values()})
    loaded = load_cases(session, viewer.school, ids, only=TABLES) if ids else []
    cases = {case.id: {request.name: (case, request) for request in requests(case)} for case in loaded}
    known = [cases[of[id_][0]].get(of[id_][1]) for id_ in page.found]
    return page.listed([_tested(*one) for one in known if one is not None])


def _tested(case: Case, asked: RequestFile) -> RequestRow:
    held = held_on(case)
    before = [day for day in held if day < asked.asked_on]
    owed, because = _owed(asked.asked_on, held, case.school.school_days)
    return RequestRow(
        placement=case.ref,
        pupil_name=case.pupil.details.name,
        request=asked.name,
        asked_by=asked.asked_by,
        asked_on=asked.asked_on,
        window=(asked.asked_on - TEN_WEEKS, asked.asked_on - timedelta(days=1)),
        last_held=before[-1] if before else None,
        owed=owed,
        answered=asked.replied,
        because=because,
    )


def _owed(asked: date, held: list[date], days: SchoolDays) -> tuple[bool | None, str]:
    try:
        deadline = requested_review(asked, held, days)
    except CalendarTooShort as short:
        return None, f"cannot tell: {short}"
    if deadline.verdict(None, asked) == "not_owed":
        return False, "a review was held in the ten weeks before"
    return True, "no review was held in the ten weeks before"
