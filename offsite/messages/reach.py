"""Whether people are reached: by which ways, and what became of what was sent last by each. Decided here, once.

Every page's warning, the page of people, `offsite doctor` and dispatch, which tells of what bounced, all ask here. Each
question is one query, however many messages there were.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, String, and_, bindparam, column, or_, select, text
from sqlalchemy.orm import Session

from models.message import Delivery, Message
from models.people import PersonDetails
from offsite.case.case import SchoolFile
from offsite.law.london import day_of
from offsite.messages.channels import FURTHER
from offsite.messages.numbers import dialled

SAFEGUARDING = ("dsl", "deputy_dsl")
"""Whom every page warns of while they cannot be reached."""
FAILED = ("failed", "bounced", "dead")
LATELY = timedelta(days=7)
AT_ONCE = 100
"""Ways asked for in one query."""
NEWEST = 10
"""Of what came back, as many are told of at once."""
ATTEMPTS = 10_000
"""Failures looked at, the newest first: in a week in which nothing leaves, the older ones say nothing new."""


class Way(NamedTuple):
    """A way to a person: by a channel, to an address as the channel takes it."""

    person_id: int
    channel: str
    address: str


class Attempt(NamedTuple):
    """What became of an attempt to reach somebody."""

    outcome: str
    """sent, failed, bounced or dead."""
    at: datetime
    error: str | None


class Unreached(NamedTuple):
    """A role in which nobody can be reached."""

    role: str
    why: str


class Undelivered(NamedTuple):
    """A message that bounced or was given up, and was not sent since."""

    role: str
    channel: str
    severity: str
    subject: str
    at: datetime
    error: str | None


def ways(person: PersonDetails, on: Collection[str]) -> list[Way]:
    """The ways to a person by the channels that are on; none without an address on record."""
    number = dialled(person.phone)
    found = [Way(person.person_id, "email", person.email)] if person.email else []
    return found + [Way(person.person_id, channel, number) for channel in FURTHER if channel in on and number]


def unreachable(
    session: Session, school: SchoolFile, roles: Iterable[str], at: datetime, on: Collection[str]
) -> list[Unreached]:
    """The roles in which nobody can be reached on the day, and why: nobody holds or covers it, nobody who does has an
    e-mail address, or what was sent last came back, by every way, from all of them. `on`: the channels there are."""
    people = school.people_on(day_of(at))
    holders = {role: [person for person, held in people if role in held] for role in roles}
    lost = failing(session, {p.person_id: p for found in holders.values() for p in found if p.email}.values(), on)
    reasons = ((role, _why(found, lost)) for role, found in holders.items())
    return [Unreached(role, why) for role, why in reasons if why is not None]


def _why(holders: Sequence[PersonDetails], lost: Collection[int]) -> str | None:
    if not holders:
        return "nobody holds or covers the role"
    with_address = [person for person in holders if person.email]
    if not with_address:
        return "nobody in the role has an e-mail address on record"
    if all(person.person_id in lost for person in with_address):
        return "what was sent to them last came back or was given up"
    return None


def failing(session: Session, people: Iterable[PersonDetails], on: Collection[str]) -> frozenset[int]:
    """Ids of those whom nothing reaches: their last mail came back or was given up, and the last by no other way was taken."""
    asked = [way for person in people for way in ways(person, on)]
    last = last_attempts(session, asked, ("sent", "bounced", "dead"))
    reached = {way.person_id for way, attempt in last.items() if attempt.outcome == "sent"}
    return frozenset(way.person_id for way in last if way.channel == "email") - reached


def last_attempts(session: Session, asked: Sequence[Way], outcomes: Collection[str]) -> Mapping[Way, Attempt]:
    """The last attempt with one of these outcomes at the newest message that has one, by each way that has any."""
    found: dict[Way, Attempt] = {}
    for first in range(0, len(asked), AT_ONCE):
        some = asked[first : first + AT_ONCE]
        asking = {f"{name}{number}": value for number, way in enumerate(some) for name, value in way._asdict().items()}
        rows = session.execute(_last_by(len(some)), asking | {"outcomes": list(outcomes)})
        found.update((some[row.number], Attempt(row.outcome, row.at, row.error)) for row in rows)
    return found


@cache
def _last_by(ways: int) -> Select[Any]:
    """The question about so many ways. Every page asks it, and `values` would be compiled anew each time."""
    given = ", ".join(f"({n}, :person_id{n}, :channel{n}, :address{n})" for n in range(ways))
    columns: Any = (column(f"column{n}", type_) for n, type_ in enumerate((Integer, Integer, String, String), 1))
    number, person_id, channel, address = text(f"VALUES {given}").columns(*columns).cte("way").c
    mailed = and_(channel == "email", Message.channel == "phone")  # the phone list is mailed
    last = (
        select(Delivery.id)
        .join(Message, Message.id == Delivery.message_id)
        .where(Message.person_id == person_id, Message.address == address)
        .where(or_(Message.channel == channel, mailed), Delivery.outcome.in_(bindparam("outcomes", expanding=True)))
        .order_by(Message.id.desc(), Delivery.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return select(number.label("number"), Delivery.outcome, Delivery.at, Delivery.error).join(Delivery, Delivery.id == last)


def undelivered(session: Session, school_id: int, at: datetime, limit: int = NEWEST) -> list[Undelivered]:
    """What bounced or was given up at a school within LATELY and was not sent since, the newest first; tests left out."""
    lost: dict[int, tuple[datetime, str | None]] = {}
    for message_id, failed_at, error in session.execute(
        select(Delivery.message_id, Delivery.at, Delivery.error)
        .where(Delivery.at > at - LATELY, Delivery.outcome.in_(("bounced", "dead")))
        .order_by(Delivery.at.desc(), Delivery.id.desc())
        .limit(ATTEMPTS)
    ):
        lost.setdefault(message_id, (failed_at, error))
    sent = select(Delivery.message_id).where(Delivery.message_id.in_(lost), Delivery.outcome == "sent")
    messages = session.execute(
        select(Message.id, Message.role, Message.channel, Message.severity, Message.subject)
        .where(Message.id.in_(lost), Message.id.not_in(sent))
        .where(Message.school_id == school_id, Message.kind != "test")
    )
    found = [Undelivered(role, channel, severity, subject, *lost[id]) for id, role, channel, severity, subject in messages]
    return sorted(found, key=lambda one: one.at, reverse=True)[:limit]
