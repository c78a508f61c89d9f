"""Load cases: one query a table for all placements asked for, however many they are.

A table about placements, pupils, providers, concerns or schools is found by its kind (`OfPlacement` and so on), so a new
table needs no edit here. Rows whose event was corrected are left out.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, bindparam, exists, func, literal, select, true, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

import models.tables
from models.alert import Alert, AlertStep
from models.attendance import Mark
from models.chronology import Correction, Event
from models.concern import Concern
from models.database import Base
from models.people import Cover, Person, PersonDetails
from models.placement import Closure, Determination, Document, Issued, Placement, Task, Terms
from models.provider import Provider, ProviderDetails
from models.pupil import Pupil
from models.recorded import OfConcern, OfPlacement, OfProvider, OfPupil
from models.school import ClosedDay, HalfTermDates, LetterWording, School, SchoolDetails, SettingsChange
from offsite.case.across import Across
from offsite.case.case import SESSIONS, Case, MarkRow, ProviderFile, PupilFile, RowsByTable, SchoolFile, Slot
from offsite.law.london import day_of

assert models.tables.metadata  # every table is mapped before they are listed below

AT_ONCE = 10_000
"""Placements asked for in one query: a database takes only so many values in one."""
NOT_FACTS: tuple[type, ...] = (Document, Issued, Task)
"""What Offsite itself drafted: no part of what happened."""


def _tables(kind: type) -> tuple[type[Any], ...]:
    return tuple(
        mapper.class_
        for mapper in sorted(Base.registry.mappers, key=lambda m: m.class_.__name__)
        if issubclass(mapper.class_, kind) and mapper.class_ not in (*NOT_FACTS, Mark)
    )


OF_SCHOOL = (SchoolDetails, HalfTermDates, ClosedDay, SettingsChange, LetterWording, PersonDetails, Cover)
OF_PROVIDER, OF_PUPIL = _tables(OfProvider), _tables(OfPupil)
OF_PLACEMENT, OF_CONCERN = _tables(OfPlacement), _tables(OfConcern)


HomeMarks = defaultdict[int, dict[Slot, MarkRow]]
ProviderMarks = defaultdict[tuple[int, int], dict[Slot, MarkRow]]


def _as_stored(column: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """A column without SQLAlchemy's conversion: there are hundreds of marks a placement, and most repeat each other."""
    return type_coerce(column, String)


MARKS = (
    select(
        Mark.pupil_id, Mark.provider_id, _as_stored(Mark.day), Mark.session, Mark.id, Mark.event_id, Mark.code, Mark.site,
        _as_stored(Mark.reason.is_not(None)), _as_stored(Mark.remote), _as_stored(Mark.activity.is_not(None)),
        _as_stored(Mark.approved_by.is_not(None)), _as_stored(Mark.supervised_by.is_not(None)),
    )
    .where(Mark.pupil_id.in_(bindparam("ids", expanding=True)))
    .order_by(Mark.pupil_id, Mark.id)
)  # fmt: skip


@lru_cache(maxsize=4096)
def _slot(day: date | str, session: Any) -> Slot:
    """The session of a mark; SQLite stores a day as text."""
    return (date.fromisoformat(day) if isinstance(day, str) else day, session)


@cache
def _statement(table: Any, by: str) -> Select[Any]:
    """The rows of a table whose `by` is one of `ids`, in the order in which they happened; made once."""
    wanted = getattr(table, by).in_(bindparam("ids", expanding=True))
    return select(table.__table__).where(wanted).order_by(table.happened_at, table.id)


@cache
def _any_rows() -> Select[Any]:
    """Whether a school has any row at all, for every table: a table it never wrote to need not be asked."""
    tables: tuple[Any, ...] = (*OF_SCHOOL, *OF_PROVIDER, *OF_PUPIL, *OF_PLACEMENT, *OF_CONCERN, Correction)
    found = (
        exists(select(literal(1)).where(table.school_id == bindparam("school"))).label(table.__tablename__) for table in tables
    )
    return select(*found)


class _Reader:
    """Reads rows of one school on one connection."""

    def __init__(self, session: Session, school_id: int, as_of: datetime | None = None) -> None:
        self.connection: Connection = session.connection()
        self._as_of = as_of
        found = self.connection.execute(_any_rows(), {"school": school_id}).one()
        self._has_rows = found._mapping
        self._corrected = corrected_events(session, school_id, as_of) if found._mapping["correction"] else frozenset()

    def rows(self, table: Any, by: str, ids: Iterable[int]) -> list[Any]:
        """The rows of a table that still count, oldest first."""
        if not self._has_rows[table.__tablename__]:
            return []
        found: Iterable[Any] = self.connection.execute(_statement(table, by), {"ids": list(ids)}).all()
        if self._corrected:
            found = [row for row in found if row.event_id not in self._corrected]
        return [row for row in found if self._as_of is None or row.recorded_at <= self._as_of]

    def grouped(self, tables: Sequence[Any], by: str, ids: Iterable[int]) -> defaultdict[int, dict[type, list[Any]]]:
        """The rows of several tables, by the id they are about and by table."""
        wanted = list(ids)
        grouped: defaultdict[int, dict[type, list[Any]]] = defaultdict(dict)
        for table in tables:
            for row in self.rows(table, by, wanted):
                grouped[getattr(row, by)].setdefault(table, []).append(row)
        return grouped

    def marks(self, pupil_ids: Collection[int], of_day: date | None = None) -> tuple[HomeMarks, ProviderMarks]:
        """The marks that stand, of a day or of all, by pupil, and by pupil and provider. An amendment comes later and takes
        the place."""
        home: HomeMarks = defaultdict(dict)
        there: ProviderMarks = defaultdict(dict)
        marks = MARKS if self._as_of is None else MARKS.where(Mark.recorded_at <= self._as_of)
        if of_day is not None:
            marks = marks.where(Mark.day == of_day)
        found = self.connection.execute(marks, {"ids": list(pupil_ids)}).all()
        for pupil, provider, day, session, id, event, code, site, reason, remote, activity, approved, supervised in found:
            if event not in self._corrected:
                register = home[pupil] if provider is None else there[pupil, provider]
                register[_slot(day, session)] = MarkRow(
                    id, event, code, bool(reason), bool(remote), bool(activity), site, bool(approved), bool(supervised)
                )
        return home, there


def corrected_events(session: Session, school_id: int, as_of: datetime | None = None) -> frozenset[int]:
    """The events whose rows no longer count; at an instant, those that did not count any more then."""
    return frozenset(session.scalars(_corrected(school_id, as_of)))


def _corrected(school_id: int, as_of: datetime | None) -> Select[tuple[int]]:
    corrected = select(Correction.corrected_event_id).where(Correction.school_id == school_id)
    if as_of is None:
        return corrected
    return corrected.join(Event, Event.id == Correction.by_event_id).where(Event.recorded_at <= as_of)


def load_school(session: Session, school_id: int, as_of: datetime | None = None) -> SchoolFile:
    """One school's file; `as_of` an instant, what was recorded by then."""
    reader = _Reader(session, school_id, as_of)
    urn = reader.connection.execute(select(School.urn).where(School.id == school_id)).scalar_one()
    rows: dict[type, list[Any]] = {table: reader.rows(table, "school_id", [school_id]) for table in OF_SCHOOL}
    refs = reader.connection.execute(select(Person.id, Person.ref).where(Person.school_id == school_id))
    return SchoolFile(school_id, urn, RowsByTable(rows), {row.id: row.ref for row in refs})


def first_day_watched(session: Session, school_id: int) -> date:
    """The London day on which the school began with Offsite: its sessions are watched from then on."""
    first = session.scalar(select(Event.recorded_at).where(Event.school_id == school_id).order_by(Event.number).limit(1))
    return day_of(first) if first else date.min


def live_placements(school_id: int, as_of: datetime | None = None) -> Select[tuple[int]]:
    """The ids of a school's placements that are not closed (a corrected closure counts as none)."""
    closed = select(Closure.placement_id).where(
        Closure.school_id == school_id, Closure.event_id.not_in(_corrected(school_id, as_of))
    )
    if as_of is not None:
        closed = closed.where(Closure.recorded_at <= as_of)
    return select(Placement.id).where(Placement.school_id == school_id, Placement.id.not_in(closed))


def load_cases(
    session: Session,
    school: SchoolFile,
    placement_ids: Collection[int],
    watch_from: date | None = None,
    only: Sequence[type] | None = None,
    as_of: datetime | None = None,
    *,
    marks_of: date | None = None,
) -> list[Case]:
    """The cases of these placements of one school, in the order of their ids.

    `watch_from` is the first day whose sessions the rules look at; left out, the day the school began. `only`: the tables
    about placements to read, without concerns and marks; left out, everything. `as_of` an instant: what
    was recorded by then, so that a placement entered later has no rows. `marks_of` a day: no other day's marks.
    """
    reader, ids = _Reader(session, school.id, as_of), sorted(placement_ids)
    placements = reader.connection.execute(
        select(Placement.id, Placement.ref, Placement.pupil_id, Placement.provider_id)
        .where(Placement.school_id == school.id, Placement.id.in_(ids))
        .order_by(Placement.id)
    ).all()
    pupil_ids = {p.pupil_id for p in placements}
    provider_ids = {p.provider_id for p in placements}
    watched = watch_from if watch_from is not None else first_day_watched(session, school.id)
    pupils, providers = _pupils(reader, school, pupil_ids), _providers(reader, school, provider_ids)
    of_placement = reader.grouped(OF_PLACEMENT if only is None else only, "placement_id", ids)
    about_concerns = OF_CONCERN if only is None else ()
    concerns_there = reader.grouped(about_concerns, "placement_id", ids)
    concerns_at = reader.grouped(about_concerns, "provider_id", provider_ids)
    home, there = reader.marks(pupil_ids if only is None else (), marks_of)
    cases = []
    for p in placements:
        rows = of_placement[p.id]
        for table in OF_CONCERN:
            raised = [*concerns_there[p.id].get(table, ()), *concerns_at[p.provider_id].get(table, ())]
            if raised:
                rows[table] = sorted(raised, key=lambda row: (row.happened_at, row.id))
        cases.append(
            Case(
                id=p.id,
                ref=p.ref,
                school=school,
                provider=providers[p.provider_id],
                pupil=pupils[p.pupil_id],
                rows=RowsByTable(rows),
                home_marks=home[p.pupil_id],
                provider_marks=there[p.pupil_id, p.provider_id],
                watch_from=watched,
            )
        )
    return cases


def load_across(
    session: Session, school: SchoolFile, provider_ids: Collection[int] | None = None, as_of: datetime | None = None
) -> Across:
    """A school with what it knows of these providers across its placements; left out, of all its providers. `as_of` an
    instant: what was recorded by then."""
    reader = _Reader(session, school.id, as_of)
    ids = session.scalars(select(Provider.id).where(Provider.school_id == school.id)).all()
    asked = _providers(reader, school, [i for i in ids if provider_ids is None or i in provider_ids])
    providers = {id: file for id, file in asked.items() if file.rows.of(ProviderDetails)}  # entered by then
    placed = dict(
        session.execute(select(Placement.id, Placement.provider_id).where(Placement.school_id == school.id)).tuples().all()
    )
    concerns: defaultdict[int, list[Concern]] = defaultdict(list)
    for row in reader.rows(Concern, "school_id", [school.id]):
        concerns[row.provider_id if row.provider_id is not None else placed[row.placement_id]].append(row)
    live = [id for id in session.scalars(live_placements(school.id, as_of)) if placed[id] in providers]
    cases = [
        case
        for first in range(0, len(live), AT_ONCE)
        for case in load_cases(session, school, live[first : first + AT_ONCE], date.min, (Terms, Determination), as_of)
        if case.of(Terms)
    ]
    closed = select(Alert.rule, Alert.subject, func.max(AlertStep.at)).join(Alert, Alert.id == AlertStep.alert_id)
    settled = session.execute(
        closed.where(Alert.school_id == school.id, Alert.placement_id.is_(None), AlertStep.step == "resolved")
        .where(AlertStep.at <= as_of if as_of is not None else true())
        .group_by(Alert.rule, Alert.subject)
    )
    return Across(
        school,
        tuple(providers.values()),
        cases,
        concerns,
        {(rule, subject): at for rule, subject, at in settled},
    )


def load_pupils(
    session: Session, school: SchoolFile, pupil_ids: Collection[int], only: Sequence[type] = OF_PUPIL
) -> dict[int, PupilFile]:
    """Pupils' files by id. `only`: the tables about pupils to read; left out, all."""
    return _pupils(_Reader(session, school.id), school, pupil_ids, only)


def load_providers(
    session: Session, school: SchoolFile, provider_ids: Collection[int], only: Sequence[type] = OF_PROVIDER
) -> dict[int, ProviderFile]:
    """Providers' files by id. `only`: the tables about providers to read; left out, all."""
    return _providers(_Reader(session, school.id), school, provider_ids, only)


def _pupils(
    reader: _Reader, school: SchoolFile, pupil_ids: Collection[int], only: Sequence[type] = OF_PUPIL
) -> dict[int, PupilFile]:
    rows = reader.grouped(only, "pupil_id", pupil_ids)
    found = reader.connection.execute(select(Pupil.id, Pupil.ref).where(Pupil.school_id == school.id, Pupil.id.in_(pupil_ids)))
    return {row.id: PupilFile(row.id, row.ref, RowsByTable(rows[row.id])) for row in found}


def _providers(
    reader: _Reader, school: SchoolFile, provider_ids: Collection[int], only: Sequence[type] = OF_PROVIDER
) -> dict[int, ProviderFile]:
    rows = reader.grouped(only, "provider_id", provider_ids)
    closed: dict[int, set[Slot]] = defaultdict(set)
    for closure in school.rows.of(ClosedDay):
        if closure.provider_id is not None:
            closed[closure.provider_id].update((closure.day, s) for s in SESSIONS if s in closure.sessions)
    found = reader.connection.execute(
        select(Provider.id, Provider.ref).where(Provider.school_id == school.id, Provider.id.in_(provider_ids))
    )
    return {row.id: ProviderFile(row.id, row.ref, RowsByTable(rows[row.id]), frozenset(closed[row.id])) for row in found}
