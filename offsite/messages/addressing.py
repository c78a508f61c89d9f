"""Whom to tell: everybody who holds or covers a role, nobody a concern is against, never nobody at all."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from models.people import PersonDetails
from offsite.access.sight import reads_concerns
from offsite.case.case import SchoolFile
from offsite.law.london import day_of

STAND_INS = {"head": ("chair", "governors"), "dsl": ("head", "deputy_dsl")}
"""Who takes the place of a role a concern is against: for the head the chair (none: governors), for the DSL the head and a
deputy."""
LAST_RESORT = ("dsl", "head", "deputy_dsl", "chair", "governors")
"""Who is told where a role is empty or cannot be reached, in this order."""


class Addressee(NamedTuple):
    """Somebody to tell, for a role."""

    role: str
    person_id: int | None
    address: str | None
    instead_of: str | None = None
    """The role that could not be reached."""


def whom(
    school: SchoolFile,
    roles: Sequence[str],
    at: datetime,
    against: Collection[str] = (),
    provider_email: str | None = None,
    provider_id: int | None = None,
) -> list[Addressee]:
    """Everybody to tell for these roles, each person once; with somebody always in the list.

    `against`: references of persons, and roles, never told. `provider_email`: the contact of the provider concerned; where it
    has none, its own people are told (`provider_id`), never another provider's. Where nobody at all can be reached, one
    addressee without an address stands for it, which `offsite doctor` shows.
    """
    people = _reachable(school, at, against)
    found: list[Addressee] = []
    for role in dict.fromkeys(_without(roles, against, school, at)):
        if role == "provider" and provider_email:
            found.append(Addressee("provider", None, provider_email))
            continue
        holders = [p for p in _holding(people, role) if role != "provider" or (provider_id and p.provider_id == provider_id)]
        found.extend([Addressee(role, p.person_id, p.email) for p in holders] or _instead(people, role))
    unique = {(one.person_id, one.address): one for one in reversed(found)}
    return [one for one in found if unique[one.person_id, one.address] is one] or [Addressee(roles[0], None, None)]


def readers(school: SchoolFile, at: datetime, against: Collection[str] = ()) -> list[Addressee]:
    """Everybody who can be told and may read the text of a concern, for the role by which they may; `against` as above."""
    return [
        Addressee(role, person.person_id, person.email)
        for person, roles in _reachable(school, at, against)
        if (role := next((role for role in roles if reads_concerns((role,))), None)) is not None
    ]


People = list[tuple[PersonDetails, tuple[str, ...]]]


def _reachable(school: SchoolFile, at: datetime, against: Collection[str]) -> People:
    return [
        (person, roles)
        for person, roles in school.people_on(day_of(at))
        if person.email and not {school.person_refs[person.person_id], *roles} & set(against)
    ]


def _holding(people: People, role: str) -> list[PersonDetails]:
    return [person for person, roles in people if role in roles]


def _without(roles: Sequence[str], against: Collection[str], school: SchoolFile, at: datetime) -> list[str]:
    """The roles, with stand-ins for those a concern is against: the role itself, or all its holders."""
    barred = set(against)
    for person, held in school.people_on(day_of(at)):
        if school.person_refs[person.person_id] in against:
            barred.update(held)
    left: list[str] = []
    people = _reachable(school, at, against)
    for role in roles:
        if role not in barred:
            left.append(role)
        elif role == "head":
            left.append("chair" if _holding(people, "chair") else "governors")
        elif role in STAND_INS:
            left.extend(r for r in STAND_INS[role] if r not in barred)
        elif _holding(people, role):
            left.append(role)
    return left or ["dsl" if "dsl" not in barred else "head"]


def _instead(people: People, role: str) -> list[Addressee]:
    for other in LAST_RESORT:
        if holders := _holding(people, other):
            return [Addressee(other, p.person_id, p.email, instead_of=role) for p in holders]
    return [Addressee(role, None, None, instead_of=role)]
