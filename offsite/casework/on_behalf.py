"""Carry out a command for somebody who came through the pages or the JSON interface: only what their roles may say, and only
about what is theirs to see. The command line needs no such leave: whoever runs the machine may do all.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.database import Database
from models.encrypted_text import KeyFile
from models.placement import Placement
from models.provider import Provider
from models.review import Review, ReviewRequest
from offsite.access.deeds import may
from offsite.access.sight import NOTHING
from offsite.access.viewer import Viewer
from offsite.case.loading import load_cases
from offsite.casework.command import Command, Said
from offsite.casework.commands.school.details import SetUpSchool
from offsite.casework.perform import Done, perform
from offsite.casework.refusals import Refused
from offsite.casework.watch.rule_runner import RuleRunner

UNSEEN_ALLOWED = frozenset({"propose_placement", "break_glass"})
"""About a placement that is new, or that is opened because it cannot be seen."""


class NotTheirs(Refused):
    """The command is not theirs to say, or it is about something that is not theirs to see."""

    def __init__(self, what: str, field: str | None = None) -> None:
        super().__init__(f"{what}, or it is not yours to see or do.", field=field)


def perform_for(database: Database, key_file: KeyFile, viewer: Viewer, said: Said, rules: RuleRunner) -> Done:
    """Carry a command out at the viewer's school, in the viewer's name. Raises Refused, having changed nothing."""
    with database.reading() as session:
        refuse_what_is_not_theirs(session, viewer, said.command)
    return perform(database, key_file, viewer.school.urn, said, rules)


def refuse_what_is_not_theirs(session: Session, viewer: Viewer, command: Command) -> None:
    """Raise NotTheirs unless the viewer's roles may say the command and see what it is about."""
    if not viewer.may(command.name()):
        raise NotTheirs(f"{command.name()} is not among what your role may do")
    if isinstance(command, SetUpSchool) and command.urn != viewer.school.urn:
        raise NotTheirs(f"urn is {command.urn!r}; allowed: {viewer.school.urn!r}", "urn")
    placement_id = _placement(session, viewer, command)
    if placement_id is not None and command.name() not in UNSEEN_ALLOWED:
        case = load_cases(session, viewer.school, [placement_id])[0]
        if viewer.sight(case) == NOTHING:
            raise NotTheirs("that placement is not on record", "placement")
    if viewer.holds("provider") and not may(tuple(r for r in viewer.roles if r != "provider"), command.name()):
        _refuse_others(session, viewer, command)


def _refuse_others(session: Session, viewer: Viewer, command: Command) -> None:
    """Somebody of a provider speaks of that provider alone, and marks its register alone."""
    own = session.scalar(select(Provider.ref).where(Provider.id == viewer.provider_id)) if viewer.provider_id else None
    fields = type(command).model_fields
    if "provider" in fields and "placement" not in fields and getattr(command, "provider", None) != own:
        raise NotTheirs(f"provider is {getattr(command, 'provider', None)!r}; allowed: {own!r}", "provider")
    named = getattr(command, "provider", None)
    if named is not None and named != own:
        raise NotTheirs(f"provider is {named!r}; allowed: {own!r}", "provider")
    if getattr(command, "register_", "provider") != "provider":
        raise NotTheirs("register is 'home'; allowed: 'provider'", "register")


def _placement(session: Session, viewer: Viewer, command: Command) -> int | None:
    """The placement a command is about, where it names one that is on record at the viewer's school."""
    school = viewer.school_id
    for field, column, name in (
        ("placement", Placement.id, Placement.ref),
        ("review", Review.placement_id, Review.name),
        ("request", ReviewRequest.placement_id, ReviewRequest.name),
    ):
        value = getattr(command, field, None)
        if isinstance(value, str):
            found = session.scalar(select(column).where(name.class_.school_id == school, name == value).limit(1))
            if found is not None:
                return int(found)
            if field == "placement" and command.name() not in UNSEEN_ALLOWED:
                raise NotTheirs(f"placement is {value!r}, which is not on record", "placement")
    return None
