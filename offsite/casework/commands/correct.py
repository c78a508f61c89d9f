"""Correcting a wrong entry: a new event whose rows stand in place of the old one's. Both are kept."""

import json
from typing import Annotated, Any

from pydantic import Field, ValidationError
from sqlalchemy import select

from models.chronology import Correction, Event
from models.placement import Placement
from offsite.casework.command import HANDLERS, Command, Private, Text, commands, handles
from offsite.casework.refusals import Refused, Senseless
from offsite.casework.work import KEPT, Work

UNCORRECTABLE = frozenset(
    {"set_up_school", "change_settings", "add_person", "add_provider", "rules_looked", "stage_worked", "acknowledge",
     "take", "hand_over", "resolve", "mark_not_useful", "erase_record", "keep_record"}
)  # fmt: skip


class Correct(Command):
    """Correct an event: its number, the fields as they should have been, and why.

    A field may be `happened`, the time it really happened. Alerts that came of the error are withdrawn.
    """

    after_close = True

    event: Annotated[int, Field(ge=1, le=2**31 - 1, description="the event's number in the chronology")]
    fields: Annotated[dict[str, Any], Private(), Field(description='as they should have been: {"start": "2026-11-23"}')] = {}
    reason: Text

    model_config = {**Command.model_config, "extra": "allow"}

    def given(self) -> dict[str, Any]:
        """The corrected fields, given under `fields` or beside it."""
        return {**(self.model_extra or {}), **self.fields}

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
    kind, payload = _original(work, old)
    if kind in UNCORRECTABLE:
        raise Refused(f"event {command.event} is {kind}, which is not corrected; enter what is right now.", field="event")
    given = command.given()
    happened = given.pop("happened", None)
    replaced = _merged(kind, {**payload, **given})
    if old.placement_id is not None:
        work.about(work.look_at(old.placement_id))
    work.corrects = old
    event = work.event()
    work.session.add(Correction(corrected_event_id=old.id, by_event_id=event.id, school_id=work.school_id))
    work.session.flush()
    work.forget()
    work.stand_at(old.happened_at if happened is None else _moment(happened))
    HANDLERS[type(replaced)](replaced, work)


def _moment(value: Any) -> Any:
    from offsite.casework.replay.scenario import moment

    try:
        return moment(value)
    except ValueError as error:
        raise Senseless("happened", value, str(error)) from None


def _original(work: Work, old: Event) -> tuple[str, dict[str, Any]]:
    """The command an event stands for, its private fields opened; of a correction, what it put in place."""
    pupil_id = None
    if old.placement_id is not None:
        pupil_id = work.session.get_one(Placement, old.placement_id).pupil_id
    elif old.kind in ("add_pupil", "change_pupil"):
        pupil_id = work.pupil(old.payload.get("id") or old.payload["pupil"]).id
    payload = {
        name: json.loads(work.texts.open(value, pupil_id) or "null") if str(value).startswith("sealed:") else value
        for name, value in old.payload.items()
        if name != KEPT
    }
    if old.kind != "correct":
        return old.kind, payload
    before = work.session.scalar(select(Event).where(Event.school_id == work.school_id, Event.number == payload["event"]))
    assert before is not None
    kind, original = _original(work, before)
    extra = {name: value for name, value in payload.items() if name not in ("event", "fields", "reason", "happened")}
    fields = {name: value for name, value in payload.get("fields", {}).items() if name != "happened"}
    return kind, {**original, **extra, **fields}


def _merged(kind: str, fields: dict[str, Any]) -> Command:
    try:
        return commands()[kind].model_validate(fields)
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(map(str, e['loc']))} is {e['input']!r}: {e['msg']}" for e in error.errors())
        raise Refused(f"as corrected, {kind} would be wrong: {said}.", field="fields") from None
