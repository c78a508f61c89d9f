"""The chronology: one append-only chain of events a school, each event hashing the one before it.

An event holds references, codes and encrypted text only, no name or birth date, so a pupil's texts can be erased by
destroying the pupil's key while the chain still verifies.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, ForeignKey, Index, Table, UniqueConstraint, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.database import Base
from models.recorded import Instant, Number
from models.school import School

GENESIS = "0" * 64


class Event(Base):
    """Something that was done: a command, or what a run of the rules changed."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("school_id", "number"),
        UniqueConstraint("school_id", "idempotency_key"),
        Index("ix_event_placement", "placement_id", "number"),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    number: Mapped[int]
    kind: Mapped[str]
    by: Mapped[str]
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"))
    happened_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    edits: Mapped[str | None] = mapped_column(index=True)
    """What the command edited, such as "review r1": of two who edit it at once, one wins."""
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    idempotency_key: Mapped[str | None]
    previous_hash: Mapped[str]
    hash: Mapped[str]


class Correction(Base):
    """That one event's rows no longer count: the correcting event's rows stand in their place."""

    __tablename__ = "correction"

    corrected_event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    by_event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)


def lock_school(session: Session, school_id: int) -> None:
    """Queue behind whoever is writing to this school's chronology (SQLite: the write lock already does)."""
    session.execute(select(School.id).where(School.id == school_id).with_for_update())


def head(session: Session, school_id: int) -> tuple[int, str]:
    """Number and hash of the school's newest event; (0, GENESIS) before the first."""
    newest = session.execute(
        select(Event.number, Event.hash).where(Event.school_id == school_id).order_by(Event.number.desc()).limit(1)
    ).first()
    return (newest.number, newest.hash) if newest else (0, GENESIS)


def append(
    session: Session,
    *,
    school_id: int,
    kind: str,
    by: str,
    placement_id: int | None,
    happened_at: datetime,
    recorded_at: datetime,
    payload: Mapping[str, Any],
    edits: str | None = None,
    idempotency_key: str | None = None,
) -> Event:
    """Add one event to the end of the school's chain. The caller holds the school's lock."""
    number, previous = head(session, school_id)
    made = Event(
        school_id=school_id,
        number=number + 1,
        kind=kind,
        by=by,
        placement_id=placement_id,
        happened_at=happened_at,
        recorded_at=recorded_at,
        edits=edits,
        payload=dict(payload),
        idempotency_key=idempotency_key,
        previous_hash=previous,
        hash="",
    )
    made.hash = _digest(made)
    session.add(made)
    session.flush()
    return made


def has_hash(session: Session, school_id: int, wanted: str) -> bool:
    """Whether an event of the school bears a hash (or one that begins so): the head printed on a letter must."""
    found = select(Event.id).where(Event.school_id == school_id, Event.hash.startswith(wanted, autoescape=True))
    return session.scalars(found.limit(1)).first() is not None


class Break(NamedTuple):
    """Where a chain does not hold: the event's number and what is wrong with it."""

    number: int
    why: str


def breaks(session: Session, school_id: int, since: int = 1) -> Iterator[Break]:
    """Walk a school's chain, from the event numbered `since`, and name every event that was changed, removed, swapped or
    slipped in. The hash of the event before is taken as it stands.

    The newest events being cut off leaves no gap to see: compare `head` with the head printed on a letter or kept
    with a backup for that.
    """
    before = select(Event.hash).where(Event.school_id == school_id, Event.number == since - 1)
    expected, previous = since, session.scalar(before) or GENESIS
    walked = select(Event).where(Event.school_id == school_id, Event.number >= since).order_by(Event.number)
    for found in session.scalars(walked.execution_options(yield_per=1000)):
        while found.number > expected:
            yield Break(expected, "removed: no event bears this number")
            expected += 1
        if found.hash != _digest(found):
            yield Break(found.number, "changed: its content does not give its hash")
        elif found.previous_hash != previous:
            yield Break(found.number, "swapped or follows a removed event: it does not name its predecessor's hash")
        expected, previous = found.number + 1, found.hash


def breaks_of_placement(session: Session, school_id: int, placement_id: int) -> tuple[int, list[int]]:
    """How many events a placement has, and the numbers of those that do not give their hash or name their predecessor's.

    Two queries, however long the school's chain is: what was removed elsewhere only `breaks` can say.
    """
    events = session.scalars(
        select(Event).where(Event.school_id == school_id, Event.placement_id == placement_id).order_by(Event.number)
    ).all()
    before = {event.number - 1 for event in events if event.number > 1}
    hashes = dict(
        session.execute(select(Event.number, Event.hash).where(Event.school_id == school_id, Event.number.in_(before)))
        .tuples()
        .all()
    )
    return len(events), [
        e.number for e in events if e.hash != _digest(e) or e.previous_hash != hashes.get(e.number - 1, GENESIS)
    ]


def _digest(found: Event) -> str:
    content = [
        found.school_id,
        found.number,
        found.kind,
        found.by,
        found.placement_id,
        found.happened_at.astimezone(UTC).isoformat(),
        found.recorded_at.astimezone(UTC).isoformat(),
        found.edits,
        found.payload,
        found.idempotency_key,
        found.previous_hash,
    ]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


APPEND_ONLY = {
    "sqlite": tuple(
        f"CREATE TRIGGER event_never_{verb.lower()}d BEFORE {verb} ON event "
        "BEGIN SELECT RAISE(ABORT, 'the chronology is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        "CREATE FUNCTION event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the chronology is append-only'; END $$",
        "CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event "
        "FOR EACH STATEMENT EXECUTE FUNCTION event_is_append_only()",
    ),
}
"""The triggers that refuse to change or remove an event; the migrations create the same ones."""


@event.listens_for(Event.__table__, "after_create")
def _add_triggers(target: Table, connection: Any, **_: object) -> None:
    for statement in APPEND_ONLY[connection.dialect.name]:
        connection.exec_driver_sql(statement)
