"""Who reads the text of concerns that others raised, at a school: what keeps their accounts from being taken over asks here."""

from datetime import date

from models.people import Cover, PersonDetails
from offsite.access.sight import reads_concerns
from offsite.case.case import SchoolFile


def readers(school: SchoolFile, day: date) -> list[int]:
    """Ids of the people who read them on a day, by a role they hold or cover."""
    return [person.person_id for person, roles in school.people_on(day) if reads_concerns(roles)]


def reads_or_will(school: SchoolFile, person_id: int, day: date) -> bool:
    """Whether somebody reads them on a day, or will on a later one by what is on record: a role to come, a cover to come."""
    to_come = [row.from_day for row in school.rows.of(PersonDetails)] + [row.first for row in school.rows.of(Cover)]
    return any(person_id in readers(school, on) for on in {day, *(on for on in to_come if on > day)})
