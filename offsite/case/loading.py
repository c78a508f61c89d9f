"""Load cases: one query a table for all placements asked for, however many they are.

A table about placements, pupils, providers, concerns or schools is found by its kind (`OfPlacement` and so on), so a new
table needs no edit here. Rows whose event was corrected are left out.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

import models.tables
from models.attendance import Mark
from models.chronology import Correction, Event
from models.database import Base
from models.people import Cover, Person, PersonDetails
from models.placement import Closure, Document, Placement, Task
from models.provider import Provider
from models.pupil import Pupil
from models.recorded import OfConcern, OfPlacement, OfProvider, OfPupil
from models.school import ClosedDay, HalfTermDates, School, SchoolDetails, SettingsChange
from offsite.case.case import SESSIONS, Case, MarkRow, ProviderFile, PupilFile, RowsByTable, SchoolFile, Slot
from offsite.law.london import day_of

assert models.tables.metadata  # every table is mapped before they are listed below

NOT_FACTS: tuple[type, ...] = (Document, Task)
"""What Offsite itself drafted: no part of what happened."""


def _tables(kind: type) -> tuple[type[Any], ...]:
    return tuple(
        mapper.class_
        for mapper in sorted(Base.registry.mappers, key=lambda m: m.class_.__name__)
        if issubclass(mapper.class_, kind) and mapper.class_ not in (*NOT_FACTS, Mark)
    )


OF_SCHOOL = (SchoolDetails, HalfTermDates, ClosedDay, SettingsChange, PersonDetails, Cover)
OF_PROVIDER, OF_PUPIL = _tables(OfProvider), _tables(OfPupil)
OF_PLACEMENT, OF_CONCERN = _tables(OfPlacement), _tables(OfConcern)


def corrected_events(session: Session, school_id: int) -> frozenset[int]:
    """The events whose rows no longer count."""
    return frozenset(session.scalars(select(Correction.corrected_event_id).where(Correction.school_id == school_id)))


def load_school(session: Session, school_id: int) -> SchoolFile:
    """One school's file."""
    corrected = corrected_events(session, school_id)
    urn = session.scalars(select(School.urn).where(School.id == school_id)).one()
    rows: dict[type, list[Any]] = {
        table: _rows(session, table, table.school_id == school_id, corrected) for table in OF_SCHOOL
    }
    refs = session.execute(select(Person.id, Person.ref).where(Person.school_id == school_id))
    return SchoolFile(school_id, urn, RowsByTable(rows), {row.id: row.ref for row in refs})


def first_day_watched(session: Session, school_id: int) -> date:
    """The London day on which the school began with Offsite: its sessions are watched from then on."""
    first = session.scalar(select(Event.recorded_at).where(Event.school_id == school_id).order_by(Event.number).limit(1))
    return day_of(first) if first else date.min


def live_placements(school_id: int) -> Select[tuple[int]]:
    """The ids of a school's placements that are not closed (a corrected closure counts as none)."""
    closed = (
        select(Closure.placement_id)
        .where(Closure.school_id == school_id)
        .where(Closure.event_id.not_in(select(Correction.corrected_event_id)))
    )
    return select(Placement.id).where(Placement.school_id == school_id, Placement.id.not_in(closed))


def load_cases(
    session: Session, school: SchoolFile, placement_ids: Collection[int], watch_from: date | None = None
) -> list[Case]:
    """The cases of these placements of one school, in the order of their ids.

    `watch_from` is the first day whose sessions the rules look at; left out, the day the school began.
    """
    ids = sorted(placement_ids)
    corrected = corrected_events(session, school.id)
    placements = session.execute(
        select(Placement.id, Placement.ref, Placement.pupil_id, Placement.provider_id)
        .where(Placement.school_id == school.id, Placement.id.in_(ids))
        .order_by(Placement.id)
    ).all()
    pupil_ids = {p.pupil_id for p in placements}
    provider_ids = {p.provider_id for p in placements}
    watched = watch_from if watch_from is not None else first_day_watched(session, school.id)

    pupils = load_pupils(session, school, pupil_ids, corrected)
    providers = load_providers(session, school, provider_ids, corrected)
    of_placement = _grouped(session, OF_PLACEMENT, "placement_id", ids, corrected)
    concerns_there = _grouped(session, OF_CONCERN, "placement_id", ids, corrected)
    concerns_at = _grouped(session, OF_CONCERN, "provider_id", provider_ids, corrected)
    home, there = _marks(session, pupil_ids, corrected)
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


def load_pupils(
    session: Session, school: SchoolFile, pupil_ids: Collection[int], corrected: frozenset[int] | None = None
) -> dict[int, PupilFile]:
    """Pupils' files by id."""
    corrected = corrected_events(session, school.id) if corrected is None else corrected
    rows = _grouped(session, OF_PUPIL, "pupil_id", pupil_ids, corrected)
    found = session.execute(select(Pupil.id, Pupil.ref).where(Pupil.school_id == school.id, Pupil.id.in_(pupil_ids)))
    return {row.id: PupilFile(row.id, row.ref, RowsByTable(rows[row.id])) for row in found}


def load_providers(
    session: Session, school: SchoolFile, provider_ids: Collection[int], corrected: frozenset[int] | None = None
) -> dict[int, ProviderFile]:
    """Providers' files by id."""
    corrected = corrected_events(session, school.id) if corrected is None else corrected
    rows = _grouped(session, OF_PROVIDER, "provider_id", provider_ids, corrected)
    closed: dict[int, set[Slot]] = defaultdict(set)
    for closure in school.rows.of(ClosedDay):
        if closure.provider_id is not None:
            closed[closure.provider_id].update((closure.day, s) for s in SESSIONS if s in closure.sessions)
    found = session.execute(
        select(Provider.id, Provider.ref).where(Provider.school_id == school.id, Provider.id.in_(provider_ids))
    )
    return {
        row.id: ProviderFile(row.id, row.ref, RowsByTable(rows[row.id]), frozenset(closed[row.id])) for row in found
    }


def _rows(session: Session, table: Any, where: ColumnElement[bool], corrected: frozenset[int]) -> list[Any]:
    found = session.execute(select(table.__table__).where(where).order_by(table.happened_at, table.id))
    return [row for row in found if row.event_id not in corrected]


def _grouped(
    session: Session, tables: Sequence[Any], by: str, ids: Iterable[int], corrected: frozenset[int]
) -> defaultdict[int, dict[type, list[Any]]]:
    wanted = list(ids)
    grouped: defaultdict[int, dict[type, list[Any]]] = defaultdict(dict)
    for table in tables:
        for row in _rows(session, table, getattr(table, by).in_(wanted), corrected):
            grouped[getattr(row, by)].setdefault(table, []).append(row)
    return grouped


def _marks(
    session: Session, pupil_ids: Collection[int], corrected: frozenset[int]
) -> tuple[defaultdict[int, dict[Slot, MarkRow]], defaultdict[tuple[int, int], dict[Slot, MarkRow]]]:
    """The marks that stand, by pupil, and by pupil and provider. An amendment comes later and so takes the place."""
    home: defaultdict[int, dict[Slot, MarkRow]] = defaultdict(dict)
    there: defaultdict[tuple[int, int], dict[Slot, MarkRow]] = defaultdict(dict)
    found = session.execute(
        select(
            Mark.pupil_id, Mark.provider_id, Mark.day, Mark.session,
            Mark.id, Mark.event_id, Mark.code, Mark.reason.is_not(None), Mark.remote,
        )
        .where(Mark.pupil_id.in_(pupil_ids))
        .order_by(Mark.id)
    )  # fmt: skip
    for pupil_id, provider_id, day, slot, *mark in found:
        if mark[1] not in corrected:
            register = home[pupil_id] if provider_id is None else there[pupil_id, provider_id]
            register[day, cast(Any, slot)] = MarkRow(*mark)
    return home, there
