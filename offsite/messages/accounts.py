"""Telling the holder of an account what was done with it, so that nobody does it behind the holder's back."""

from datetime import datetime

from sqlalchemy.orm import Session

from offsite.case.case import SchoolFile
from offsite.law.london import day_of
from offsite.messages.addressing import Addressee
from offsite.messages.outbox import put, stable_id
from offsite.messages.wording import word_account

LINK_MADE = "A new account link was made for you"
PASSWORD_CHANGED = "Your password was changed"
CODES_RENEWED = "Your one-time codes were set up on another phone"
CODES_FORGOTTEN = "Your one-time codes were forgotten; you set them up anew when you next sign in"
ACCESS_ENDED = "Your access was ended"


def tell_holder(session: Session, school: SchoolFile, person_id: int, what: str, by: str, at: datetime) -> None:
    """Put a message to a person of the school in the outbox, where an address is on record. `by`: reference of who did it."""
    found = next(((d, roles) for d, roles in school.people_on(day_of(at)) if d.person_id == person_id and d.email), None)
    if found is not None:
        details, roles = found
        to = Addressee(roles[0], person_id, details.email)
        message_id = stable_id("account", str(person_id), what, at.isoformat())
        put(session, school.id, message_id, "account", "low", to, [], word_account(what, by), at)
