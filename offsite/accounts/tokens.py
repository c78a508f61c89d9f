"""Tokens for programs: each acts for one person, with that person's roles, until it runs out or is ended."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.account import ApiToken
from offsite.accounts.sessions import SEEN_EVERY, token_hash

LONGEST = timedelta(days=366)
PREFIX = "offsite_"
USED_EVERY = SEEN_EVERY


def make(
    session: Session,
    person_id: int,
    name: str,
    at: datetime,
    good_for: timedelta = LONGEST,
    *,
    reads_concerns: bool = False,
) -> str:
    """A new token; it is shown once and kept only as a hash. `reads_concerns`: whether it is handed the text of concerns."""
    token = PREFIX + secrets.token_urlsafe(32)
    session.add(
        ApiToken(
            token_hash=token_hash(token),
            person_id=person_id,
            name=name,
            reads_concerns=reads_concerns,
            made_at=at,
            expires_at=at + min(good_for, LONGEST),
        )
    )
    return token


def current(session: Session, token: str, at: datetime) -> ApiToken | None:
    """A token that stands at an instant; None where it is unknown, ended or has run out."""
    found = session.scalars(select(ApiToken).where(ApiToken.token_hash == token_hash(token))).first()
    return None if found is None or found.ended_at is not None or found.expires_at <= at else found


def use(session: Session, number: int, at: datetime) -> None:
    """Note when a token was used last."""
    session.execute(update(ApiToken).where(ApiToken.id == number).values(used_at=at))


def standing(session: Session, person_id: int, at: datetime) -> list[ApiToken]:
    """The tokens that act for a person at an instant, the oldest first."""
    wanted = select(ApiToken).where(ApiToken.person_id == person_id, ApiToken.ended_at.is_(None), ApiToken.expires_at > at)
    return list(session.scalars(wanted.order_by(ApiToken.id)))


def end(session: Session, person_id: int, number: int, at: datetime) -> None:
    """End one token of a person, by its number in the list; another's is left alone."""
    wanted = update(ApiToken).where(ApiToken.id == number, ApiToken.person_id == person_id, ApiToken.ended_at.is_(None))
    session.execute(wanted.values(ended_at=at))
