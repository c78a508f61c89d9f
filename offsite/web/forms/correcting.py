"""Correcting a wrong entry from the chronology: the form it was made with, filled in as it was, and why it was wrong.

A text that is not theirs to read stays empty in the form, and stays as it was unless they write it anew.
"""

import secrets
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import ValidationError
from sqlalchemy import select

from models.chronology import Event
from models.concern import Concern
from models.encrypted_text import TextUnreadable
from offsite.access.sight import Facts
from offsite.case.case import Case
from offsite.casework.command import Said, commands
from offsite.casework.commands.correct import STRUCK_OUT, UNCORRECTABLE
from offsite.casework.entries import Entry, entry_of
from offsite.casework.on_behalf import NotTheirs, refuse_correction
from offsite.casework.refusals import Refused
from offsite.views.safeguarding.concerns import log_look
from offsite.web.forms.choices import case_of, choices
from offsite.web.forms.controls import Control, read_all, spread_all
from offsite.web.forms.form import controls
from offsite.web.forms.pages import record
from offsite.web.numbers import Number
from offsite.web.refusals import sentence, told
from offsite.web.visit import Refuse, Visit, area, posted

router = APIRouter()
Visiting = Annotated[Visit, Depends(area("commands"))]
KEPT_AS_IT_WAS = frozenset({"placement", "review", "request", "concern", "pupil", "provider", "person", "id"})
"""Whom and what an entry is about. One made about the wrong placement is withdrawn, or corrected on the command line."""
WHY = Control("reason_of_correction", "Why it was wrong", "textarea", required=True)


@dataclass(frozen=True)
class Found:
    """An entry that may be corrected, and its form."""

    event: Event
    says: Entry
    asked: list[Control]
    concern: Concern | None
    """The concern it is about."""
    case: Case | None
    """The placement it is about."""


@router.get("/correct/{number}")
def correct_page(visit: Visiting, number: Number) -> Response:
    """The form, as the entry was."""
    found = _found(visit, number)
    if found.concern is not None:
        log_look(visit.edge.database, visit.who, found.concern.concern, "page")
    return _form(visit, found, spread_all(found.asked, _shown(visit, found)), {})


@router.post("/correct/{number}", dependencies=[Depends(posted)])
def correct(visit: Visiting, number: Number) -> Response:
    """Record the correction; both entries are kept."""
    found = _found(visit, number)
    asked, fields = found.asked, read_all(found.asked, visit.typed)
    before = {control.name: control.read(spread_all(asked, _shown(visit, found))) for control in asked}
    changed = {name: value for name, value in fields.items() if before.get(name) != value}
    said: dict[str, Any] = {"event": number, "reason": visit.text(WHY.name)}
    said |= {"strike_out": True} if visit.text("strike_out") else {"fields": changed}
    try:
        if not visit.text(WHY.name):
            raise Refused("Why it was wrong: an answer is needed", field=WHY.name)
        command = commands()["correct"].model_validate(said)
        done = record(visit, Said(command, visit.at, visit.who.ref, None, visit.text("key") or None))
    except ValidationError as error:
        [why] = told(error, "correct", [replace(WHY, name="reason")], visit.typed).values()
        return _form(visit, found, visit.typed, {WHY.name: why}, 422)
    except Refused as refused:
        return _form(visit, found, visit.typed, told(refused, found.says.kind, (*asked, WHY), visit.typed), 422)
    return visit.to(f"/done/{done.event}")


def _form(visit: Visit, found: Found, typed: Any, errors: dict[str, str], status: int = 200) -> Response:
    shown = {"event": found.event, "says": found.says, "asked": found.asked, "why": WHY, "typed": typed, "errors": errors}
    shown["may_strike_out"] = found.says.kind in STRUCK_OUT
    return visit.page("correct.html", status, **shown, key=visit.text("key") or secrets.token_urlsafe(12))


def _found(visit: Visit, number: int) -> Found:
    """The entry and its form. Raises Refuse where it is not theirs to see or to correct, or cannot be corrected."""
    if not visit.who.may("correct"):
        raise Refuse(403, "You cannot do this", "Your role does not include it.")
    wanted = select(Event).where(Event.school_id == visit.who.school_id, Event.number == number)
    event = visit.session.scalars(wanted).first()
    if event is None or event.kind not in commands():
        raise Refuse(404, "That entry cannot be corrected")
    try:
        refuse_correction(visit.session, visit.who, number)
        says = entry_of(visit.session, visit.texts, event)
    except NotTheirs as refused:
        raise Refuse(404, "That entry cannot be corrected", sentence(refused, "correct")) from None
    except TextUnreadable:
        raise Refuse(404, "That entry cannot be corrected", "Its texts cannot be read any more.") from None
    if says.kind in UNCORRECTABLE:
        raise Refuse(404, "That entry cannot be corrected", "Enter what is right now instead.")
    case = case_of(visit, event.placement_id) if event.placement_id is not None else None
    asked = controls(commands()[says.kind], choices(visit, says.kind, case, sorted(KEPT_AS_IT_WAS)))
    return Found(event, says, [c for c in asked if c.name not in KEPT_AS_IT_WAS], _concern(visit, says), case)


def _shown(visit: Visit, found: Found) -> dict[str, Any]:
    """What was said, with those of its texts that are theirs to read: they wrote them, see all of the placement, or, as it is
    about a concern, read concerns."""
    sees_all = found.case is not None and visit.who.sight(found.case).facts >= Facts.ALL
    if found.concern is not None or sees_all or found.says.by == visit.who.ref:
        return found.says.fields
    hidden = commands()[found.says.kind].private_fields()
    return {name: value for name, value in found.says.fields.items() if name not in hidden}


def _concern(visit: Visit, says: Entry) -> Concern | None:
    if says.concern is None:
        return None
    wanted = select(Concern).where(Concern.school_id == visit.who.school_id, Concern.concern == says.concern)
    return visit.session.scalars(wanted.order_by(Concern.id.desc())).first()
