"""Registers: one provider's pupils of one day, to be marked; and both sides next to each other, mismatches first."""

from collections.abc import Mapping
from datetime import date

from pydantic import BaseModel
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session, aliased

from models.attendance import Mark
from models.encrypted_text import Texts
from models.pupil import PupilDetails
from models.standing import Standing
from offsite.access.viewer import Viewer
from offsite.case.attendance.sessions import expected, session_times
from offsite.case.attendance.tally import ABSENT, klass
from offsite.case.case import SESSIONS, Case, MarkRow
from offsite.case.loading import load_cases
from offsite.law.calendars import Session as SessionName
from offsite.law.codes import codes_on
from offsite.views.listed import A_PAGE, Asked, Listed, Sorts, cut
from offsite.views.placements import called
from offsite.views.pupils import newest_details


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
    reason: str | None = None
    """Why the pupil is away, as the provider's mark says; for those who see both."""


def provider_day(session: Session, viewer: Viewer, provider_id: int, day: date) -> list[RegisterRow]:
    """The pupils expected at a provider on a day, session by session."""
    wanted = select(Standing.placement_id).where(
        Standing.school_id == viewer.school_id,
        Standing.provider_id == provider_id,
        Standing.live.is_(True),
        Standing.start <= day,
    )
    ids = session.scalars(wanted.order_by(Standing.placement_id)).all()
    cases = load_cases(session, viewer.school, ids, marks_of=day) if ids else []
    return [_row(case, day, name, viewer) for name in SESSIONS for case in cases if expected(case, (day, name))]


class OwnPupil(BaseModel):
    """A pupil of a provider."""

    placement: str
    pupil_name: str


def own_pupils(session: Session, viewer: Viewer) -> list[OwnPupil]:
    """The pupils placed at the viewer's own provider, started or not, by reference."""
    wanted = viewer.standings(Standing.ref, PupilDetails.name).join(
        PupilDetails, PupilDetails.id == newest_details(Standing.pupil_id)
    )
    own = wanted.where(Standing.live.is_(True), Standing.provider_id == viewer.provider_id)
    rows = session.execute(own.order_by(Standing.ref))
    return [OwnPupil(placement=row.ref, pupil_name=row.name) for row in rows]


class RegistersAsked(Asked):
    """How the two registers were asked for."""

    differing: bool = False
    """Only where one register says there and the other away."""


SORTS: Sorts = {"placement": Standing.ref, "provider": Standing.provider_id}


def both_sides(
    session: Session,
    viewer: Viewer,
    day: date,
    asked: RegistersAsked,
    size: int | None = A_PAGE,
    texts: Texts | None = None,
) -> Listed[RegisterRow]:
    """Both registers of a day next to each other: a page of the placements that were marked or expected, mismatches first.

    `texts` opens the reasons of absences; left out, none is shown.
    """
    marked = select(Mark.pupil_id).where(Mark.school_id == viewer.school_id, Mark.day == day)
    of_day = or_(Standing.pupil_id.in_(marked), Standing.expected_am.is_(True), Standing.expected_pm.is_(True))
    differing = _differing(day)
    where = [viewer.in_reach(), Standing.live.is_(True), Standing.start <= day, of_day]
    if asked.differing:
        where.append(differing)
    if asked.q:
        where.append(called(viewer, asked.q))
    own = (sql_case((differing, 0), else_=1), Standing.placement_id)
    page = cut(session, select(Standing.placement_id).where(*where), asked, SORTS, own, size)
    ids = page.found
    cases = {case.id: case for case in load_cases(session, viewer.school, ids, marks_of=day)} if ids else {}
    shown = [(cases[i], name) for i in ids if i in cases for name in SESSIONS if _to_show(cases[i], day, name)]
    marks = [(case, case.provider_marks.get((day, name))) for case, name in shown]
    reasons = _reasons(session, texts, marks) if texts else {}
    return page.listed([_both(case, day, name, viewer, reasons) for case, name in shown])


def _reasons(session: Session, texts: Texts, marks: list[tuple[Case, MarkRow | None]]) -> dict[int, str | None]:
    """The reasons given with these marks, by the mark's id."""
    owners = {mark.id: case.pupil.id for case, mark in marks if mark is not None and mark.has_reason}
    wanted = select(Mark.id, Mark.reason).where(Mark.id.in_(owners))
    return {row.id: texts.shown(row.reason, owners[row.id]) for row in session.execute(wanted)} if owners else {}


def _differing(day: date) -> ColumnElement[bool]:
    """Whether, in one session of the day, one register says there and the other away: what `_differ` says, in SQL."""
    home, there = (aliased(Mark, name=register) for register in ("home_mark", "provider_mark"))
    later = aliased(Mark)
    away = [code for code, found in codes_on(day).items() if found.klass in ABSENT]
    neither = ["D", *(code for code, found in codes_on(day).items() if found.klass == "X")]

    def stands(mark: type[Mark]) -> ColumnElement[bool]:
        return ~select(later.id).where(later.amends == mark.id).exists()

    return (
        select(home.id)
        .join(there, and_(there.pupil_id == home.pupil_id, there.day == home.day, there.session == home.session))
        .where(home.pupil_id == Standing.pupil_id, home.day == day)
        .where(home.provider_id.is_(None), there.provider_id == Standing.provider_id, stands(home), stands(there))
        .where(home.code.not_in(neither), there.code.not_in(neither), home.code.in_(away) != there.code.in_(away))
        .exists()
    )


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


def _both(case: Case, day: date, name: SessionName, viewer: Viewer, reasons: Mapping[int, str | None]) -> RegisterRow:
    row = _row(case, day, name, viewer)
    home, there = case.home_marks.get((day, name)), case.provider_marks.get((day, name))
    row.reason = reasons.get(there.id) if there else None
    row.session_at_home = home.code if home else None
    row.mismatch = _differ(row.session_at_home, row.mark, day)
    return row


def _differ(home: str | None, there: str | None, day: date) -> bool:
    """Whether one register says there and the other away; D, a missing mark and X say neither."""
    if home is None or there is None or home == "D":
        return False
    here, other = klass(home, day), klass(there, day)
    return "X" not in (here, other) and (here in ABSENT) != (other in ABSENT)
