"""Registers: one provider's pupils of one day, to be marked; and both sides next to each other, mismatches first."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session, aliased

from models.attendance import Mark
from models.encrypted_text import Texts
from models.pupil import PupilDetails
from models.standing import Standing
from offsite.access.viewer import Viewer
from offsite.case.attendance.sessions import expected, session_times
from offsite.case.attendance.standing_marks import counts, stands
from offsite.case.attendance.tally import ABSENT, klass
from offsite.case.case import SESSIONS, Case, MarkRow
from offsite.case.loading import load_cases, load_providers
from offsite.law.calendars import Session as SessionName
from offsite.law.codes import codes_on
from offsite.law.london import instant_of, time_of
from offsite.views.listed import A_PAGE, Asked, Listed, Sorts, cut
from offsite.views.placements.placements import called
from offsite.views.placements.pupils import newest_details
from offsite.views.school.providers import at_provider, by_provider_name

PUPIL_NAME = func.lower(PupilDetails.name)
BY_PUPIL: Sorts = {"placement": Standing.ref, "pupil_name": PUPIL_NAME}


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
    provider_name: str | None = None
    """In a list of several providers."""


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


class RegisterAsked(Asked):
    """How a provider's own register of today was asked for."""

    unmarked: bool = Field(False, description="only pupils of whom a session has begun and is not marked")


def own_register(session: Session, viewer: Viewer, asked: RegisterAsked, size: int | None = A_PAGE) -> Listed[RegisterRow]:
    """Today's register of the viewer's own provider: a page of the pupils expected, by name, a row a session."""
    today, stale = viewer.today, Standing.expected_on < viewer.today
    expected_in = {"am": Standing.expected_am.is_(True), "pm": Standing.expected_pm.is_(True)}
    wanted = _at_own_provider(viewer).where(Standing.start <= today, or_(stale, *expected_in.values()))
    if asked.unmarked:
        begun = _begun(session, viewer)
        wanted = wanted.where(or_(false(), *(or_(stale, expected_in[name]) & ~_marked(viewer, name) for name in begun)))
    if asked.q:
        wanted = wanted.where(called(viewer, asked.q))
    page = cut(session, wanted, asked, BY_PUPIL, (PUPIL_NAME, Standing.placement_id), size)
    ids = page.found
    cases = {case.id: case for case in load_cases(session, viewer.school, ids, marks_of=today)} if ids else {}
    rows = [_row(cases[i], today, name, viewer) for i in ids for name in SESSIONS if expected(cases[i], (today, name))]
    return page.listed([row for row in rows if not asked.unmarked or (row.open and row.mark is None)])


def _at_own_provider(viewer: Viewer) -> Select[tuple[int]]:
    """The live placements at the viewer's own provider, with their pupils' details, to sort by."""
    wanted = select(Standing.placement_id).join(PupilDetails, PupilDetails.id == newest_details(Standing.pupil_id))
    at_home = Standing.school_id == viewer.school_id
    return wanted.where(at_home, Standing.provider_id == viewer.provider_id, Standing.live.is_(True))


def _begun(session: Session, viewer: Viewer) -> list[SessionName]:
    """The sessions of today that have begun at the viewer's own provider; one whose times are not known has."""
    if viewer.provider_id is None:
        return []
    provider = load_providers(session, viewer.school, [viewer.provider_id])[viewer.provider_id]
    today = viewer.today
    times = provider.details_on(today).sessions or viewer.school.details_on(today).sessions
    return [name for name in SESSIONS if not times.get(name) or instant_of(today, time_of(times[name][0])) <= viewer.at]


def _marked(viewer: Viewer, name: SessionName) -> ColumnElement[bool]:
    """Whether the provider's register holds a mark of a session of today."""
    of_pupil = select(Mark.id).where(Mark.pupil_id == Standing.pupil_id, Mark.provider_id == Standing.provider_id)
    return of_pupil.where(Mark.day == viewer.today, Mark.session == name, counts(Mark, viewer.school_id)).exists()


class OwnPupil(BaseModel):
    """A pupil of a provider."""

    placement: str
    pupil_name: str


def own_pupils(session: Session, viewer: Viewer, size: int | None = A_PAGE) -> Listed[OwnPupil]:
    """The first of the pupils placed at the viewer's own provider, started or not, by name."""
    page = cut(session, _at_own_provider(viewer), Asked(), BY_PUPIL, (PUPIL_NAME, Standing.placement_id), size)
    named = select(Standing.placement_id, Standing.ref, PupilDetails.name).join(
        PupilDetails, PupilDetails.id == newest_details(Standing.pupil_id)
    )
    rows = {row.placement_id: row for row in session.execute(named.where(Standing.placement_id.in_(page.found)))}
    return page.listed([OwnPupil(placement=rows[id_].ref, pupil_name=rows[id_].name) for id_ in page.found])


class RegistersAsked(Asked):
    """How the two registers were asked for."""

    differing: bool = False
    """Only where one register says there and the other away."""
    away: Literal["", "provider", "home"] = Field("", description="only where this register alone says away")
    one_sided: bool = Field(False, description="only where a session is marked in one register and not in the other")
    provider: str = Field("", max_length=60)


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
    marked = select(Mark.pupil_id).where(*_of_day(Mark, viewer.school_id, day))
    of_day = or_(Standing.expected_am.is_(True), Standing.expected_pm.is_(True), Standing.pupil_id.in_(marked))
    narrowed = [*_narrowed(viewer, day, asked)]
    where = [viewer.in_reach(), Standing.live.is_(True), Standing.start <= day, of_day, *narrowed]
    sorts: dict[str, Any] = {"placement": Standing.ref}
    if asked.sort.endswith("provider_name"):
        sorts["provider_name"] = by_provider_name(session, viewer)
    own = (sql_case((_differing(viewer.school_id, day), 0), else_=1), Standing.placement_id)
    page = cut(session, select(Standing.placement_id).where(*where), asked, sorts, own, size, dear=bool(narrowed))
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


def _narrowed(viewer: Viewer, day: date, asked: RegistersAsked) -> Iterator[ColumnElement[bool]]:
    if asked.differing:
        yield _differing(viewer.school_id, day)
    if asked.away:
        yield _differing(viewer.school_id, day, asked.away)
    if asked.one_sided:
        yield _one_sided(viewer.school_id, day)
    if asked.provider:
        yield at_provider(viewer, asked.provider)
    if asked.q:
        yield called(viewer, asked.q)


def _differing(school_id: int, day: date, away_in: str = "") -> ColumnElement[bool]:
    """Whether, in one session of the day, one register says there and the other away: what `_differ` says, in SQL. `away_in`:
    the register that says away; empty, either."""
    home, there = (aliased(Mark, name=register) for register in ("home_mark", "provider_mark"))
    away = [code for code, found in codes_on(day).items() if found.klass in ABSENT]
    neither = ["D", *(code for code, found in codes_on(day).items() if found.klass == "X")]
    says = {"home": home.code.in_(away), "provider": there.code.in_(away)}
    marked_away = select(Mark.pupil_id).where(*_of_day(Mark, school_id, day), Mark.code.in_(away))
    differing = (
        select(home.id)
        .join(there, _of_one_session(home, there))
        .where(*_of_day(home, school_id, day), home.pupil_id == Standing.pupil_id)
        .where(
            home.provider_id.is_(None),
            there.provider_id == Standing.provider_id,
            stands(home, school_id),
            stands(there, school_id),
        )
        .where(home.code.not_in(neither), there.code.not_in(neither), says["home"] != says["provider"])
        .where(says.get(away_in, true()))
    )
    return and_(Standing.pupil_id.in_(marked_away), differing.exists())  # few are away: only of these both marks are looked up


def _one_sided(school_id: int, day: date) -> ColumnElement[bool]:
    """Whether a session of the day is marked in one register and not in the other: asked for each by itself, so that the
    database finds both marks by the register they are in."""
    home, there = (aliased(Mark, name=register) for register in ("home_mark", "provider_mark"))
    in_home, in_provider = home.provider_id.is_(None), there.provider_id == Standing.provider_id

    def alone(one: type[Mark], its: ColumnElement[bool], other: type[Mark], others: ColumnElement[bool]) -> ColumnElement[bool]:
        both = select(other.id).where(_of_one_session(one, other), others, counts(other, school_id))
        missing = ~both.correlate(one, Standing).exists()
        return select(one.id).where(*_of_day(one, school_id, day), one.pupil_id == Standing.pupil_id, its, missing).exists()

    return or_(alone(home, in_home, there, in_provider), alone(there, in_provider, home, in_home))


def _of_one_session(one: type[Mark], other: type[Mark]) -> ColumnElement[bool]:
    of_pupil = other.school_id == one.school_id, other.pupil_id == one.pupil_id
    return and_(*of_pupil, other.day == one.day, other.session == one.session)


def _of_day(mark: type[Mark], school_id: int, day: date) -> tuple[ColumnElement[bool], ...]:
    """A mark of a day, asked for so that the index of marks by day finds it."""
    return mark.school_id == school_id, mark.day == day, mark.session.in_(SESSIONS), counts(mark, school_id)


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
    row.provider_name = case.provider.details_on(day).name
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
