"""Synthetic placements: invented, alike, written straight into the tables, with sixty school days of marks each."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models import chronology
from models.attendance import Contact, Mark, Visit
from models.database import Database
from models.encrypted_text import KeyFile
from models.migrations import schema
from models.people import Person, PersonDetails
from models.placement import Determination, Notice, Placement, Start, Terms
from models.plan import Objective, Plan, ProgressReport
from models.provider import Provider, ProviderCheck, ProviderDetails, Site
from models.pupil import Parent, Pupil, PupilDetails
from models.review import Review
from models.school import HalfTermDates, School, SchoolDetails, SettingsChange
from offsite.case.direction.terms import FULL_TIME
from offsite.law.calendars import HalfTerm, SchoolDays

HALF_TERMS = [
    HalfTerm(date(2026, 9, 2), date(2026, 10, 23)),
    HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),
    HalfTerm(date(2027, 1, 4), date(2027, 7, 21)),
]
AT = datetime(2026, 12, 4, 9, 50, tzinfo=UTC)
"""When the sweeps judge: a Friday morning after the cut-off."""
DAYS = 60
"""School days of marks."""
SESSIONS = {"am": ["08:45", "12:15"], "pm": ["13:10", "15:15"]}


def make(folder: Path, placements: int, providers: int = 1) -> Database:
    """A database of one school with so many live placements, at so many providers; one in fifty has something wrong."""
    database = Database(f"sqlite:///{folder / f'synthetic-{placements}.db'}")
    schema.upgrade(database)
    KeyFile.throwaway()
    days = SchoolDays(HALF_TERMS).days_between(date(2026, 9, 2), AT.date())[-DAYS:]
    begun = datetime.combine(days[0], time(7), UTC)
    with database.writing() as session:
        school = School(urn="999900")
        session.add(school)
        session.flush()
        event = chronology.append(
            session, school_id=school.id, kind="set_up_school", by="operator", placement_id=None,
            happened_at=begun, recorded_at=begun, payload={},
        )  # fmt: skip
        row = {"school_id": school.id, "event_id": event.id, "happened_at": begun, "recorded_at": begun}
        session.add(SchoolDetails(**row, from_day=date.min, name="Invented", kind="maintained",
                                  local_authority="Invented", sessions=SESSIONS))  # fmt: skip
        session.add_all([HalfTermDates(**row, first=half.first, last=half.last) for half in HALF_TERMS])
        session.add(SettingsChange(**row, from_day=date.min, settings={"hours_threshold": 30}))
        person = Person(school_id=school.id, ref="dsl1")
        session.add(person)
        session.flush()
        roles = ["dsl", "deputy_dsl", "head", "clerk", "governors", "attendance", "senco"]
        session.add(PersonDetails(**row, person_id=person.id, from_day=date.min, name="Invented",
                                  email="dsl@invented.example", phone=None, roles=roles))  # fmt: skip
        ids = [_provider(session, row, "workshop" if n == 0 else f"workshop{n}") for n in range(providers)]
        for first in range(0, placements, 500):
            _batch(session.connection().execute, row, ids, range(first, min(first + 500, placements)), days)
    return database


def _provider(session: Session, row: dict[str, Any], ref: str) -> int:
    provider = Provider(school_id=row["school_id"], ref=ref)
    session.add(provider)
    session.flush()
    session.add(
        ProviderDetails(
            **row, provider_id=provider.id, from_day=date.min, name="Invented", kind="non_school", setting_type="NFE"
        )
    )
    session.add(Site(**row, provider_id=provider.id, ref="main", address="1 Invented Lane"))
    session.add_all([
        ProviderCheck(**row, provider_id=provider.id, item=item, status="verified", valid_until=date(2027, 8, 31))
        for item in "abcdefghijklmn"
    ])  # fmt: skip
    return provider.id


def _batch(execute: Any, row: dict[str, Any], providers: list[int], numbers: range, days: list[date]) -> None:
    """Five hundred placements and their marks."""
    at = {n + 1: providers[n % len(providers)] for n in numbers}
    ids = [{"id": n + 1, "school_id": row["school_id"], "ref": f"u{n}"} for n in numbers]
    execute(insert(Pupil), ids)
    about = [{**row, "pupil_id": n + 1} for n in numbers]
    execute(insert(PupilDetails), [{**a, "name": "Invented", "born": date(2012, 3, 3), "upn": None, "year_group": None}
                                   for a in about])  # fmt: skip
    execute(insert(Parent), [{**a, "ref": f"m{a['pupil_id']}", "name": "Invented", "email": None, "phone": None,
                              "address": None, "language": None, "responsibility": True, "contact": True}
                             for a in about])  # fmt: skip
    execute(insert(Placement), [{**one, "pupil_id": one["id"], "provider_id": at[one["id"]], "ref": f"P{one['id']}"}
                                for one in ids])  # fmt: skip
    of = [{**row, "placement_id": n + 1} for n in numbers]
    execute(insert(Terms), [{**o, "purpose": "improve_behaviour", "tried": ["mentoring"],
                             "not_appropriate": None, "reasons": None,
                             "start": days[0], "days": 120, "maximum_days": 120, "sessions": FULL_TIME,
                             "home_sessions": {}, "mode": "on_site", "site": "main", "address": None,
                             "session_times": None, "report_to": None, "approved_by": "head", "supervised_by": "lead",
                             "reintegration_is_objective": True,
                             "census_reason": "off-site direction"} for o in of])  # fmt: skip
    execute(insert(Determination), [{**o, "days": 120, "minute": None} for o in of])
    execute(insert(Notice), [{**o, "recipient": f"parent:m{o['placement_id']}", "method": "hand",
                              "sent_on": days[0] - timedelta(10), "given_on": days[0] - timedelta(10), "omitted": [],
                              "start": days[0], "days": 120} for o in of])  # fmt: skip
    execute(insert(Start), [{**o, "overridden_by": None, "override_reason": None, "gates_shut": []} for o in of])
    execute(insert(Plan), [{**o, "agreed_by": ["provider", "school"], "english": True, "maths": True,
                            "part_time_agreed": False, "readiness": ["attendance"],
                            "report_every_days": None} for o in of])  # fmt: skip
    execute(insert(Objective), [{**o, "name": "o1", "text": None, "measure": "incidents a week", "baseline": None,
                                 "target": None, "by": date(2027, 3, 1), "owner": None} for o in of])  # fmt: skip
    execute(insert(Review), [{**o, "name": f"r{o['placement_id']}", "change": "scheduled", "meets_on": date(2026, 12, 16),
                              "meets_at": None} for o in of])  # fmt: skip
    lately = [{**o, "happened_at": AT - timedelta(3), "recorded_at": AT - timedelta(3)} for o in of]
    execute(
        insert(Contact),
        [{**o, "contacted": "provider", "reached": True, "day": None, "session": None, "about": None} for o in lately],
    )
    execute(insert(Visit), [{**o, "note": None} for o in lately])
    execute(insert(ProgressReport), [{**o, "ratings": {}, "note": None} for o in lately])
    marks = [
        {**a, "provider_id": register, "day": day, "session": session, "code": "B" if register is None else code,
         "activity": "joinery", "site": "main", "remote": False, "approved_by": "head", "supervised_by": "lead", "reason": None,
         "amends": None}
        for a in about
        for day in days
        for session, code in (("am", "/"), ("pm", "\\"))
        for register in (None, at[a["pupil_id"]])
        if not (day == days[-1] and (session == "pm" or (register is not None and a["pupil_id"] % 50 == 0)))
    ]  # fmt: skip
    execute(insert(Mark), marks)
