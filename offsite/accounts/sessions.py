"""Sessions, kept on the server: ended by signing out, by half an hour of quiet, after twelve hours, or from elsewhere."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select, update
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


def begin(session: Session, account: Account, at: datetime, *, code_passed: bool = False, instead_of: str | None = None) -> str:
    """Begin a session; returns its token, which is kept nowhere. With one membership it is chosen already.

    `instead_of`: the token the browser came with, whose session ends: a token known before signing in opens nothing after.
    """
    if instead_of is not None:
        end(session, instead_of, at)
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
    """The session of a token, if it still stands at an instant: the account goes on, and so does what it does at the school."""
    acts = (
        exists()
        .where(Membership.account_id == SignIn.account_id, Membership.ended_at.is_(None))
        .where(or_(SignIn.person_id.is_(None), Membership.person_id == SignIn.person_id))
    )
    wanted = select(SignIn, Account).join(Account, Account.id == SignIn.account_id)
    row = session.execute(
        wanted.where(SignIn.token_hash == token_hash(token), *_standing(at), Account.ended_at.is_(None), acts)
    ).first()
    return row.SignIn if row else None


def standing(session: Session, account_id: int, at: datetime) -> list[SignIn]:
    """Every session of an account that stands, the one seen last first."""
    wanted = select(SignIn).where(SignIn.account_id == account_id, *_standing(at))
    return list(session.scalars(wanted.order_by(SignIn.seen_at.desc(), SignIn.id.desc())))


def _standing(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return SignIn.ended_at.is_(None), SignIn.seen_at >= at - IDLE, SignIn.made_at >= at - ABSOLUTE


def memberships(session: Session, account_id: int) -> list[Person]:
    """The people an account acts for."""
    wanted = select(Person).join(Membership, Membership.person_id == Person.id)
    wanted = wanted.where(Membership.account_id == account_id, Membership.ended_at.is_(None))
    return list(session.scalars(wanted.order_by(Person.school_id, Person.id)))


def end(session: Session, token: str, at: datetime) -> None:
    """End the session of a token."""
    session.execute(update(SignIn).where(SignIn.token_hash == token_hash(token), SignIn.ended_at.is_(None)).values(ended_at=at))


def end_one(session: Session, account_id: int, number: int, at: datetime) -> None:
    """End one session of an account, by its number in the list; another account's is left alone."""
    wanted = update(SignIn).where(SignIn.id == number, SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    session.execute(wanted.values(ended_at=at))


def end_all(session: Session, account_id: int, at: datetime, *, but: str | None = None) -> None:
    """End every session of an account, but one."""
    wanted = update(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    if but is not None:
        wanted = wanted.where(SignIn.token_hash != token_hash(but))
    session.execute(wanted.values(ended_at=at))
