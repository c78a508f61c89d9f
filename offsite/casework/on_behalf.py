"""Carry out a command for somebody who came through the pages or the JSON interface: only what their roles may say, and only
about what is theirs to see. The command line needs no such leave: whoever runs the machine may do all.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.alert import Alert
from models.chronology import Event
from models.concern import Concern
from models.database import Database
from models.encrypted_text import KeyFile
from models.placement import Placement
from models.provider import Provider
from models.review import Review, ReviewRequest
from offsite.access.alerts import told_of
from offsite.access.concerns import theirs
from offsite.access.deeds import may
from offsite.access.sight import NOTHING, reads_concerns
from offsite.access.viewer import Viewer
from offsite.case.alert_steps import HAS_ENDED
from offsite.case.governors.reviews import reviews
from offsite.case.loading import load_cases
from offsite.casework.command import Command, Said
from offsite.casework.commands.alerts import OfAlert
from offsite.casework.commands.concerns import OfConcern
from offsite.casework.commands.correct import Correct
from offsite.casework.commands.governors.decisions import Decide
from offsite.casework.commands.school.details import SetUpSchool
from offsite.casework.perform import Done, perform
from offsite.casework.refusals import Refused, Senseless, UnknownName
from offsite.casework.watch.rule_runner import RuleRunner
from offsite.law.calendars import CalendarTooShort

UNSEEN_ALLOWED = frozenset({"propose_placement", "break_glass"})
"""About a placement that is new, or that is opened because it cannot be seen."""


class NotTheirs(Refused):
    """The command is not theirs to say, or it is about something that is not theirs to see."""

    def __init__(self, what: str, field: str | None = None) -> None:
        super().__init__(f"{what}, or it is not yours to see or do.", field=field)


def perform_for(database: Database, key_file: KeyFile, viewer: Viewer, said: Said, rules: RuleRunner) -> Done:
    """Carry a command out at the viewer's school, in the viewer's name. Raises Refused, having changed nothing.

    What is on record instead of a name that is not, is told to those alone who see every placement of the school.
    """
    with database.reading() as session:
        refuse_what_is_not_theirs(session, viewer, said.command)
    try:
        return perform(database, key_file, viewer.school.urn, said, rules)
    except UnknownName as unknown:
        if viewer.sees_names:
            raise
        raise NotTheirs(f"{unknown.field} is {unknown.value!r}, which is not on record", unknown.field) from None


def refuse_what_is_not_theirs(session: Session, viewer: Viewer, command: Command) -> None:
    """Raise NotTheirs unless the viewer's roles may say the command and see what it is about."""
    if not viewer.may(command.name()):
        raise NotTheirs(f"{command.name()} is not among what your role may do")
    if isinstance(command, SetUpSchool) and command.urn != viewer.school.urn:
        raise NotTheirs(f"urn is {command.urn!r}; allowed: {viewer.school.urn!r}", "urn")
    of_alert = isinstance(command, OfAlert)  # whether it is theirs to see is asked below: the chair may stand in for the head
    if command.name() not in UNSEEN_ALLOWED and not of_alert:
        _refuse_unseen(session, viewer, command)
    _refuse_override_of_another(viewer, command)
    if isinstance(command, Decide):
        _refuse_period_past_terms(session, viewer, command)
    if isinstance(command, OfAlert):
        _refuse_unseen_alert(session, viewer, command)
    if isinstance(command, OfConcern):
        _refuse_barred(session, viewer, command.concern, command.name())
    if isinstance(command, Correct):
        refuse_correction(session, viewer, command.event)
    if viewer.holds("provider") and not may(tuple(r for r in viewer.roles if r != "provider"), command.name()):
        _refuse_others(session, viewer, command)


def _refuse_override_of_another(viewer: Viewer, command: Command) -> None:
    """A gate is overridden in one's own name, also where the entry of a start is corrected."""
    said = command.fields if isinstance(command, Correct) else command.model_dump(include={"override"})
    override = said.get("override")
    if isinstance(override, dict) and override.get("by") not in (None, viewer.ref):
        raise Senseless("override.by", override["by"], f"left out, or {viewer.ref}: nobody overrides in the name of another")


def _refuse_period_past_terms(session: Session, viewer: Viewer, command: Decide) -> None:
    """People decide within the terms that are entered, so that the last day can be told; a replayed history may lack them."""
    of_review = select(Review.placement_id).where(Review.school_id == viewer.school_id, Review.name == command.review)
    placement_id = session.scalar(of_review.limit(1))
    if placement_id is None or (command.days is None and command.until is None):
        return
    case, days = load_cases(session, viewer.school, [placement_id])[0], viewer.school.school_days
    found = next((found for found in reviews(case) if found.name == command.review), None)
    if found is None:
        return
    try:
        ends = command.until or days.after(found.met_on, command.days or 0)
    except CalendarTooShort:
        ends = None
    if ends is None or (days.last_on_file is not None and ends > days.last_on_file):
        field = "days" if command.until is None else "until"
        on_file = f"{days.first_on_file} to {days.last_on_file}" if days.half_terms else "none"
        raise Senseless(field, str(command.until or command.days), f"a period within the terms that are entered ({on_file}); "
                        "enter later terms first, or decide for a shorter one")  # fmt: skip


def _refuse_unseen_alert(session: Session, viewer: Viewer, command: OfAlert) -> None:
    """Nobody takes a step on an alert they are not told of: not even unaware, where it answers to the same words."""
    meant = select(Alert.id).where(Alert.school_id == viewer.school_id, Alert.rule == command.rule, ~HAS_ENDED)
    if command.subject is not None:
        meant = meant.where(Alert.subject == command.subject)
    if command.placement is not None:
        of = select(Placement.id).where(Placement.school_id == viewer.school_id, Placement.ref == command.placement)
        meant = meant.where(Alert.placement_id.in_(of))
    found, theirs = set(session.scalars(meant)), set(session.scalars(meant.where(*told_of(viewer))))
    if not theirs or theirs != found:
        raise NotTheirs(f"rule is {command.rule!r}: no single open alert of it answers to that placement and subject", "rule")


def _refuse_barred(session: Session, viewer: Viewer, name: str, command: str = "correct") -> None:
    """A concern that is against them, or not theirs to act on, is not on record for them; nor are the names of others told."""
    wanted = select(Concern).where(Concern.school_id == viewer.school_id, Concern.concern == name)
    found = session.scalars(wanted.order_by(Concern.id.desc())).first()
    if found is None or not theirs(viewer, found, command):
        raise NotTheirs(f"concern is {name!r}, which is not on record", "concern")


def refuse_correction(session: Session, viewer: Viewer, number: int) -> None:
    """To correct an entry takes leave to make it, and sight of what it is about."""
    wanted = select(Event).where(Event.school_id == viewer.school_id, Event.number == number)
    event = session.scalars(wanted).first()
    if event is None:
        raise NotTheirs(f"event is {number}, which is not on record", "event")
    if event.kind == "correct":
        return refuse_correction(session, viewer, event.payload["event"])
    if not viewer.may(event.kind):
        raise NotTheirs(f"event {number} is {event.kind}, which is not among what your role may do", "event")
    if event.placement_id is not None and viewer.sight(load_cases(session, viewer.school, [event.placement_id])[0]) == NOTHING:
        raise NotTheirs(f"event is {number}, which is not on record", "event")
    if isinstance(event.payload.get("concern"), str):
        _refuse_barred(session, viewer, event.payload["concern"])
        if not (reads_concerns(viewer.roles) and viewer.coded):
            raise NotTheirs(f"event {number} is about a concern: DSL or deputy corrects it, with a one-time code", "event")
    return None


def _refuse_others(session: Session, viewer: Viewer, command: Command) -> None:
    """Somebody of a provider speaks of that provider alone, and marks its register alone."""
    own = session.scalar(select(Provider.ref).where(Provider.id == viewer.provider_id)) if viewer.provider_id else None
    if own is None:
        raise NotTheirs("your provider is not on record, so nothing can be entered for it", "by")
    fields = type(command).model_fields
    if "provider" in fields and "placement" not in fields and getattr(command, "provider", None) != own:
        raise NotTheirs(f"provider is {getattr(command, 'provider', None)!r}; allowed: {own!r}", "provider")
    named = getattr(command, "provider", None)
    if named is not None and named != own:
        raise NotTheirs(f"provider is {named!r}; allowed: {own!r}", "provider")
    if getattr(command, "register_", "provider") != "provider":
        raise NotTheirs("register is 'home'; allowed: 'provider'", "register")


def _refuse_unseen(session: Session, viewer: Viewer, command: Command) -> None:
    """The placement a command is about, or what it names of one: not theirs to see, it is refused as what is not on record."""
    for field, column, name in (
        ("placement", Placement.id, Placement.ref),
        ("review", Review.placement_id, Review.name),
        ("request", ReviewRequest.placement_id, ReviewRequest.name),
    ):
        value = getattr(command, field, None)
        if isinstance(value, str):
            found = session.scalar(select(column).where(name.class_.school_id == viewer.school_id, name == value).limit(1))
            if found is None or viewer.sight(load_cases(session, viewer.school, [found])[0]) == NOTHING:
                raise NotTheirs(f"{field} is {value!r}, which is not on record", field)
            return
