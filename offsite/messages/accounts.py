"""Telling people what was done with an account, so that nobody does it behind the back of whoever has it.

An address may have been changed just before, to one's own. So every address is told that was on record lately; and where the
account reads concerns, so are the others who read them.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.people import PersonDetails
from offsite.access.readers import readers
from offsite.case.case import SchoolFile
from offsite.law.london import day_of
from offsite.messages.addressing import Addressee
from offsite.messages.outbox import put, stable_id
from offsite.messages.wording import Wording, word_account, word_anothers_account

LATELY = timedelta(days=30)


class Deed(NamedTuple):
    """What was done, in words."""

    to_holder: str
    to_others: str
    """`{ref}` stands for the holder's reference."""


PASSWORD_CHANGED = "Your password was changed"
CODES_RENEWED = "Your one-time codes were set up on another phone"
LINK_MADE = Deed("A new account link was made for you", "A new account link was made for {ref}")
CODES_FORGOTTEN = Deed(
    "Your one-time codes were forgotten; you set them up anew when you next sign in",
    "The one-time codes of {ref} were forgotten, to be set up anew",
)
ACCESS_ENDED = Deed("Your access was ended", "The access of {ref} was ended")
READS_NOW = Deed("You were given a role that reads concerns", "{ref} was given a role that reads concerns")
ADDRESS_CHANGED = Deed("Your e-mail address on record was changed", "The e-mail address on record for {ref} was changed")


def addresses_lately(session: Session, school: SchoolFile, person_id: int, at: datetime) -> list[str]:
    """Every e-mail address of a person that was in force at either end of LATELY, or put on record since or last before it.

    Those of an entry that was corrected are among them.
    """
    in_force = [p.email for on in (at - LATELY, at) for p, _ in school.people_on(day_of(on)) if p.person_id == person_id]
    wanted = select(PersonDetails.email, PersonDetails.recorded_at).where(PersonDetails.person_id == person_id)
    rows = session.execute(wanted.order_by(PersonDetails.id)).all()
    first = max((number for number, row in enumerate(rows) if row.recorded_at <= at - LATELY), default=0)
    return list(dict.fromkeys(email for email in (*in_force, *(row.email for row in rows[first:])) if email))


def tell_holder(
    session: Session, school: SchoolFile, person_id: int, what: str, by: str, at: datetime, also: Iterable[str] = ()
) -> None:
    """Put a message to a person of the school in the outbox, for each of their addresses, and those in `also`.

    `by`: reference of who did it.
    """
    addresses = [*addresses_lately(session, school, person_id, at), *also]
    _put(session, school, person_id, addresses, what, word_account(what, by), "low", at)


def tell_other_readers(session: Session, school: SchoolFile, person_id: int, deed: Deed, by: str, at: datetime) -> None:
    """Tell the others who read concerns, at once, what was done with the account of somebody who reads them."""
    ref = school.person_refs[person_id]
    words = word_anothers_account(deed.to_others.format(ref=ref), ref, by)
    for other in readers(school, day_of(at)):
        if other != person_id:
            _put(session, school, other, addresses_lately(session, school, other, at), words.body, words, "critical", at)


def _put(
    session: Session,
    school: SchoolFile,
    person_id: int,
    addresses: Iterable[str],
    what: str,
    words: Wording,
    severity: str,
    at: datetime,
) -> None:
    roles = next((roles for person, roles in school.people_on(day_of(at)) if person.person_id == person_id), ())
    for address in dict.fromkeys(addresses):
        message_id = stable_id("account", str(person_id), what, at.isoformat(), address)
        to = Addressee(roles[0] if roles else "", person_id, address)
        put(session, school.id, message_id, "account", severity, to, [], words, at)
