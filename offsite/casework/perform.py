"""Carry out one command: gates, rows, one event, what the rules then say, and the outbox, all in one transaction.

Either all of it is kept, or nothing: a refused command, a fault or a killed process leaves the record as it was.
"""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import chronology
from models.chronology import Event
from models.database import Database
from models.encrypted_text import KeyFile
from models.people import Person
from models.school import School
from offsite.casework.command import HANDLERS, OPERATOR, Command, Said
from offsite.casework.refusals import Conflict, Refused, UnknownName
from offsite.casework.watch.rule_runner import RuleRunner
from offsite.casework.work import KEPT, Work, refuse_impossible_time


class Done(NamedTuple):
    """What came of a command."""

    event: int
    """The event's number in the school's chronology."""
    repeated: bool
    """Whether it had been done before, under the same idempotency key; nothing was done again."""
    placement: str | None
    raised: tuple[str, ...]
    """References of the alerts it raised."""
    cleared: tuple[str, ...]


def perform(database: Database, key_file: KeyFile, urn: str, said: Said, rules: RuleRunner) -> Done:
    """Carry out a command at the school with this URN. Raises Refused, having changed nothing."""
    with database.writing() as session:
        return perform_in(session, key_file, school_id_of(session, urn, said), said, rules)


def perform_in(session: Session, key_file: KeyFile, school_id: int, said: Said, rules: RuleRunner) -> Done:
    """The same inside a transaction that the caller keeps or undoes."""
    chronology.lock_school(session, school_id)
    before = _done_before(session, school_id, said)
    if before is not None:
        return Done(before, True, None, (), ())
    _refuse_if_edited_since(session, school_id, said)
    refuse_impossible_time(said)
    work = Work(session, key_file, school_id, said)
    if said.by != OPERATOR:
        work.id_of(Person, said.by, "by")
    HANDLERS[type(said.command)](said.command, work)
    event = work.event()
    session.flush()
    changes = rules.after_command(work)
    return Done(event.number, False, work.placement_ref(), changes.raised, changes.cleared)


def school_id_of(session: Session, urn: str, said: Said | None = None) -> int:
    """The school's id; a school that is being set up is entered first. Raises UnknownName."""
    found = session.scalar(select(School.id).where(School.urn == urn))
    if found is not None:
        return found
    if said is None or said.command.name() != "set_up_school":
        raise UnknownName("school", urn, session.scalars(select(School.urn)))
    made = School(urn=urn)
    session.add(made)
    session.flush()
    return made.id


def _done_before(session: Session, school_id: int, said: Said) -> int | None:
    if said.key is None:
        return None
    found = session.scalars(select(Event).where(Event.school_id == school_id, Event.idempotency_key == said.key)).first()
    if found is None:
        return None
    if found.by != said.by:
        raise Refused(f"key is {said.key!r}, which was used already; use a key once a command.", field="key")
    if found.kind != said.command.name() or not _same_words(found, said.command):
        before = f"which was used for {found.kind} (event {found.number}), said otherwise"
        raise Refused(f"key is {said.key!r}, {before}; use a key once a command.", field="key")
    return found.number


def _same_words(before: Event, command: Command) -> bool:
    """Whether a command says what an event says, as far as it stands there in clear."""
    sealed = command.private_fields()
    said = command.model_dump(mode="json", exclude_unset=True, by_alias=True)
    clear = {name: value for name, value in before.payload.items() if name != KEPT}
    return {n: v for n, v in said.items() if n not in sealed} == {n: v for n, v in clear.items() if n not in sealed}


def _refuse_if_edited_since(session: Session, school_id: int, said: Said) -> None:
    thing = said.command.edits()
    if said.seen is None or thing is None:
        return
    later = session.execute(
        select(Event.number, Event.by)
        .where(Event.school_id == school_id, Event.edits == thing, Event.number > said.seen)
        .order_by(Event.number.desc())
        .limit(1)
    ).first()
    if later is not None:
        raise Conflict(thing, later.by, later.number)
