"""People with roles: entering and changing them, and who stands in for whom."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from sqlalchemy import select

from models.people import Cover as CoverRow
from models.people import Person, PersonDetails
from models.provider import Provider
from offsite.access.deeds import OUTSIDERS
from offsite.access.readers import reads_or_will
from offsite.access.sight import reads_concerns
from offsite.casework.command import OPERATOR, Command, Private, Ref, Words, handles
from offsite.casework.commands.fields import Day, Role
from offsite.casework.refusals import Senseless
from offsite.casework.work import Work
from offsite.law.london import day_of
from offsite.messages.accounts import ADDRESS_CHANGED, READS_NOW, tell_holder, tell_other_readers
from offsite.messages.numbers import ALLOWED, possible

Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$"), Private()]


def _phone(number: str) -> str:
    if not possible(number):
        raise ValueError(f"that is no phone number; allowed: {ALLOWED}")
    return number


Phone = Annotated[Words, AfterValidator(_phone), Private()]
"""A number somebody is reached by. What is on record already is not asked again."""


def _phone_or_none(number: str) -> str:
    return number and _phone(number)


EmailOrNone = Annotated[str, Field(pattern=r"^([^@\s]+@[^@\s]+)?$"), Private()]
PhoneOrNone = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=300), AfterValidator(_phone_or_none), Private()
]
"""The same, or empty: there is none any more."""


class AddPerson(Command):
    """Enter a person with a role: who is told, who decides."""

    id: Annotated[Ref, Field(description="short reference, such as dsl1")]
    roles: Annotated[tuple[Role, ...], Field(min_length=1, description="one or more roles")]
    name_: Annotated[Words, Private(), Field(alias="name", description="the person's name")]
    email: Annotated[Email | None, Private(), Field(description="where messages go")] = None
    phone: Annotated[Phone | None, Private(), Field(description="for what is critical, where texts or calls are on")] = None
    provider: Annotated[Ref | None, Field(description="of somebody who works at a provider: which")] = None


@handles(AddPerson)
def add_person(command: AddPerson, work: Work) -> None:
    """Refused where the reference is in use, or the roles do not go together."""
    _refuse_both_sides("roles", command.roles)
    provider_id = _provider(work, command.provider, command.roles)
    person = work.new(Person(school_id=work.school_id, ref=command.id), "id")
    work.add(
        PersonDetails(
            person_id=person.id,
            from_day=date.min,
            name=command.name_,
            email=command.email,
            phone=command.phone,
            roles=list(command.roles),
            provider_id=provider_id,
        )
    )
    _tell_of_reader(work, person.id, command.roles)


class ChangePerson(Command):
    """Change a person's roles or how to reach them, from a day on."""

    person: Annotated[Ref, Field(description="the person's reference")]
    from_day: Annotated[Day | None, Field(alias="from", description="day from which it holds (left out: today)")] = None
    roles: Annotated[tuple[Role, ...] | None, Field(description="all roles from then on")] = None
    name_: Annotated[Words | None, Private(), Field(alias="name")] = None
    email: Annotated[EmailOrNone | None, Private(), Field(description="empty, as in --email '': none any more")] = None
    phone: Annotated[PhoneOrNone | None, Private(), Field(description="empty, as in --phone '': none any more")] = None
    provider: Annotated[Ref | None, Field(description="of somebody who works at a provider: which")] = None

    def edits(self) -> str:
        """The person."""
        return f"person {self.person}"


@handles(ChangePerson)
def change_person(command: ChangePerson, work: Work) -> None:
    """Refused for a day in the past, since what was true earlier is not rewritten, and where the roles do not go together.
    A new e-mail address is told to the old one, and so is that there is none any more."""
    person_id = work.id_of(Person, command.person, "person")
    from_day = command.from_day or work.day
    if from_day < work.day:
        raise Senseless("from", from_day.isoformat(), f"{work.day} or later")
    now = next(details for details, _ in work.school.people_on(from_day) if details.person_id == person_id)
    roles = command.roles if command.roles is not None else tuple(now.roles)
    _refuse_both_sides("roles", (*roles, *_covered(work, person_id, from_day, date.max)))
    provider_id = _provider(work, command.provider, roles) if command.provider is not None else now.provider_id
    changed = PersonDetails(
        person_id=person_id,
        from_day=from_day,
        name=command.name_ or now.name,
        email=now.email if command.email is None else command.email or None,
        phone=now.phone if command.phone is None else command.phone or None,
        roles=list(roles),
        provider_id=provider_id,
    )
    _tell_of_address(work, changed)
    work.add(changed)
    if not reads_concerns(now.roles):
        _tell_of_reader(work, person_id, roles)


def _tell_of_address(work: Work, changed: PersonDetails) -> None:
    """Tell of an e-mail address that is not the one entered last: an account link may soon go there, or nothing any more."""
    of = PersonDetails.person_id == changed.person_id
    last = work.session.scalars(select(PersonDetails.email).where(of).order_by(PersonDetails.id.desc()).limit(1)).first()
    if changed.email == last:
        return
    who, school, by, at = changed.person_id, work.school, work.said.by, work.recorded_at
    tell_holder(work.session, school, who, ADDRESS_CHANGED.to_holder, by, at, [changed.email] if changed.email else [])
    if reads_or_will(school, who, day_of(at)) or reads_concerns(changed.roles):
        tell_other_readers(work.session, school, who, ADDRESS_CHANGED, by, at)


def _tell_of_reader(work: Work, person_id: int, roles: Sequence[str]) -> None:
    """Tell those who read concerns that somebody now does, where it was not one of them who gave the role: a head appoints a
    safeguarding lead, but not unseen."""
    who, at = work.said.by, work.recorded_at
    if reads_concerns(roles) and who != OPERATOR and not reads_concerns(work.roles_of(who, day_of(at))):
        work.session.flush()
        work.forget()
        tell_other_readers(work.session, work.school, person_id, READS_NOW, who, at)


def _provider(work: Work, ref: str | None, roles: tuple[str, ...]) -> int | None:
    """The provider somebody works at; raises Senseless where they do not hold the role provider."""
    if ref is None:
        return None
    if "provider" not in roles:
        raise Senseless("provider", ref, "left out, unless one of the roles is provider")
    return work.id_of(Provider, ref, "provider")


class Cover(Command):
    """Somebody stands in for a role from one day to another."""

    role: Annotated[Role, Field(description="the role that is covered")]
    person: Annotated[Ref, Field(description="who stands in")]
    first: Annotated[Day, Field(alias="from", description="first day")]
    last: Annotated[Day, Field(alias="to", description="last day")]

    def edits(self) -> str:
        """Who covers the role."""
        return f"cover {self.role}"

    @model_validator(mode="after")
    def _in_order(self) -> "Cover":
        if self.last < self.first:
            raise ValueError(f"to is {self.last}; allowed: {self.first} or later")
        return self


@handles(Cover)
def cover(command: Cover, work: Work) -> None:
    """The stand-in is told in the place of whoever holds the role. Refused where it does not go with their own roles then."""
    person_id = work.id_of(Person, command.person, "person")
    held = [row for row in work.school.rows.of(PersonDetails) if row.person_id == person_id and row.from_day <= command.last]
    at_first = max((n for n, row in enumerate(held) if row.from_day <= command.first), default=0)
    roles = [role for row in held[at_first:] for role in row.roles]
    _refuse_both_sides("role", (command.role, *roles, *_covered(work, person_id, command.first, command.last)))
    work.add(CoverRow(person_id=person_id, role=command.role, first=command.first, last=command.last))
    _tell_of_reader(work, person_id, (command.role,))


def _covered(work: Work, person_id: int, first: date, last: date) -> list[str]:
    """The roles somebody covers on some day between two."""
    covers = work.school.rows.of(CoverRow)
    return [row.role for row in covers if row.person_id == person_id and row.first <= last and row.last >= first]


def _refuse_both_sides(field: str, roles: Iterable[str]) -> None:
    """Nobody of a provider or of the authority has, or covers, a role of the school's own: they would see what the school
    keeps from them, and be told of what is against them (domain.md, 9 and 10)."""
    outside = [role for role in dict.fromkeys(roles) if role in OUTSIDERS]
    inside = [role for role in dict.fromkeys(roles) if role not in OUTSIDERS]
    if outside and inside:
        allowed = f"roles of the school's own, or {' and '.join(OUTSIDERS)}, never both in one person"
        raise Senseless(field, (*inside, *outside), allowed)
