"""One placement of an invented school, built from rows without a database, for letters to be drafted from."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

import models.tables
from models.database import Database
from models.encrypted_text import KeyFile, Texts
from models.people import PersonDetails
from models.placement import Determination, Terms
from models.plan import Objective, Plan
from models.provider import ProviderDetails, Site
from models.pupil import Parent, Pupil, PupilAttribute, PupilDetails, TextKey
from models.review import Decision, Nomination, Review, ReviewHeld, View
from models.school import HalfTermDates, School, SchoolDetails
from offsite.case.case import Case, ProviderFile, PupilFile, RowsByTable, SchoolFile

AT = datetime(2026, 11, 4, 9, tzinfo=UTC)
HALF_TERMS = (
    (date(2026, 9, 2), date(2026, 10, 23)),
    (date(2026, 11, 2), date(2026, 12, 18)),
    (date(2027, 1, 4), date(2027, 2, 12)),
    (date(2027, 2, 22), date(2027, 3, 25)),
)
TIMES = {"am": ["08:45", "12:15"], "pm": ["13:10", "15:15"]}
FULL_TIME = {day: ["am", "pm"] for day in ("mon", "tue", "wed", "thu", "fri")}


def _row(table: Any, at: datetime = AT, **fields: Any) -> Any:
    """A row of a table, event 1, every column it was not told of empty."""
    given = {"id": 1, "school_id": 1, "event_id": 1, "happened_at": at, "recorded_at": at, **fields}
    columns = {c.key: None for c in table.__table__.columns}
    return table(**{k: v for k, v in {**columns, **given}.items() if k in columns})


@pytest.fixture
def texts():
    """A place to seal and open texts, with a key that is forgotten after the test."""
    database = Database("sqlite://")
    with database.engine.begin() as connection:
        tables = [table.__table__ for table in (School, Pupil, TextKey)]
        models.tables.metadata.create_all(connection, tables=tables)
    with database.writing() as session:
        session.add(School(id=1, urn="100001"))
        session.flush()
        session.execute(Pupil.__table__.insert().values(id=1, school_id=1, ref="ana"))
        yield Texts(session, KeyFile.throwaway(), 1)


@pytest.fixture
def school():
    """Hilltop School: maintained, four half terms, a clerk and a head who can be reached."""
    rows: dict[type, list[Any]] = {
        SchoolDetails: [
            _row(
                SchoolDetails,
                from_day=date(2026, 9, 1),
                name="Hilltop School",
                kind="maintained",
                local_authority="Buckinghamshire",
                sessions=TIMES,
            )
        ],
        HalfTermDates: [_row(HalfTermDates, first=first, last=last) for first, last in HALF_TERMS],
        PersonDetails: [
            _row(
                PersonDetails,
                person_id=n,
                from_day=date(2026, 9, 1),
                name=name,
                email=f"{role}@hilltop.example",
                phone="01632 960001",
                roles=[role],
            )
            for n, (role, name) in enumerate({"clerk": "Chris Moss", "head": "Hester Lane"}.items())
        ],
    }
    return SchoolFile(1, "100001", RowsByTable(rows), {0: "clerk1", 1: "head1"})


@pytest.fixture
def provider():
    """The Workshop: no school, one site."""
    details = _row(ProviderDetails, from_day=date(2026, 9, 1), name="The Workshop", kind="non_school")
    return ProviderFile(1, "centre", RowsByTable({ProviderDetails: [details], Site: [_site()]}))


@pytest.fixture
def pupil(pupil_born):
    """Ana, 15, with one parent."""
    return pupil_born(date(2011, 5, 4))


@pytest.fixture
def pupil_born():
    """Make Ana, born on a day, with or without an EHC plan."""
    return _pupil_born


@pytest.fixture
def row():
    """Make a row of a table."""
    return _row


@pytest.fixture
def at():
    """Wednesday 4 November 2026, 9 in the morning."""
    return AT


@pytest.fixture
def without():
    """Make the case as if nothing of some tables had been recorded."""
    return _without


@pytest.fixture
def changed():
    """Put other words into the newest row of a table."""
    return _changed


def _pupil_born(born: date, *, ehc_plan: bool = False) -> PupilFile:
    """Ana, born on a day, with or without an EHC plan."""
    mother = _row(Parent, ref="ana-m", name="Mo Brook", address="9 Mill Lane", responsibility=True, contact=True)
    held = _row(PupilAttribute, attribute="ehc_plan", holds=ehc_plan, from_day=date(2026, 9, 1), at_entry=True)
    return PupilFile(
        1,
        "ana",
        RowsByTable(
            {PupilDetails: [_row(PupilDetails, name="Ana Brook", born=born)], Parent: [mother], PupilAttribute: [held]}
        ),
    )


@pytest.fixture
def case(school, provider, pupil, texts):
    """A direction from Monday 16 November 2026 for 30 school days, everything on record."""

    def sealed(text: str) -> str | None:
        return texts.seal(text, 1)

    rows: dict[type, list[Any]] = {
        Terms: [
            _row(
                Terms,
                purpose="improve_behaviour",
                tried=[],
                reasons=sealed("repeated disruption"),
                start=date(2026, 11, 16),
                days=30,
                maximum_days=60,
                sessions=FULL_TIME,
                home_sessions={},
                mode="on_site",
                site="main",
                report_to="Lee Park",
                reintegration_is_objective=True,
            )
        ],
        Determination: [_row(Determination, datetime(2026, 11, 3, 9, tzinfo=UTC), days=30, minute="2026/14")],
        Plan: [_row(Plan, agreed_by=["school", "provider"], english=True, maths=True, part_time_agreed=False)],
        Objective: [
            _row(
                Objective,
                name="o1",
                text=sealed("Uses a calm-down plan"),
                measure=sealed("incidents a week"),
                by=date(2026, 12, 18),
            )
        ],
        Review: [_row(Review, name="r1", change="scheduled", meets_on=date(2026, 11, 30), meets_at=None)],
        Nomination: [_row(Nomination, review="r1", name="Gwen Ford", head=False)],
        View: [_row(View, review="r1", sender="relevant_person")],
        ReviewHeld: [_row(ReviewHeld, review="r1", held_on=date(2026, 11, 30), attended=["relevant_person", "head"])],
        Decision: [
            _row(
                Decision,
                datetime(2026, 12, 1, 9, tzinfo=UTC),
                review="r1",
                decision="continue",
                days=20,
                reasons=sealed("progress is real but not yet secure"),
                views_considered=["relevant_person"],
                amends=False,
            )
        ],
    }
    return Case(1, "p1", school, provider, pupil, RowsByTable(rows))


def _without(case: Case, *tables: type) -> Case:
    """The case as if nothing of these tables had been recorded."""
    return replace(case, rows=RowsByTable({t: r for t, r in case.rows._rows.items() if t not in tables}))


def _changed(case: Case, table: type, **fields: Any) -> Case:
    """The case with other words in the newest row of a table."""
    for key, value in fields.items():
        setattr(case.rows._rows[table][-1], key, value)
    return case


def _site() -> Any:
    return _row(Site, ref="main", address="4 Mill Lane")
