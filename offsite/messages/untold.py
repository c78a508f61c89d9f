"""What the rules cannot tell: counted on every digest, and told to the head once a rule has been unable for 5 school days."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.alert import CannotTell
from models.message import Message
from models.placement import Placement
from offsite.case.case import SchoolFile
from offsite.law.calendars import CalendarTooShort
from offsite.law.london import day_of
from offsite.messages.addressing import whom
from offsite.messages.outbox import put, stable_id
from offsite.messages.wording import Untold, word_untold

TOO_LONG = 5
"""School days."""
WITHOUT_CALENDAR = timedelta(days=7)
"""Instead, where the calendar is what is missing."""


def untold_now(session: Session, school_id: int) -> int:
    """How many things the rules cannot tell at a school."""
    wanted = select(func.count()).select_from(CannotTell).where(CannotTell.school_id == school_id, CannotTell.until.is_(None))
    return session.scalar(wanted) or 0


def tell_head_of_untold(session: Session, school: SchoolFile, at: datetime) -> int:
    """Tell the head, once, of every rule that has not been able to tell for 5 school days; returns messages added."""
    told = _told(session, school.id)
    today = day_of(at)
    rows = [row for row in _open(session, school.id) if _ref(row) not in told and _too_long(school, day_of(row.since), today)]
    if not rows:
        return 0
    refs = dict(
        session.execute(select(Placement.id, Placement.ref).where(Placement.id.in_({row.placement_id for row in rows})))
        .tuples()
        .all()
    )
    counts = Counter(refs.get(row.placement_id) if row.placement_id is not None else None for row in rows)
    lines = [Untold(placement, count) for placement, count in sorted(counts.items(), key=lambda item: item[0] or "")]
    names = [_ref(row) for row in rows]
    return sum(
        put(
            session,
            school.id,
            stable_id("untold", str(one.person_id or one.address or one.role), *names),
            "untold",
            "medium",
            one,
            names,
            word_untold(one.role, lines, one.instead_of),
            at,
        )
        for one in whom(school, ("head",), at)
    )


def _open(session: Session, school_id: int) -> Sequence[CannotTell]:
    wanted = select(CannotTell).where(CannotTell.school_id == school_id, CannotTell.until.is_(None))
    return session.scalars(wanted.order_by(CannotTell.id)).all()


def _ref(row: CannotTell) -> str:
    return f"untold-{row.id}"


def _told(session: Session, school_id: int) -> set[str]:
    found = session.scalars(select(Message.alerts).where(Message.school_id == school_id, Message.kind == "untold"))
    return {ref for refs in found for ref in refs}


def _too_long(school: SchoolFile, since: date, today: date) -> bool:
    try:
        return school.school_days.after(since, TOO_LONG) <= today
    except CalendarTooShort:
        return since + WITHOUT_CALENDAR <= today
