"""Who is not confirmed in place this session: expected at a provider, and the provider's register does not say present.

Who is expected was worked out by the day's sweep or a later command, and is worked out again for those who are shown.
"""

from datetime import datetime, timedelta

from pydantic import BaseModel
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from models.attendance import Contact, Mark
from models.standing import Standing
from offsite.access.viewer import Viewer
from offsite.case.attendance.sessions import expected, session_times
from offsite.case.attendance.tally import klass
from offsite.case.case import SESSIONS, Case, Slot
from offsite.case.loading import load_cases
from offsite.case.settings import setting
from offsite.law.calendars import Session as SessionName
from offsite.law.london import day_of, instant_of, time_of
from offsite.views.lists import A_PAGE


class Unconfirmed(BaseModel):
    """One pupil who is not confirmed in place."""

    placement: str
    pupil_name: str
    provider_name: str
    provider_phone: str | None
    mark: str | None
    """The mark in the provider's register, where there is one that is not present."""
    minutes_late: int
    """Minutes since the provider's mark was due; below nought, until it is."""
    last_contact: datetime | None
    on_it: str | None
    """Who took an alert about it."""


class ThisSession(BaseModel):
    """One session, and who is not confirmed."""

    session: str | None
    """am or pm; None where no session has begun today."""
    rows: list[Unconfirmed]
    expected: int
    unconfirmed: int
    stale: int
    """Placements whose expectation was not worked out today: the day's sweep has not run for them."""


def this_session(session: Session, viewer: Viewer, limit: int = A_PAGE) -> ThisSession:
    """The session that runs or ran last today, and who is not confirmed in it: the longest past the cut-off first."""
    today, name = viewer.today, _session_now(viewer)
    if name is None:
        return ThisSession(session=None, rows=[], expected=0, unconfirmed=0, stale=0)
    column = Standing.expected_am if name == "am" else Standing.expected_pm
    live = [viewer.in_reach(), Standing.live.is_(True)]
    fresh = and_(Standing.expected_on == today, column.is_(True))
    stale = and_(Standing.expected_on < today, Standing.start <= today)
    present = (
        select(Mark.id)
        .where(
            Mark.pupil_id == Standing.pupil_id,
            Mark.provider_id == Standing.provider_id,
            Mark.day == today,
            Mark.session == name,
            Mark.code.in_(_present_codes(viewer)),
            ~select(_amended.c.id).where(_amended.c.amends == Mark.id).exists(),
        )
        .exists()
    )
    count = select(func.count()).select_from(Standing)
    wanted = select(Standing.placement_id).where(*live, or_(fresh, stale), ~present).order_by(Standing.placement_id)
    ids = session.scalars(wanted.limit(limit)).all()
    cases = load_cases(session, viewer.school, ids) if ids else []
    slot: Slot = (today, name)
    rows = [_row(case, slot, viewer) for case in cases if expected(case, slot)]
    return ThisSession(
        session=name,
        rows=sorted(rows, key=lambda row: -row.minutes_late),
        expected=session.scalar(count.where(*live, fresh)) or 0,
        unconfirmed=session.scalar(count.where(*live, fresh, ~present)) or 0,
        stale=session.scalar(count.where(*live, stale)) or 0,
    )


_amended = Mark.__table__.alias("amended")


def _present_codes(viewer: Viewer) -> list[str]:
    return [code for code in ("/", "\\", "L") if klass(code, viewer.today) == "P"]


def _session_now(viewer: Viewer) -> SessionName | None:
    times = viewer.school.details_on(viewer.today).sessions
    begun: SessionName | None = None
    for name in SESSIONS:
        if times.get(name) and instant_of(viewer.today, time_of(times[name][0])) <= viewer.at:
            begun = name
    return begun


def _row(case: Case, slot: Slot, viewer: Viewer) -> Unconfirmed:
    details = case.provider.details_on(slot[0])
    times = session_times(case, slot)
    begins = times[0] if times else instant_of(slot[0])
    cutoff = details.cutoff_minutes or setting(case.school, "cutoff_minutes", slot[0])
    late = viewer.at - begins - timedelta(minutes=cutoff)
    mark = case.provider_marks.get(slot)
    contacts = [row.happened_at for row in case.of(Contact) if day_of(row.happened_at) <= slot[0]]
    return Unconfirmed(
        placement=case.ref,
        pupil_name=case.pupil.details.name,
        provider_name=details.name,
        provider_phone=details.contact_phone,
        mark=mark.code if mark else None,
        minutes_late=int(late.total_seconds() // 60),
        last_contact=contacts[-1] if contacts else None,
        on_it=None,
    )
