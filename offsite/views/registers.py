"""Registers: one provider's pupils of one day, to be marked; and both sides next to each other, mismatches first."""

from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.attendance import Mark
from models.standing import Standing
from offsite.access.viewer import Viewer
from offsite.case.attendance.sessions import expected, session_times
from offsite.case.attendance.tally import klass
from offsite.case.case import SESSIONS, Case, MarkRow
from offsite.case.loading import load_cases
from offsite.law.calendars import Session as SessionName
from offsite.views.lists import A_PAGE, Listed


class RegisterRow(BaseModel):
    """One pupil of one session in one register."""

    placement: str
    pupil_name: str
    session: str
    mark: str | None
    open: bool
    """Whether the session has begun, so that a mark may be entered."""
    session_at_home: str | None = None
    """The home register's mark, for those who see both."""
    mismatch: bool = False


def provider_day(session: Session, viewer: Viewer, provider_id: int, day: date) -> list[RegisterRow]:
    """The pupils expected at a provider on a day, session by session."""
    wanted = select(Standing.placement_id).where(
        Standing.school_id == viewer.school_id,
        Standing.provider_id == provider_id,
        Standing.live.is_(True),
        Standing.start <= day,
    )
    ids = session.scalars(wanted.order_by(Standing.placement_id)).all()
    cases = load_cases(session, viewer.school, ids) if ids else []
    return [_row(case, day, name, viewer) for name in SESSIONS for case in cases if expected(case, (day, name))]


def both_sides(session: Session, viewer: Viewer, day: date, page: int = 1) -> Listed[RegisterRow]:
    """Both registers of a day next to each other: a page of the placements that were marked or expected, mismatches first."""
    marked = select(Mark.pupil_id).where(Mark.school_id == viewer.school_id, Mark.day == day)
    of_day = or_(Standing.pupil_id.in_(marked), Standing.expected_am.is_(True), Standing.expected_pm.is_(True))
    where = [viewer.in_reach(), Standing.live.is_(True), Standing.start <= day, of_day]
    total = session.scalar(select(func.count()).select_from(Standing).where(*where)) or 0
    pages = max(1, -(-total // A_PAGE))
    page = min(max(page, 1), pages)
    wanted = select(Standing.placement_id).where(*where).order_by(Standing.placement_id)
    ids: Sequence[int] = session.scalars(wanted.limit(A_PAGE).offset((page - 1) * A_PAGE)).all()
    cases = load_cases(session, viewer.school, ids) if ids else []
    rows = [_both(case, day, name, viewer) for case in cases for name in SESSIONS if _to_show(case, day, name)]
    return Listed[RegisterRow](rows=sorted(rows, key=lambda r: not r.mismatch), total=total, page=page, pages=pages)


def _to_show(case: Case, day: date, name: SessionName) -> bool:
    slot = (day, name)
    return slot in case.provider_marks or slot in case.home_marks or expected(case, slot)


def _row(case: Case, day: date, name: SessionName, viewer: Viewer) -> RegisterRow:
    slot = (day, name)
    mark = case.provider_marks.get(slot)
    times = session_times(case, slot)
    return RegisterRow(
        placement=case.ref,
        pupil_name=case.pupil.details.name,
        session=name,
        mark=mark.code if mark else None,
        open=day < viewer.today or (day == viewer.today and (times is None or times[0] <= viewer.at)),
    )


def _both(case: Case, day: date, name: SessionName, viewer: Viewer) -> RegisterRow:
    row = _row(case, day, name, viewer)
    home: MarkRow | None = case.home_marks.get((day, name))
    row.session_at_home = home.code if home else None
    row.mismatch = _differ(row.session_at_home, row.mark, day)
    return row


def _differ(home: str | None, there: str | None, day: date) -> bool:
    """Whether one register says there and the other away; D, a missing mark and X say neither."""
    if home is None or there is None or home == "D":
        return False
    away = {"AA", "UA"}
    here, other = klass(home, day), klass(there, day)
    return "X" not in (here, other) and (here in away) != (other in away)
