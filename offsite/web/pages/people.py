"""People and roles: who holds and covers which role, how each is reached and whether that works, test messages."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.message import Delivery, Message
from models.people import Person, PersonDetails
from offsite.accounts import handing_out
from offsite.messages.channels import WAYS, Unready
from offsite.messages.outbox import DOMAIN
from offsite.messages.reach import ways
from offsite.messages.trial import send_test
from offsite.views.listed import Asked
from offsite.views.school import people as view
from offsite.web.tables import Column, Filter, Table, cut_here, params_of
from offsite.web.visit import Refuse, Visit, area, posted
from offsite.web.wording import CHANNELS, word_for
from rules.rule import ROLES

router = APIRouter()
Posted = Depends(posted)
Visiting = Annotated[Visit, Depends(area("people"))]


PEOPLE: tuple[Column[view.PersonShown], ...] = (
    Column("name", "Person", lambda row: row.details.name),
    Column("person", "Reference", lambda row: row.ref),
    Column("roles", "Roles", lambda row: [word_for(role) for role in row.roles]),
    Column("ways", "How they are reached", lambda row: [_way(way) for way in row.ways], sorts=False),
    Column("do", "Do", lambda row: "", sorts=False),
)
FILTERS = (
    Filter("role", "Role", tuple((role, word_for(role)) for role in ROLES)),
    Filter("trouble", "Only where a way is lacking or failed"),
)


class PeopleAsked(Asked):
    """How the list was asked for."""

    role: str = Field("", max_length=40)
    trouble: bool = False
    tested: str = Field("", max_length=100, description="the test message just sent")


@router.get("/people")
@router.get("/people.csv")
def people(visit: Visiting, asked: Annotated[PeopleAsked, Query()]) -> Response:
    """Who holds which role, who covers it when, how everybody is reached; and what became of a test message."""
    on = visit.edge.here.channels
    rows = [
        row
        for row in view.people(visit.session, visit.who, on)
        if asked.role in ("", *row.roles) and (row.trouble or not asked.trouble)
    ]
    listed, params = cut_here(rows, PEOPLE, asked, visit.page_size), params_of(asked.model_copy(update={"tested": ""}))
    return visit.table_page(
        "people.html",
        Table("/people", "How everybody is reached", PEOPLE, listed, params, FILTERS, "Name, reference or address"),
        roles_shown=view.roles(visit.session, visit.who, on),
        takers={channel: on[channel].taker for channel in WAYS if channel in on},
        unready={name: channel.why for name, channel in on.items() if isinstance(channel, Unready)},
        tested=_tested(visit, asked.tested),
        key=secrets.token_urlsafe(9),
        kept_back=handing_out.kept_back(visit.session, visit.who),
    )


@router.post("/people/{ref}/test", dependencies=[Posted])
def test_message(visit: Visiting, ref: str) -> Response:
    """A message that says it is a test, sent at once by one channel; the page of people then says what became of it."""
    person, roles = _held(visit, person_here(visit, visit.session, ref))
    channels = visit.edge.here.channels
    channel = visit.text("channel") or "email"
    way = next((way for way in ways(person, channels) if way.channel == channel), None)
    if way is None:
        raise Refuse(422, "No message could be sent", f"There is no way to {ref} by this channel: it is off, or nothing is on "
                     "record to reach them by.")  # fmt: skip
    key = visit.text("key") or secrets.token_urlsafe(9)
    message_id = send_test(visit.edge.database, channels, visit.who.school_id, way, roles[0], key, visit.at)
    return visit.to(f"/people?tested={message_id.partition('@')[0]}")


def _way(way: view.WayShown) -> str:
    """A way as it is exported."""
    why = way.lacking or (f"failed: {way.failed.error}" if way.failed else "")
    return " ".join(part for part in (f"{CHANNELS[way.channel]}:", way.address, why and f"({why})") if part)


def _held(visit: Visit, person: Person) -> tuple[PersonDetails, tuple[str, ...]]:
    return next(held for held in visit.who.school.people_on(visit.who.today) if held[0].person_id == person.id)


def _tested(visit: Visit, tested: str) -> dict[str, object] | None:
    """What became of a test message of this school."""
    if not tested:
        return None
    found = visit.session.execute(
        select(Message.person_id, Message.channel, Delivery.outcome, Delivery.error, Delivery.at)
        .join(Delivery, Delivery.message_id == Message.id)
        .where(Message.school_id == visit.who.school_id, Message.kind == "test", Message.message_id == f"{tested}@{DOMAIN}")
    ).first()
    if found is None or found.person_id is None:
        return None
    return {**found._mapping, "ref": visit.who.school.person_refs[found.person_id]}


def person_here(visit: Visit, session: Session, ref: str) -> Person:
    """A person of the viewer's own school. Raises Refuse for any other."""
    found = session.scalars(select(Person).where(Person.school_id == visit.who.school_id, Person.ref == ref)).first()
    if found is None:
        raise Refuse(404, "That person is not on record")
    return found
