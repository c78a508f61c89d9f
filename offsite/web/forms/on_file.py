"""What is on file, to be said again with what has changed: a form is filled in with it, and an emptied box takes it away."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import select

from models.provider import Provider
from offsite.web.forms.controls import Control, spread_all
from offsite.web.visit import Visit

CLEARED = ("email", "phone")
"""What is on file no more once its box, filled in with it, was emptied."""


class FilledIn(Protocol):
    """A form, and which of its boxes were filled in with what is on file."""

    fixed: dict[str, str]
    asked: list[Control]
    filled: tuple[str, ...]

    @property
    def name(self) -> str:
        """The command's name."""
        ...


def on_file(visit: Visit, command: str, fixed: Mapping[str, str]) -> dict[str, Any]:
    """What the form of a command that changes something is filled in with."""
    if command == "set_up_school":
        return present_school(visit)
    return present_person(visit, fixed["person"]) if command == "change_person" and "person" in fixed else {}


def only_changed(visit: Visit, form: FilledIn, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed over what is on file of a person, with what was emptied; what stayed as it was is not said again."""
    if form.name != "change_person":
        return dict(given)
    shown = spread_all(form.asked, on_file(visit, form.name, form.fixed))
    as_it_is = {control.name: control.read(shown) for control in form.asked if control.name in form.filled}
    typed = {name: value for name, value in given.items() if name not in as_it_is or as_it_is[name] != value}
    return typed | dict.fromkeys(emptied(form, given), "")


def emptied(form: FilledIn, given: Collection[str]) -> Sequence[str]:
    """The boxes that were filled in with what can be taken away, and sent empty."""
    return [name for name in CLEARED if name in form.filled and name not in given]


def present_school(visit: Visit) -> dict[str, Any]:
    """The school as it is on file, to be said again with what has changed: terms that have begun must be repeated."""
    school = visit.who.school
    details = school.details_on(visit.who.today)
    return {
        "name": details.name,
        "urn": school.urn,
        "kind": details.kind,
        "local_authority": details.local_authority,
        "half_terms": [{"first": first, "last": last} for first, last in school.half_terms],
        "sessions": details.sessions,
    }


def present_person(visit: Visit, ref: str) -> dict[str, Any]:
    """A person as they are on file, to be changed; nothing of one who is not."""
    school = visit.who.school
    for person, _ in school.people_on(visit.who.today):
        if school.person_refs[person.person_id] == ref:
            wanted = select(Provider.ref).where(Provider.id == person.provider_id)
            works_at = visit.session.scalar(wanted) if person.provider_id is not None else None
            on_file = {"roles": person.roles, "name": person.name, "email": person.email, "phone": person.phone}
            return {name: value for name, value in (on_file | {"provider": works_at}).items() if value}
    return {}
