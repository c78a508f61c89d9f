"""Who writes, who is written to, who may be asked: the people and bodies that letters name."""

from datetime import date
from typing import NamedTuple

from offsite.case.case import Case, SchoolFile
from offsite.case.direction.recipients import AUTHORITY, HEAD, PARENT, PROVIDER, PUPIL, REPRESENTATIVE, relevant_people
from offsite.letters.words import listed

BODIES = {
    "maintained": "governing body",
    "special": "governing body",
    "pru": "management committee",
    "academy": "board of the academy trust",
    "ap_academy": "board of the academy trust",
    "special_academy": "board of the academy trust",
}
"""Who decides, by the kind of school."""


class Party(NamedTuple):
    """Somebody a letter goes to."""

    name: str
    address: str


def body_of(school: SchoolFile, day: date) -> str:
    """What the body that decides is called: governing body, management committee, board of the academy trust."""
    return BODIES.get(school.details_on(day).kind, "governing body")


def authority_of(school: SchoolFile, day: date) -> str:
    """The local authority, as letters name it."""
    name = school.details_on(day).local_authority
    return name if "council" in name.lower() or "authority" in name.lower() else f"{name} local authority"


def contact_at(school: SchoolFile, day: date) -> str | None:
    """Whom to ask: the clerk with telephone and e-mail, else the head; None where neither can be reached."""
    for role, title in (("clerk", "clerk to the governing body"), ("head", "headteacher")):
        for person, roles in school.people_on(day):
            ways = [way for way in (person.phone, person.email) if way]
            if role in roles and ways:
                shown = title.replace("governing body", body_of(school, day))
                return f"{person.name}, {shown} ({listed(ways, 'or')})"
    return None


def party(case: Case, recipient: str, day: date) -> Party | None:
    """A recipient (`parent:REF`, pupil, provider, ...) by name and address; None where nobody is on record."""
    kind, _, ref = recipient.partition(":")
    provider = case.provider.details_on(day)
    if kind == PARENT:
        found = next((parent for parent in case.pupil.parents if parent.ref == ref), None)
        return Party(found.name, found.address or found.email or "") if found else None
    if kind == PUPIL:
        return Party(case.pupil.details.name, "")
    if kind == PROVIDER:
        name = f"{provider.contact_name}, {provider.name}" if provider.contact_name else provider.name
        return Party(name, provider.contact_email or "")
    if kind == AUTHORITY:
        return Party(authority_of(case.school, day), "")
    if kind == HEAD:
        held = next((person.name for person, roles in case.school.people_on(day) if HEAD in roles), None)
        return Party(held, "") if held else None
    return None


def relevant_parties(case: Case, day: date) -> list[Party]:
    """The relevant person by name: every parent with responsibility, or from the 18th birthday the pupil."""
    found = (party(case, recipient, day) for recipient in relevant_people(case.pupil, day))
    return [each for each in found if each is not None]


def authority_if_plan(case: Case, day: date) -> list[Party]:
    """The authority, where it maintains an EHC plan on a day."""
    return [Party(authority_of(case.school, day), "")] if case.pupil.has("ehc_plan", day) else []


PARTY_WORDS = {
    PARENT: "the parent",
    "relevant_person": "the parent, or the pupil from the 18th birthday",
    PUPIL: "the pupil",
    PROVIDER: "the provider",
    HEAD: "the headteacher",
    REPRESENTATIVE: "the representative of the board",
    AUTHORITY: "the local authority",
}


def in_words(case: Case, recipient: str, day: date) -> str:
    """Somebody who came or wrote, as an outcome names them: "Mo Brook (parent)", "the provider"."""
    kind = recipient.partition(":")[0]
    if kind in ("relevant_person", PARENT):
        names = [p.name for p in relevant_parties(case, day)] if kind == "relevant_person" else []
        one = party(case, recipient, day) if kind == PARENT and ":" in recipient else None
        names = [one.name] if one else names
        return listed(names) if names else PARTY_WORDS[kind]
    if kind == PUPIL:
        return case.pupil.details.name
    if kind == PROVIDER:
        return case.provider.details_on(day).name
    if kind == AUTHORITY:
        return authority_of(case.school, day)
    return PARTY_WORDS.get(kind, kind.replace("_", " "))
