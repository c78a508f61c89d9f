"""Sessions, kept on the server: ended by signing out, by half an hour of quiet, after twelve hours, or from elsewhere."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.account import Account, Membership, SignIn
from models.people import Person

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
"""A page need not write each time it is looked at."""


def token_hash(token: str) -> str:
    """What is kept of a random token."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(session: Session, account: Account, at: datetime, *, code_passed: bool = False) -> str:
    """Begin a session; returns its token, which is kept nowhere. With one membership it is chosen already."""
    token = secrets.token_urlsafe(32)
    people = memberships(session, account.id)
    session.add(
        SignIn(
            token_hash=token_hash(token),
            account_id=account.id,
            person_id=people[0].id if len(people) == 1 else None,
            code_passed=code_passed,
            made_at=at,
            seen_at=at,
        )
    )
    return token


def current(session: Session, token: str, at: datetime) -> SignIn | None:
    """The session of a token, if it still stands at an instant."""
    found = session.scalars(select(SignIn).where(SignIn.token_hash == token_hash(token))).first()
    if found is None or found.ended_at is not None or at - found.seen_at > IDLE or at - found.made_at > ABSOLUTE:
        return None
    return None if session.get_one(Account, found.account_id).ended_at is not None else found


def memberships(session: Session, account_id: int) -> list[Person]:
    """The people an account acts for."""
    wanted = select(Person).join(Membership, Membership.person_id == Person.id).where(Membership.account_id == account_id)
    return list(session.scalars(wanted.order_by(Person.school_id, Person.id)))


def end(session: Session, token: str, at: datetime) -> None:
    """End one session."""
    session.execute(update(SignIn).where(SignIn.token_hash == token_hash(token), SignIn.ended_at.is_(None)).values(ended_at=at))


def end_all(session: Session, account_id: int, at: datetime, *, but: str | None = None) -> None:
    """End every session of an account, but one."""
    wanted = update(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    if but is not None:
        wanted = wanted.where(SignIn.token_hash != token_hash(but))
    session.execute(wanted.values(ended_at=at))
