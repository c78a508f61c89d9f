"""Correcting a wrong entry from the chronology: the form it was made with, filled in as it was, and why it was wrong.

A text that is not theirs to read stays empty in the form, and stays as it was unless they write it anew.
"""

import json
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import ValidationError
from sqlalchemy import select

from models.chronology import Event
from models.concern import Concern
from models.encrypted_text import TextUnreadable, is_sealed
from offsite.access.sight import Concerns, Facts
from offsite.casework.command import Said, commands
from offsite.casework.commands.correct import UNCORRECTABLE
from offsite.casework.refusals import Refused
from offsite.views.concerns import concern_sight, log_look
from offsite.web.forms.choices import case_of
from offsite.web.forms.controls import Control, read_all, spread_all
from offsite.web.forms.form import controls, errors_of
from offsite.web.forms.pages import record
from offsite.web.visit import Refuse, Visit, area, posted

router = APIRouter()
Visiting = Annotated[Visit, Depends(area("commands"))]
WHY = Control("reason_of_correction", "Why it was wrong", "textarea", required=True)


@router.get("/correct/{number}")
def correct_page(visit: Visiting, number: int) -> Response:
    """The form, as the entry was."""
    event, asked = _entry(visit, number)
    concern = _concern(visit, event)
    if concern is not None and _may_read(visit, event):
        log_look(visit.edge.database, visit.who, concern.concern, "page")
    return _form(visit, event, asked, spread_all(asked, _opened(visit, event)), {})


@router.post("/correct/{number}", dependencies=[Depends(posted)])
def correct(visit: Visiting, number: int) -> Response:
    """Record the correction; both entries are kept."""
    event, asked = _entry(visit, number)
    fields = read_all(asked, visit.typed)
    before = {control.name: control.read(spread_all(asked, _opened(visit, event))) for control in asked}
    changed = {name: value for name, value in fields.items() if before.get(name) != value}
    try:
        if not visit.text(WHY.name):
            raise Refused("Why it was wrong: an answer is needed", field=WHY.name)
        command = commands()["correct"].model_validate({"event": number, "fields": changed, "reason": visit.text(WHY.name)})
        done = record(visit, Said(command, visit.at, visit.who.ref, None, visit.text("key") or None))
    except ValidationError as error:
        return _form(visit, event, asked, visit.typed, errors_of(error, asked), 422)
    except Refused as refused:
        return _form(visit, event, asked, visit.typed, {refused.field or "": str(refused)}, 422)
    return visit.to(f"/done/{done.event}")


def _form(visit: Visit, event: Event, asked: list[Control], typed: Any, errors: dict[str, str], status: int = 200) -> Response:
    shown = {"event": event, "asked": [*asked, WHY], "typed": typed, "errors": errors}
    return visit.page("correct.html", status, **shown, key=visit.text("key") or secrets.token_urlsafe(12))


def _entry(visit: Visit, number: int) -> tuple[Event, list[Control]]:
    """The entry and its controls. Raises Refuse where it is not theirs to see, or cannot be corrected."""
    if not visit.who.may("correct"):
        raise Refuse(403, "You cannot do this", "Your role does not include it.")
    wanted = select(Event).where(Event.school_id == visit.who.school_id, Event.number == number)
    event = visit.session.scalars(wanted).first()
    if event is None or event.kind not in commands() or event.kind in UNCORRECTABLE:
        raise Refuse(404, "That entry cannot be corrected")
    if event.placement_id is not None and case_of(visit, event.placement_id) is None:
        raise Refuse(404, "That entry is not on record")
    if (concern := _concern(visit, event)) is not None and visit.who.barred(concern):
        raise Refuse(404, "That entry is not on record")
    if not visit.who.may(event.kind):
        raise Refuse(403, "You cannot do this", "It takes somebody who may make such an entry.")
    kept = {"placement", "review", "request", "concern", "pupil", "provider", "person", "id"}
    return event, [c for c in controls(commands()[event.kind], {}) if c.name not in kept]


def _opened(visit: Visit, event: Event) -> dict[str, Any]:
    """What was said, with those of its texts opened that are theirs to read."""
    owner = case.pupil.id if event.placement_id and (case := case_of(visit, event.placement_id)) else None
    found, readable = {}, _may_read(visit, event)
    for name, value in event.payload.items():
        if is_sealed(value):
            if not readable:
                continue
            try:
                value = json.loads(visit.texts.open(value, owner) or "null")
            except TextUnreadable:
                continue
        found[name] = value
    return found


def _may_read(visit: Visit, event: Event) -> bool:
    """Whether its texts are theirs to read: they wrote them, or see as much of the concern, or of the placement."""
    concern = _concern(visit, event)
    if concern is not None and not visit.who.coded:
        return False
    if event.by == visit.who.ref:
        return True
    if concern is not None:
        return concern_sight(visit.session, visit.who, concern) >= Concerns.ALL
    case = case_of(visit, event.placement_id) if event.placement_id else None
    return case is not None and visit.who.sight(case).facts >= Facts.ALL


def _concern(visit: Visit, event: Event) -> Concern | None:
    """The concern an entry is about."""
    name = event.payload.get("concern")
    if not isinstance(name, str):
        return None
    wanted = select(Concern).where(Concern.school_id == visit.who.school_id, Concern.concern == name)
    return visit.session.scalars(wanted.order_by(Concern.id.desc())).first()
