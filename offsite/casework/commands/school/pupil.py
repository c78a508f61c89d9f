"""Pupils and their parents; what changes in a pupil's circumstances."""

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from models.pupil import MissingEpisode, Parent, Pupil, PupilAttribute, PupilDetails
from offsite.casework.command import Command, Private, Ref, Words, handles
from offsite.casework.commands.fields import Day
from offsite.casework.refusals import NothingSaid
from offsite.casework.work import Work

Attribute = Literal["ehc_plan", "looked_after", "social_worker", "child_protection_plan", "child_in_need", "exploitation"]
ATTRIBUTES: tuple[str, ...] = get_args(Attribute)


class ParentEntry(BaseModel):
    """A parent as entered."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Ref
    name: Words
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    language: str | None = None
    responsibility: bool = True
    contact: bool = True


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, str | date) else value


class AddPupil(Command):
    """Enter a pupil with parents and circumstances."""

    id: Annotated[Ref, Field(description="opaque reference; never a name")]
    name_: Annotated[Words, Private(), Field(alias="name")]
    born: Annotated[Day | None, Private(), Field(description="birth date; left out where not known")] = None
    upn: Annotated[str | None, Private()] = None
    year_group: Annotated[str | int | None, Private()] = None
    parents: Annotated[tuple[ParentEntry, ...], Private(), Field(description="[{id, name, email, ...}]")] = ()
    ehc_plan: bool = False
    looked_after: bool = False
    social_worker: bool = False
    child_protection_plan: bool = False
    child_in_need: bool = False
    exploitation: bool = False
    missing_episodes: Annotated[
        tuple[Day, ...], BeforeValidator(_one_or_more), Field(description="days on which the pupil went missing")
    ] = ()


@handles(AddPupil)
def add_pupil(command: AddPupil, work: Work) -> None:
    """Refused where the reference is in use."""
    pupil = work.new(Pupil(school_id=work.school_id, ref=command.id), "id")
    work.pupil_id = pupil.id
    year_group = None if command.year_group is None else str(command.year_group)
    work.add(PupilDetails(pupil_id=pupil.id, name=command.name_, born=command.born, upn=command.upn, year_group=year_group))
    for parent in command.parents:
        fields = parent.model_dump(exclude={"id"})
        work.add(Parent(pupil_id=pupil.id, ref=parent.id, **fields))
    for attribute in ATTRIBUTES:
        if getattr(command, attribute):
            work.add(PupilAttribute(pupil_id=pupil.id, attribute=attribute, holds=True, from_day=work.day, at_entry=True))
    for day in command.missing_episodes:
        work.add(MissingEpisode(pupil_id=pupil.id, day=day))


class ChangePupil(Command):
    """Record that a pupil's circumstances changed, from the day it happened."""

    pupil: Annotated[Ref, Field(description="the pupil's reference")]
    ehc_plan: bool | None = None
    looked_after: bool | None = None
    social_worker: bool | None = None
    child_protection_plan: bool | None = None
    child_in_need: bool | None = None
    exploitation: bool | None = None
    missing_episode: Annotated[Day | None, Field(description="a day on which the pupil was missing")] = None

    def edits(self) -> str:
        """The pupil."""
        return f"pupil {self.pupil}"


@handles(ChangePupil)
def change_pupil(command: ChangePupil, work: Work) -> None:
    """Refused where nothing is changed."""
    pupil = work.pupil(command.pupil)
    changed = {name: getattr(command, name) for name in ATTRIBUTES if getattr(command, name) is not None}
    if not changed and command.missing_episode is None:
        raise NothingSaid("change_pupil", (*ATTRIBUTES, "missing_episode"))
    for attribute, holds in changed.items():
        work.add(PupilAttribute(pupil_id=pupil.id, attribute=attribute, holds=holds, from_day=work.day, at_entry=False))
    if command.missing_episode is not None:
        work.add(MissingEpisode(pupil_id=pupil.id, day=command.missing_episode))
