"""Who was not located in an earlier session of the day and still is not: no longer expected, perhaps, but not found either."""

from itertools import takewhile

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.placement import Placement
from offsite.access.viewer import Viewer
from offsite.case.attendance.sessions import subject_of
from offsite.case.case import SESSIONS, Case
from offsite.case.loading import load_cases
from offsite.views.safeguarding.alerts import AlertRow, open_about

LOCATION_UNKNOWN = "location-unknown"
"""The rule."""
IN_PERSON = ("/", "\\", "L")
"""The codes of a pupil who is there. B, K and D at home say only that the pupil should be elsewhere."""


def not_located(session: Session, viewer: Viewer, now: str | None) -> list[AlertRow]:
    """The open alerts that nobody knows where a pupil is, of today's sessions before `now`, am or pm (None: none has begun).

    A pupil who is marked as being there, in either register, is left out.
    """
    before = takewhile(lambda name: name != now, SESSIONS) if now else ()
    earlier = [subject_of((viewer.today, name)) for name in before]
    rows = open_about(session, viewer, LOCATION_UNKNOWN, earlier) if earlier else []
    if not rows:
        return []
    wanted = select(Placement.id).where(Placement.school_id == viewer.school_id, Placement.ref.in_({r.placement for r in rows}))
    cases = load_cases(session, viewer.school, session.scalars(wanted).all())
    seen = {case.ref for case in cases if _present_today(case, viewer)}
    return [row for row in rows if row.placement not in seen]


def _present_today(case: Case, viewer: Viewer) -> bool:
    registers = (case.home_marks, case.provider_marks)
    return any(mark.code in IN_PERSON for marks in registers for (day, _), mark in marks.items() if day == viewer.today)
