"""Who is not confirmed in place this session: expected at a provider, and the provider's register does not say present.

Who is expected was worked out by the day's sweep or a later command, and is worked out again for those who are shown.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from models.attendance import Contact, Mark
from models.chronology import Correction
from models.provider import ProviderDetails
from models.standing import Standing
from offsite.access.viewer import Viewer
from offsite.case.attendance.sessions import expected
from offsite.case.attendance.standing_marks import counts, stands
from offsite.case.attendance.tally import klass
from offsite.case.case import SESSIONS, Case, ProviderFile, Slot
from offsite.case.loading import load_cases, load_providers
from offsite.case.settings import setting
from offsite.law.calendars import Session as SessionName
from offsite.law.london import day_of, instant_of, time_of
from offsite.views.listed import A_PAGE, Asked, Listed, Sorts, cut
from offsite.views.placements.placements import called
from offsite.views.safeguarding.alerts import who_is_on_it
from offsite.views.school.providers import at_provider, by_provider_name


class SessionAsked(Asked):
    """How the list of those who are not confirmed was asked for."""

    provider: str = Field("", max_length=60)
    uncontacted: bool = Field(False, description="only those about whom nobody was spoken to today")


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
    """Name of who took an alert about where the pupil is."""


class Silent(BaseModel):
    """A provider that has not reported: not one mark in its register of the session."""

    provider: str
    name: str
    phone: str | None
    pupils: int


class ThisSession(BaseModel):
    """One session, and a page of who is not confirmed in it."""

    session: str | None
    """am or pm; None where no session has begun today."""
    listed: Listed[Unconfirmed]
    expected: int
    unconfirmed: int
    silent: list[Silent]
    """Providers that have not reported, the one with most pupils first."""
    stale: int
    """Placements whose expectation was not worked out today: the day's sweep has not run for them."""


def this_session(session: Session, viewer: Viewer, asked: SessionAsked, size: int | None = A_PAGE) -> ThisSession:
    """The session that runs or ran last today, and who is not confirmed in it: the longest past the cut-off first."""
    today, name = viewer.today, _session_now(viewer)
    if name is None:
        nobody = Listed[Unconfirmed](rows=[], total=0, page=1, pages=1)
        return ThisSession(session=None, listed=nobody, expected=0, unconfirmed=0, silent=[], stale=0)
    column = Standing.expected_am if name == "am" else Standing.expected_pm
    live = [viewer.in_reach(), Standing.live.is_(True)]
    fresh = and_(Standing.expected_on == today, column.is_(True))
    stale = and_(Standing.expected_on < today, Standing.start <= today)
    present = _present(viewer, name)
    narrowed = [*_narrowed(viewer, asked)]
    looked_at = _counted(session, [*live, or_(fresh, stale)], fresh, present)
    at = [c.provider_id for c in looked_at if c.shown]
    due = _due_first(session, viewer, at, (today, name))
    sorts = _sorts(session, viewer, due, name, asked)
    total = None if narrowed else sum(c.shown for c in looked_at)
    wanted = select(Standing.placement_id).where(*live, or_(fresh, stale), Standing.provider_id.in_(at), ~present, *narrowed)
    page = cut(session, wanted, asked, sorts, (due, Standing.placement_id), size, total=total)
    ids = page.found
    cases = {case.id: case for case in load_cases(session, viewer.school, ids, marks_of=today)} if ids else {}
    on_it = who_is_on_it(session, viewer, ids) if ids else {}
    slot: Slot = (today, name)
    rows = [_row(cases[id_], slot, viewer, on_it.get(id_)) for id_ in ids if id_ in cases and expected(cases[id_], slot)]
    return ThisSession(
        session=name,
        listed=page.listed(rows),
        expected=sum(c.expected for c in looked_at),
        unconfirmed=sum(c.unconfirmed for c in looked_at),
        silent=_silent(session, viewer, [*live, fresh], slot),
        stale=sum(c.stale for c in looked_at),
    )


def _narrowed(viewer: Viewer, asked: SessionAsked) -> Iterator[ColumnElement[bool]]:
    if asked.q:
        yield called(viewer, asked.q)
    if asked.provider:
        yield at_provider(viewer, asked.provider)
    if asked.uncontacted:
        yield ~_contacts(viewer, Contact.id).where(Contact.happened_at >= instant_of(viewer.today)).exists()


def _sorts(session: Session, viewer: Viewer, due: ColumnElement[int], name: SessionName, asked: Asked) -> Sorts:
    """What the list may be sorted by; names of providers are looked up only where they are asked for."""
    mark = (
        select(func.max(Mark.code))
        .where(Mark.pupil_id == Standing.pupil_id, Mark.provider_id == Standing.provider_id, Mark.day == viewer.today)
        .where(Mark.session == name, stands(Mark, viewer.school_id))
    )
    sorts: dict[str, Any] = {
        "placement": Standing.ref,
        "minutes_late": -due,
        "mark": mark.scalar_subquery(),
        "last_contact": _contacts(viewer, func.max(Contact.happened_at)).scalar_subquery(),
    }
    return sorts | {"provider_name": by_provider_name(session, viewer)} if asked.sort.endswith("provider_name") else sorts


def _contacts(viewer: Viewer, column: Any) -> Select[Any]:
    """Of the contacts about a placement that stand; an attempt that reached nobody is none."""
    corrected = select(Correction.corrected_event_id).where(Correction.school_id == viewer.school_id)
    return select(column).where(
        Contact.placement_id == Standing.placement_id, Contact.reached.is_(True), Contact.event_id.not_in(corrected)
    )


def _present(viewer: Viewer, name: SessionName) -> ColumnElement[bool]:
    """Whether a mark of the session stands and says present; asked so that the index of marks by day holds all of it."""
    of_session = Mark.school_id == Standing.school_id, Mark.day == viewer.today, Mark.session == name
    of_pupil = Mark.provider_id == Standing.provider_id, Mark.pupil_id == Standing.pupil_id
    present = Mark.code.in_(_present_codes(viewer)), stands(Mark, viewer.school_id)
    return select(Mark.id).where(*of_session, *of_pupil, *present).exists()


class _Counted(NamedTuple):
    """How many placements at one provider are expected, not confirmed, not worked out today, and to be shown."""

    provider_id: int
    expected: int
    unconfirmed: int
    stale: int
    shown: int


def _counted(
    session: Session, looked_at: list[ColumnElement[bool]], fresh: ColumnElement[bool], present: ColumnElement[bool]
) -> list[_Counted]:
    """By provider, all that is counted of a session: of those looked at how many are `fresh`, and of both who is there."""
    of_provider = select(Standing.provider_id, func.count(), func.sum(case((fresh, 1), else_=0))).where(*looked_at)
    of_provider = of_provider.group_by(Standing.provider_id)
    there = {row[0]: row[1:] for row in session.execute(of_provider.where(present)).tuples()}
    found = []
    for provider, looked, expected_ in session.execute(of_provider).tuples():
        seen, seen_expected = there.get(provider, (0, 0))
        found.append(_Counted(provider, expected_, expected_ - seen_expected, looked - expected_, looked - seen))
    return found


def _silent(session: Session, viewer: Viewer, expecting: list[ColumnElement[bool]], slot: Slot) -> list[Silent]:
    marked = select(Mark.provider_id).where(
        Mark.school_id == viewer.school_id,
        Mark.day == slot[0],
        Mark.session == slot[1],
        Mark.provider_id.is_not(None),
        counts(Mark, viewer.school_id),
    )
    pupils = func.count().label("pupils")
    wanted = select(Standing.provider_id, pupils).where(*expecting, Standing.provider_id.not_in(marked))
    counted = (
        session.execute(wanted.group_by(Standing.provider_id).order_by(pupils.desc(), Standing.provider_id)).tuples().all()
    )
    files = load_providers(session, viewer.school, [id_ for id_, _ in counted], (ProviderDetails,)) if counted else {}
    return [
        Silent(provider=files[id_].ref, name=d.name, phone=d.contact_phone, pupils=n)
        for id_, n in counted
        if (d := files[id_].details_on(slot[0]))
    ]


def _due_first(session: Session, viewer: Viewer, providers: list[int], slot: Slot) -> ColumnElement[int]:
    """The order in which the providers' marks were due: a school has few providers, and thousands of pupils perhaps."""
    files = load_providers(session, viewer.school, providers, (ProviderDetails,)) if providers else {}
    due = {id_: _mark_due(file, viewer, slot) for id_, file in files.items()}
    rank = {id_: number for number, id_ in enumerate(sorted(due, key=lambda id_: (due[id_], id_)))}
    return case(rank, value=Standing.provider_id, else_=len(rank)) if rank else literal(0)


def _present_codes(viewer: Viewer) -> list[str]:
    return [code for code in ("/", "\\", "L") if klass(code, viewer.today) == "P"]


def _session_now(viewer: Viewer) -> SessionName | None:
    times = viewer.school.details_on(viewer.today).sessions
    begun: SessionName | None = None
    for name in SESSIONS:
        if times.get(name) and instant_of(viewer.today, time_of(times[name][0])) <= viewer.at:
            begun = name
    return begun


def _mark_due(provider: ProviderFile, viewer: Viewer, slot: Slot) -> datetime:
    """When a provider's mark is due: the session's start there and the cut-off (domain.md, 13), in UTC."""
    details = provider.details_on(slot[0])
    times = details.sessions or viewer.school.details_on(slot[0]).sessions
    begins = instant_of(slot[0], time_of(times[slot[1]][0])) if times.get(slot[1]) else instant_of(slot[0])
    minutes = details.cutoff_minutes or setting(viewer.school, "cutoff_minutes", slot[0])
    return begins + timedelta(minutes=minutes)


def _row(found: Case, slot: Slot, viewer: Viewer, on_it: str | None) -> Unconfirmed:
    details = found.provider.details_on(slot[0])
    late = viewer.at - _mark_due(found.provider, viewer, slot)
    mark = found.provider_marks.get(slot)
    contacts = [row.happened_at for row in found.of(Contact) if row.reached and day_of(row.happened_at) <= slot[0]]
    return Unconfirmed(
        placement=found.ref,
        pupil_name=found.pupil.details.name,
        provider_name=details.name,
        provider_phone=details.contact_phone,
        mark=mark.code if mark else None,
        minutes_late=int(late.total_seconds() // 60),
        last_contact=contacts[-1] if contacts else None,
        on_it=on_it,
    )
