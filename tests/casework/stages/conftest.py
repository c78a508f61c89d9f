"""An invented school with one placement, entered as rows with their events, for the stages to work on."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from models import chronology
from models.chronology import Event
from models.database import Database
from models.encrypted_text import KeyFile, Texts
from models.people import Person, PersonDetails
from models.placement import Document, Placement, Task, Terms
from models.provider import Provider, ProviderDetails, Site
from models.pupil import Parent, Pupil, PupilDetails
from models.school import HalfTermDates, School, SchoolDetails

URN = "100001"
PUPIL_NAME = "Ana Brook"
BEGINS = datetime(2026, 9, 1, 8, tzinfo=UTC)
HALF_TERMS = (
    (date(2026, 9, 2), date(2026, 10, 23)),
    (date(2026, 11, 2), date(2026, 12, 18)),
    (date(2027, 1, 4), date(2027, 2, 12)),
    (date(2027, 2, 22), date(2027, 3, 25)),
)
FULL_TIME = {day: ["am", "pm"] for day in ("mon", "tue", "wed", "thu", "fri")}
SEALED = {"reasons", "text", "measure", "report"}


class Entered:
    """The record: enter rows into it, count what is filed in it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.key_file = KeyFile.throwaway()
        self.urn = URN

    def enter(self, at: datetime | date, *rows: Any) -> None:
        """Enter rows about the placement (or the school) that happened at an instant, or at nine on a day."""
        when = at if isinstance(at, datetime) else datetime(at.year, at.month, at.day, 9, tzinfo=UTC)
        with self.database.writing() as session:
            event = chronology.append(
                session, school_id=1, kind="entered", by="test", placement_id=None, happened_at=when, recorded_at=when,
                payload={},
            )  # fmt: skip
            texts = Texts(session, self.key_file, 1)
            for row in rows:
                columns = row.__table__.columns.keys()
                fixed = {"school_id": 1, "event_id": event.id, "happened_at": when, "recorded_at": when}
                one = next((key for key in ("placement_id", "pupil_id", "provider_id") if key in columns), None)
                for key, value in fixed.items():
                    setattr(row, key, value)
                if one is not None:
                    setattr(row, one, 1)
                for key in SEALED & set(columns):
                    setattr(row, key, texts.seal(getattr(row, key), 1))
                session.add(row)

    def count(self, table: Any) -> int:
        """How many rows a table has."""
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def letters(self, kind: str) -> list[str]:
        """The letters of a kind that are filed, opened."""
        with self.database.reading() as session:
            texts = Texts(session, self.key_file, 1)
            rows = session.scalars(select(Document).where(Document.kind == kind).order_by(Document.id))
            return [texts.open(row.text, 1) or "" for row in rows]

    def tasks(self) -> list[tuple[str, str, str, date | None]]:
        """Kind, subject, role and due day of every task opened."""
        with self.database.reading() as session:
            return [(t.kind, t.subject, t.role, t.due) for t in session.scalars(select(Task).order_by(Task.id))]

    def events(self, kind: str) -> list[dict[str, Any]]:
        """The payloads of all events of a kind."""
        with self.database.reading() as session:
            return list(session.scalars(select(Event.payload).where(Event.kind == kind).order_by(Event.number)))


def terms(**changed: Any) -> Terms:
    """The terms of the direction: Monday 16 November 2026, 30 school days, full time."""
    fields: dict[str, Any] = {
        "purpose": "improve_behaviour", "tried": [], "reasons": "repeated disruption", "start": date(2026, 11, 16),
        "days": 30, "maximum_days": 60, "sessions": FULL_TIME, "home_sessions": {}, "mode": "on_site", "site": "main",
        "report_to": "Lee Park", "reintegration_is_objective": True,
    }  # fmt: skip
    return Terms(**{**fields, **changed})


@pytest.fixture
def new_terms() -> Callable[..., Terms]:
    """Make terms that differ."""
    return terms


@pytest.fixture
def record(database: Database) -> Entered:
    """Hilltop School, The Workshop, Ana, and the placement p1 as proposed on Monday 2 November 2026."""
    entered = Entered(database)
    with entered.database.writing() as session:
        session.add(School(id=1, urn=URN))
        session.flush()
        session.add_all(
            [
                Pupil(id=1, school_id=1, ref="ana"),
                Provider(id=1, school_id=1, ref="centre"),
                *(Person(id=n, school_id=1, ref=ref) for n, ref in enumerate(("clerk1", "head1", "att1"), 1)),
            ]
        )
        session.flush()
        session.add(Placement(id=1, school_id=1, ref="p1", pupil_id=1, provider_id=1))
    first = date(2026, 9, 1)
    times = {"am": ["08:45", "12:15"], "pm": ["13:10", "15:15"]}
    entered.enter(
        BEGINS,
        SchoolDetails(
            from_day=first, name="Hilltop School", kind="maintained", local_authority="Buckinghamshire", sessions=times
        ),
        *(HalfTermDates(first=begins, last=ends) for begins, ends in HALF_TERMS),
        *(
            PersonDetails(person_id=n, from_day=first, name=f"Person {n}", email=f"{n}@hilltop.example", roles=roles)
            for n, roles in ((1, ["clerk"]), (2, ["head"]), (3, ["attendance", "senco"]))
        ),
        PupilDetails(name=PUPIL_NAME, born=date(2011, 5, 4)),
        Parent(ref="ana-m", name="Mo Brook", responsibility=True, contact=True),
        ProviderDetails(from_day=first, name="The Workshop", kind="non_school"),
        Site(ref="main", address="4 Mill Lane"),
    )
    entered.enter(BEGINS + timedelta(days=62), terms())
    return entered
