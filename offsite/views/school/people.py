"""The people of a school: which roles they hold, by which ways they are reached and whether that works, who covers whom."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.people import Cover, PersonDetails
from offsite.access.viewer import Viewer
from offsite.messages.channels import WAYS
from offsite.messages.numbers import dialled
from offsite.messages.reach import FAILED, Attempt, Way, last_attempts, unreachable, ways
from rules.rule import ROLES


class WayShown(NamedTuple):
    """One channel to one person."""

    channel: str
    address: str | None
    """As it is on record."""
    way: Way | None
    lacking: str
    """Why there is no way by it; empty where there is one."""
    worked: Attempt | None
    """When a message was last taken."""
    failed: Attempt | None
    """What went wrong since."""


class PersonShown(NamedTuple):
    """One person."""

    ref: str
    details: PersonDetails
    roles: tuple[str, ...]
    ways: list[WayShown]

    @property
    def trouble(self) -> bool:
        """Whether some way to them is lacking, or the last message by it failed."""
        return any(way.lacking or way.failed for way in self.ways)


class CoverShown(NamedTuple):
    """Somebody who stands in."""

    ref: str
    name: str
    first: date
    last: date


class RoleShown(NamedTuple):
    """One role: who holds it, who covers it now, who will."""

    role: str
    holders: list[tuple[str, str]]
    """Reference and name."""
    covered: list[CoverShown]
    coming: list[CoverShown]
    unreached: str
    """Why nobody in it can be reached; empty where somebody can."""


def people(session: Session, viewer: Viewer, on: Collection[str]) -> list[PersonShown]:
    """Everybody with a role today, in the order of their references; `on`: the channels there are."""
    refs = viewer.school.person_refs
    found = sorted(viewer.school.people_on(viewer.today), key=lambda each: refs[each[0].person_id])
    asked = [way for person, _ in found for way in ways(person, on)]
    newest = last_attempts(session, asked, ("sent", *FAILED))
    worked = {way: attempt for way, attempt in newest.items() if attempt.outcome == "sent"}
    worked |= last_attempts(session, [way for way in newest if way not in worked], ("sent",))
    return [
        PersonShown(
            refs[person.person_id],
            person,
            tuple(dict.fromkeys(roles)),
            [
                _way(channel, person, {way.channel: way for way in ways(person, on)}.get(channel), newest, worked)
                for channel in WAYS
                if channel in on
            ],
        )
        for person, roles in found
    ]


def _way(
    channel: str,
    person: PersonDetails,
    way: Way | None,
    newest: Mapping[Way, Attempt],
    worked: Mapping[Way, Attempt],
) -> WayShown:
    address = person.email if channel == "email" else person.phone
    if way is None:
        return WayShown(channel, address, None, _lacking(channel, person), None, None)
    last, taken = newest.get(way), worked.get(way)
    return WayShown(channel, address, way, "", taken, None if last == taken else last)


def _lacking(channel: str, person: PersonDetails) -> str:
    if channel == "email":
        return "no e-mail address on record"
    if person.phone and dialled(person.phone) is None:
        return "the number cannot be dialled from anywhere: it must begin with 0 or +, without an extension"
    return "no phone number on record"


def roles(session: Session, viewer: Viewer, on: Collection[str]) -> list[RoleShown]:
    """Every role: who holds it, who covers it today and who will, the first to come first."""
    school, today = viewer.school, viewer.today
    found = {person.person_id: person for person, _ in school.people_on(today)}
    covers = sorted((c for c in school.rows.of(Cover) if c.last >= today), key=lambda c: (c.first, c.last))
    lost = dict(unreachable(session, school, ROLES, viewer.at, on))
    shown = []
    for role in ROLES:
        of_role = [
            (c.first > today, CoverShown(school.person_refs[c.person_id], found[c.person_id].name, c.first, c.last))
            for c in covers
            if c.role == role
        ]
        shown.append(
            RoleShown(
                role,
                sorted((school.person_refs[p.person_id], p.name) for p in found.values() if role in p.roles),
                [cover for later, cover in of_role if not later],
                [cover for later, cover in of_role if later],
                lost.get(role, ""),
            )
        )
    return shown
