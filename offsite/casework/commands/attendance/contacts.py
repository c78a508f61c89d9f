"""Contacts and visits: who spoke to whom, who went to see."""

from typing import Annotated, Literal

from pydantic import Field

from models.attendance import Contact, Visit
from offsite.casework.command import Command, Ref, Text, handles
from offsite.casework.commands.fields import Day, Session
from offsite.casework.work import Work


class RecordContact(Command):
    """Record a contact with parent, provider or pupil, or that you tried and reached nobody."""

    placement: Ref
    contacted: Annotated[Literal["parent", "provider", "pupil"], Field(alias="with")]
    reached: Annotated[bool, Field(description="no: nobody answered; then nothing is taken as settled by it")] = True
    day: Annotated[Day | None, Field(description="the day it is about; the rules go by when it happened")] = None
    session: Session | None = None
    about: Text | None = None

    @classmethod
    def asked_of_people(cls) -> frozenset[str]:
        """Whoever records one says whether anybody was reached."""
        return frozenset({"reached"})


@handles(RecordContact)
def record_contact(command: RecordContact, work: Work) -> None:
    """Never conflicts with anybody else's."""
    case = work.case(command.placement)
    work.add(
        Contact(
            placement_id=case.id,
            contacted=command.contacted,
            reached=command.reached,
            day=command.day,
            session=command.session,
            about=work.seal(command.about),
        )
    )


class RecordVisit(Command):
    """Record a visit to the provider: what was seen, and what must follow."""

    placement: Ref
    sites_seen: Annotated[Text | None, Field(description="which sites, satellites and rooms")] = None
    pupil_seen: Annotated[Text | None, Field(description="how the pupil was, and what the pupil said")] = None
    staff_met: Text | None = None
    central_record: Annotated[Text | None, Field(description="which entries of the single central record were sampled")] = None
    premises: Annotated[Text | None, Field(description="safety and condition")] = None
    teaching: Text | None = None
    behaviour: Text | None = None
    registers: Annotated[Text | None, Field(description="which were looked at, and whether they agree with ours")] = None
    actions: Annotated[Text | None, Field(description="what must be done, by whom and when")] = None
    note: Text | None = None


@handles(RecordVisit)
def record_visit(command: RecordVisit, work: Work) -> None:
    """Any number of times."""
    case = work.case(command.placement)
    seen = command.model_dump(exclude={"placement"})
    work.add(Visit(placement_id=case.id, **{part: work.seal(text) for part, text in seen.items()}))
