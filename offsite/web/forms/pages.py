"""Filling a form in, checking the answers, recording the command, and a confirmation to print.

`/do/COMMAND?placement=...`: what is given in the address is settled; the rest is asked for. The name of what is new, the
idempotency key and the newest event seen travel with the form, so a double click does nothing twice and a change by
somebody else in between is a conflict, said clearly.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends
from fastapi.responses import Response
from pydantic import ValidationError
from sqlalchemy import select
from starlette.datastructures import FormData

from models import chronology
from models.chronology import Event
from models.concern import Concern
from models.placement import Placement
from models.review import Review, ReviewRequest
from offsite.access.areas import may_open
from offsite.access.concerns import theirs
from offsite.case.case import Case
from offsite.casework.command import Command, Said, commands
from offsite.casework.commands.alerts import OfAlert
from offsite.casework.commands.direction.start import OVERRIDERS
from offsite.casework.on_behalf import perform_for
from offsite.casework.perform import Done
from offsite.casework.refusals import Conflict, Refused
from offsite.casework.rehearsal import Rehearsal, Rehearsed
from offsite.casework.replay.scenario import moment
from offsite.casework.work import KEPT
from offsite.messages.dispatch import send_critical_now
from offsite.views.placements.entries import correctable, corrected_of
from offsite.views.placements.foreseen import Foreseen, foreseen
from offsite.views.placements.pupils import how_many_pupils
from offsite.views.safeguarding.alerts import find_alert
from offsite.web.forms.choices import case_of, choices, new_ref, words_of
from offsite.web.forms.controls import Control, Moment, read_all, spread_all
from offsite.web.forms.form import as_checked, controls
from offsite.web.forms.on_file import emptied, on_file, only_changed
from offsite.web.numbers import Number, number_in
from offsite.web.refusals import told
from offsite.web.visit import Refuse, Visit, area, is_ours, posted
from offsite.web.wording import command_words, done_words

router = APIRouter()
Visiting = Annotated[Visit, Depends(area("commands"))]
CONTEXT = ("placement", "review", "request", "concern", "provider", "pupil", "person", "change")
AT_ONCE = frozenset({"acknowledge", "mark", "begin_return", "step_back", "record_partnership"})
"""Commands of one tap: nothing is asked, so there is nothing to check."""
WHOLE_PAGES = frozenset({"enter_marks", "marks", "change_settings", "correct"})
"""Commands that are sent by pages of their own."""
OF_PEOPLE = ("add_person", "change_person", "cover")
"""Commands that are led to from the page of people, and back."""
ABOUT_PUPILS = ("propose_placement", "change_pupil", "keep_record", "erase_record")
"""Commands about one pupil."""
CHOSEN_HERE = ("provider", "pupil", "person", "change")
"""Of what a command is about, what its form may offer: it stays there to be chosen otherwise, unless it was settled before."""
MOST_CHOICES = 200
NEW_NAMES = {"propose_placement": "placement", "schedule_review": "review", "raise_concern": "concern",
             "request_review": "request", "provider_change": "change", "add_pupil": "id"}  # fmt: skip
"""Commands that name something new, and the field: Offsite chooses the name, so that it tells nothing."""


@dataclass
class Sheet:
    """A form as it is being filled in."""

    command: type[Command]
    fixed: dict[str, str]
    """What is settled: whom and what it is about."""
    asked: list[Control]
    case: Case | None
    key: str
    seen: int
    filled: tuple[str, ...] = ()
    """Its boxes that were filled in with what is on file."""
    earlier: Control = field(default_factory=lambda: Moment("happened", "When it happened", "moment"))

    @property
    def name(self) -> str:
        """The command's name."""
        return self.command.name()


def sheet(visit: Visit, name: str, settled: Mapping[str, str]) -> Sheet:
    """Prepare a command's form. Raises Refuse for a command that is not theirs, or about what they may not see."""
    command = commands().get(name)
    if command is None or name in WHOLE_PAGES:
        raise Refuse(404, "Page not found")
    if not visit.who.may(name):
        raise Refuse(403, "You cannot do this", "Your role does not include it.")
    new = NEW_NAMES.get(name)
    before = settled.get("settled")
    fixed = {
        part: settled[part]
        for part in CONTEXT
        if settled.get(part) and part in _names(command) and part != new
        and (before is None or part not in CHOSEN_HERE or part in before.split())
    }  # fmt: skip
    if issubclass(command, OfAlert):
        fixed |= _alert(visit, settled.get("alert", ""))
    case = _case(visit, name, fixed)
    if new is not None:
        fixed[new] = settled.get(new) or new_ref()
    asked = [c for c in controls(command, choices(visit, name, case, list(fixed))) if c.name not in fixed]
    if issubclass(command, OfAlert):
        asked = [c for c in asked if c.name not in ("rule", "placement", "subject")]
    if not visit.who.holds(*OVERRIDERS):
        asked = [c for c in asked if c.name != "override"]
    newest, _ = chronology.head(visit.session, visit.who.school_id)
    seen, key = number_in(settled.get("seen", "")), settled.get("key") or secrets.token_urlsafe(12)
    return Sheet(command, fixed, asked, case, key, newest if seen is None else seen, tuple(settled.get("filled", "").split()))


def _names(command: type[Command]) -> set[str]:
    return {info.alias or name for name, info in command.model_fields.items()}


def _alert(visit: Visit, ref: str) -> dict[str, str]:
    found = find_alert(visit.session, visit.who, ref)
    if found is None:
        raise Refuse(404, "That alert is not on record")
    about = {"rule": found.rule, "subject": found.subject, "alert": found.ref}
    if found.placement_id is not None:
        about["placement"] = visit.session.get_one(Placement, found.placement_id).ref
    return about


def _case(visit: Visit, command: str, fixed: Mapping[str, str]) -> Case | None:
    """The placement it is about, found by what is settled, if they see it. Raises Refuse where that is not theirs."""
    placement_id = None
    if "placement" in fixed:
        placement_id = _newest(visit, Placement.id, Placement.ref == fixed["placement"])
    elif "review" in fixed:
        placement_id = _newest(visit, Review.placement_id, Review.name == fixed["review"])
    elif "request" in fixed:
        placement_id = _newest(visit, ReviewRequest.placement_id, ReviewRequest.name == fixed["request"])
    elif "concern" in fixed:
        raised = _newest(visit, Concern, Concern.concern == fixed["concern"])
        if raised is None or not theirs(visit.who, raised, command):
            raise Refuse(404, "That concern is not on record")
        return case_of(visit, raised.placement_id) if raised.placement_id is not None else None
    else:
        return None
    if placement_id is None:
        raise Refuse(404, "That is not on record", "Check the address, or look for it in a list.")
    return case_of(visit, placement_id) if "alert" in fixed else _seen_case(visit, placement_id)


def _newest(visit: Visit, wanted: Any, where: Any) -> Any:
    """The newest row of the viewer's school that answers a condition: what was corrected stands in an older one."""
    of = where.left.table.c
    return visit.session.scalars(
        select(wanted).where(of.school_id == visit.who.school_id, where).order_by(of.id.desc())
    ).first()


def _seen_case(visit: Visit, placement_id: int) -> Case | None:
    case = case_of(visit, placement_id)
    if case is None and "break_glass" not in visit.request.url.path:
        raise Refuse(404, "That is not on record", "Check the address, or look for it in a list.")
    return case


@router.get("/do/{name}")
def form_page(visit: Visiting, name: str) -> Response:
    """The form, empty but for what is settled."""
    if name in ABOUT_PUPILS and "pupil" not in visit.request.query_params and not _few_pupils(visit):
        return visit.to(f"/pupils?to={name}")
    made = sheet(visit, name, visit.request.query_params)
    found = on_file(visit, name, made.fixed)
    known, made.filled = spread_all(made.asked, found), tuple(c.name for c in made.asked if c.name in found)
    return draw(visit, made, FormData([*known.multi_items(), *visit.request.query_params.multi_items()]), {})


def _few_pupils(visit: Visit) -> bool:
    """Whether the pupils are few enough to be chosen from in a form; else one is found by name first."""
    return not may_open(visit.who.roles, "pupils") or how_many_pupils(visit.session, visit.who) <= MOST_CHOICES


def draw(
    visit: Visit, made: Sheet, typed: Any, errors: Mapping[str, str], status: int = 200, *, kept: bool = False
) -> Response:
    """A form as far as it is filled in. `kept`: it was sent when its session had ended, and is shown again."""
    shown = {
        "sheet": made,
        "title": command_words(made.name),
        "help": (made.command.__doc__ or "").strip(),
        "typed": typed,
        "errors": errors,
        "settled": _settled(visit, made),
        "at_once": made.name in AT_ONCE,
        "kept": kept,
        "back": _back(visit, made),
    }
    return visit.page("form.html", status, **shown)


def _settled(visit: Visit, made: Sheet) -> list[tuple[str, str]]:
    """What it is about, beside the placement, in words: a review, a provider. What is new has no name that tells anything."""
    about = {name: value for name, value in made.fixed.items() if name not in ("placement", NEW_NAMES.get(made.name))}
    return as_checked(made.command, words_of(visit, made.name, made.case, about), about)


def _back(visit: Visit, made: Sheet) -> str:
    """The page a form is about, where whoever fills it in may open that."""
    if "alert" in made.fixed:
        return f"/alerts/{made.fixed['alert']}"
    if made.case is not None:
        return f"/placements/{made.case.ref}"
    if made.name in OF_PEOPLE and may_open(visit.who.roles, "people"):
        return "/people"
    of_provider = "provider" in made.fixed and may_open(visit.who.roles, "providers")
    return f"/providers/{made.fixed['provider']}" if of_provider else "/"


def _sheet_sent(visit: Visit, name: str) -> tuple[Sheet, dict[str, str]]:
    """The form that was sent. Where it names a placement that is not theirs to see, the form without it, and what is wrong:
    whoever raises a concern must not lose its words over a reference."""
    sent = {k: v for k, v in visit.typed.items() if isinstance(v, str)}
    named = sent.get("placement", "").strip()
    refused: Refuse | None = None
    for reference in dict.fromkeys((named, named.upper())):
        try:
            return sheet(visit, name, {**sent, "placement": reference}), {}
        except Refuse as caught:
            refused = caught
    assert refused is not None
    if refused.status != 404 or not named:
        raise refused
    made = sheet(visit, name, {**sent, "placement": ""})
    if "placement" not in {control.name for control in made.asked}:
        raise refused
    return made, {"placement": f"Placement: {named} is not on record as a placement of yours; a reference looks like V5RC-73"}


@router.post("/do/{name}", dependencies=[Depends(posted)])
def form_sent(visit: Visiting, name: str, later: BackgroundTasks) -> Response:
    """Check the answers, then record them."""
    made, unknown = _sheet_sent(visit, name)
    step = "record" if name in AT_ONCE else visit.text("step")
    if unknown:
        return draw(visit, made, visit.typed, unknown, 422)
    if step in ("edit", "more"):
        return draw(visit, made, _with_more(visit.typed, made) if step == "more" else visit.typed, {})
    try:
        said = _said(visit, made)
        comes = None if step == "record" else _foreseen(visit, made, said)
    except (ValidationError, Refused) as refused:
        return draw(visit, made, visit.typed, _told(refused, made, visit), 422)
    if step != "record":
        answers = [*_settled(visit, made), *((c.label, c.said(visit.typed)) for c in (*made.asked, made.earlier))]
        given = read_all(made.asked, visit.typed)
        answers += [(c.label, "none any more") for c in made.asked if c.name in emptied(made, given)]
        shown = {"answers": answers, "foreseen": comes}
        return visit.page("check.html", sheet=made, title=command_words(name), typed=visit.typed, **shown)
    try:
        done = record(visit, said)
    except Conflict as conflict:
        number, _ = chronology.head(visit.session, visit.who.school_id)
        made.seen = number
        return draw(visit, made, visit.typed, _told(conflict, made, visit), 409)
    except Refused as refused:
        return draw(visit, made, visit.typed, _told(refused, made, visit), 422)
    later.add_task(send_critical_now, visit.edge.database, visit.edge.here.channels, visit.at)
    back = visit.text("back")
    if name in AT_ONCE and is_ours(back):
        return visit.to(f"{back}{'&' if '?' in back else '?'}done={done.event}")
    return visit.to(f"/done/{done.event}")


def _with_more(typed: FormData, made: Sheet) -> FormData:
    """What was typed, with one more row where rows were asked for."""
    from offsite.web.forms.controls import Rows

    more = [(f"{c.name}-{len(c.shown(typed))}-more", "") for c in made.asked if isinstance(c, Rows)]
    return FormData([*typed.multi_items(), *more])


def _told(refused: Refused | ValidationError, made: Sheet, visit: Visit) -> dict[str, str]:
    return told(refused, made.name, (*made.asked, made.earlier), visit.typed)


def _said(visit: Visit, made: Sheet) -> Said:
    """The command as it was filled in. Raises ValidationError or Refused."""
    given = read_all(made.asked, visit.typed)
    for control in made.asked:
        if control.stray(visit.typed):
            raise Refused(f"{control.label}: choose one of those that are offered", field=control.name)
    about = {name: value for name, value in made.fixed.items() if name in _names(made.command)}
    for name in made.command.asked_of_people():
        if name not in given:
            raise Refused(f"{name}: an answer is needed", field=name)
    command = made.command.model_validate(only_changed(visit, made, given) | about)
    return Said(command, visit.at, visit.who.ref, _happened(visit, made), made.key, made.seen)


def _happened(visit: Visit, made: Sheet) -> Any:
    given = read_all([made.earlier], visit.typed).get("happened")
    if given is None:
        return None
    try:
        return moment(given)
    except ValueError:
        raise Refused("When it happened: type a day that exists, and a time such as 08:45", field="happened") from None


def _foreseen(visit: Visit, made: Sheet, said: Said) -> Foreseen | None:
    """What would come of it, told while answers are checked. Raises Refused where it would be: a form is not refused twice.

    What somebody else changed in between is left to be told once it is recorded.
    """
    here = visit.edge.here
    try:
        perform_for(here.database, here.key_file, visit.who, replace(said, seen=None), Rehearsal())
    except Rehearsed as rehearsed:
        return foreseen(visit.who, said.command, made.case, rehearsed.case) if rehearsed.case else None
    return None


def record(visit: Visit, said: Said) -> Done:
    """Carry a command out at the viewer's school. Raises Refused, having changed nothing."""
    here = visit.edge.here
    return perform_for(here.database, here.key_file, visit.who, said, here.rules)


@router.get("/done/{number}")
def done_page(visit: Visiting, number: Number) -> Response:
    """What was recorded, to print; for whoever recorded it."""
    wanted = select(Event).where(Event.school_id == visit.who.school_id, Event.number == number, Event.by == visit.who.ref)
    event = visit.session.scalars(wanted).first()
    if event is None or event.kind not in commands():
        raise Refuse(404, "Page not found")
    placement = visit.session.get(Placement, event.placement_id) if event.placement_id else None
    case = case_of(visit, placement.id) if placement else None
    payload = {name: value for name, value in event.payload.items() if name != "placement"}
    says = as_checked(commands()[event.kind], words_of(visit, event.kind, case, payload), payload)
    fix = correctable(visit.who, event) and not corrected_of(visit.session, [event.id])
    shown = {"event": event, "placement": placement, "says": says, "kept": payload.get(KEPT, ()), "correctable": fix}
    of_people = event.kind in OF_PEOPLE and may_open(visit.who.roles, "people")
    return visit.page("done.html", of_people=of_people, title=done_words(event.kind), **shown)
