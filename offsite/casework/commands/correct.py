"""Correcting a wrong entry: a new event whose rows stand in place of the old one's. Both are kept."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator
from sqlalchemy import select

from models.chronology import Correction, Event
from models.encrypted_text import TextUnreadable
from offsite.casework.command import HANDLERS, Command, Private, Text, commands, handles
from offsite.casework.commands.concerns import refuse_whom_it_is_against
from offsite.casework.entries import Entry, entry_of
from offsite.casework.refusals import Refused, Senseless, WrongAsCorrected
from offsite.casework.work import Work

UNCORRECTABLE = frozenset(
    {"set_up_school", "change_settings", "add_person", "add_provider", "rules_looked", "stage_worked", "build_pack",
     "acknowledge", "take", "hand_over", "resolve", "mark_not_useful", "erase_record", "keep_record"}
)  # fmt: skip


STRUCK_OUT = frozenset({"close_day", "cover", "record_contact", "record_visit", "mark"})
"""What may be struck out where it should never have been entered: nothing else rests on these."""


class Correct(Command):
    """Correct an event: its number, the fields as they should have been, and why; or strike it out, with nothing in its place.

    A field may be `happened`, the time it really happened. Alerts that came of the error are withdrawn.
    """

    after_close = True

    event: Annotated[int, Field(ge=1, le=2**31 - 1, description="the event's number in the chronology")]
    fields: Annotated[dict[str, Any], Private(), Field(description='as they should have been: {"start": "2026-11-23"}')] = {}
    strike_out: Annotated[bool, Field(description="true: it should never have been entered")] = False
    reason: Text

    @model_validator(mode="before")
    @classmethod
    def _beside(cls, given: Any) -> Any:
        """Corrected fields may stand beside `fields`. They are put into it, where they are sealed."""
        if not isinstance(given, Mapping) or not isinstance(given.get("fields", {}), Mapping):
            return given
        own = {name: given[name] for name in cls.model_fields.keys() & given.keys()}
        beside = {name: value for name, value in given.items() if name not in own}
        return {**own, "fields": {**beside, **own.get("fields", {})}} if beside else given

    def edits(self) -> str:
        """The event."""
        return f"event {self.event}"


@handles(Correct)
def correct(command: Correct, work: Work) -> None:
    """Refused where the event is unknown, was corrected already, or is none that can be corrected."""
    old = work.session.scalar(select(Event).where(Event.school_id == work.school_id, Event.number == command.event))
    if old is None:
        raise Senseless("event", command.event, "the number of an event in the chronology (offsite show)")
    if work.session.get(Correction, old.id) is not None:
        raise Refused(f"event {command.event} was corrected already; correct the newer event.", field="event")
    try:
        entry = entry_of(work.session, work.texts, old)
    except TextUnreadable:
        said = f"event {command.event} holds texts that cannot be read any more, so it cannot be corrected."
        raise Refused(said, field="event") from None
    if entry.kind in UNCORRECTABLE:
        raise Refused(f"event {command.event} is {entry.kind}, which is not corrected; enter what is right now.", field="event")
    if entry.concern is not None:
        work.require_role("correct an entry about a concern", "dsl", "deputy_dsl")
        refuse_whom_it_is_against(work, entry.concern)
    given = dict(command.fields)
    happened = given.pop("happened", None)
    replaced = None if command.strike_out else _merged(entry, given)
    if replaced is None and (entry.kind not in STRUCK_OUT or command.fields):
        allowed = f"false, unless the entry is one of {', '.join(sorted(STRUCK_OUT))} and no field is given"
        raise Senseless("strike_out", True, allowed)
    if old.placement_id is not None:
        work.about(work.look_at(old.placement_id))
    work.corrects = old
    event = work.event()
    work.session.add(Correction(corrected_event_id=old.id, by_event_id=event.id, school_id=work.school_id))
    work.session.flush()
    work.forget()
    work.stand_at(old.happened_at if happened is None else _moment(happened))
    if replaced is not None:
        HANDLERS[type(replaced)](replaced, work)
    elif provider := entry.fields.get("provider"):
        work.provider(provider)


def _moment(value: Any) -> Any:
    from offsite.casework.replay.scenario import moment

    try:
        return moment(value)
    except ValueError as error:
        raise Senseless("happened", value, str(error)) from None


def _merged(entry: Entry, given: Mapping[str, Any]) -> Command:
    """The command as corrected; raises WrongAsCorrected."""
    try:
        return commands()[entry.kind].model_validate({**entry.fields, **given})
    except ValidationError as error:
        raise WrongAsCorrected(entry.kind, error, given) from None
