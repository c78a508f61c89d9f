"""Whom a concern is against: nobody of these is ever told of it, shown it, or may act on it."""

from collections.abc import Collection
from datetime import date

from models.concern import Concern
from offsite.case.case import SchoolFile


def names_against(concern: Concern) -> frozenset[str]:
    """The person or role it is against and, for a role, who held or covered it when the concern was raised; empty: nobody."""
    return frozenset((concern.against, *concern.against_holders) if concern.against else ())


def holders_of(school: SchoolFile, role: str, days: Collection[date]) -> list[str]:
    """References of those who hold or cover a role on any of these London days. Kept with a concern against the role, so that
    giving the role up opens nothing."""
    held = {person.person_id for day in days for person, roles in school.people_on(day) if role in roles}
    return sorted(school.person_refs[person_id] for person_id in held)
