"""Review meetings as calendar files (iCalendar, RFC 5545). A calendar is seen by others: the entry tells a reference and a
time, no name, no provider, no place and not what the meeting is for."""

import hashlib
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from models.review import Review
from offsite.case.case import Case
from offsite.case.governors.reviews import ReviewFile
from offsite.law.london import LONDON

MEETING = timedelta(hours=1)
"""Ours: no command says how long a meeting takes."""


def as_calendar(case: Case, meeting: ReviewFile, at: datetime) -> bytes:
    """A meeting as it stands at `at`. Taken again after it was moved or cancelled, it takes the place of the entry before:
    the same UID, a higher SEQUENCE."""
    changes = [row for row in case.of(Review) if row.name == meeting.name]
    event = Event()
    event.add("uid", f"{_opaque(case, meeting.name)}@offsite.invalid")
    event.add("sequence", len(changes) - 1)
    event.add("status", "CANCELLED" if meeting.cancelled else "CONFIRMED")
    event.add("summary", f"Meeting {meeting.name}")
    event.add("class", "PRIVATE")
    event.add("dtstamp", at)
    event.add("last-modified", changes[-1].recorded_at)
    if meeting.meets_at is None:
        event.add("dtstart", meeting.meets_on)
        event.add("dtend", meeting.meets_on + timedelta(days=1))
    else:
        begins = datetime.combine(meeting.meets_on, meeting.meets_at, LONDON)
        event.add("dtstart", begins)
        event.add("dtend", begins + MEETING)
    made = Calendar()
    made.add("prodid", "-//Offsite//EN")
    made.add("version", "2.0")
    made.add("method", "CANCEL" if meeting.cancelled else "PUBLISH")
    made.add_component(event)
    made.add_missing_timezones()
    return bytes(made.to_ical())


def _opaque(case: Case, name: str) -> str:
    return hashlib.sha256(f"{case.school.urn} {case.ref} {name}".encode()).hexdigest()[:32]
