"""Attempts to sign in, counted: after five failures an account, or a network address, must wait, longer each time."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.account import SignInAttempt
from offsite.accounts.refusals import TryLater

FREE = 5
"""Failures before anybody must wait."""
WAITS = tuple(timedelta(minutes=m) for m in (1, 2, 5, 15, 60))
REMEMBERED = timedelta(hours=24)
PER_NETWORK = 10
"""A school sits behind one network address: it may fail so many times more often than an account."""


def refuse_too_many(session: Session, at: datetime, *, account: str = "", network: str = "") -> None:
    """Raise TryLater where an account or a network address has failed too often of late; one not named is not asked about."""
    for kind, name, free in (("account", account, FREE), ("network", network, FREE * PER_NETWORK)):
        failures = _failures(session, _of(kind, name), at) if name else []
        over = len(failures) - free
        if over >= 0 and failures:
            free_at = failures[0] + WAITS[min(over, len(WAITS) - 1)]
            if at < free_at:
                raise TryLater(-((at - free_at) // timedelta(minutes=1)))


def remember(session: Session, at: datetime, *, account: str = "", network: str = "", succeeded: bool) -> None:
    """Remember an attempt, of an account, a network address or both. A success wipes the account's failures only."""
    if account:
        session.add(SignInAttempt(of=_of("account", account), at=at, succeeded=succeeded))
    if network and not succeeded:
        session.add(SignInAttempt(of=_of("network", network), at=at, succeeded=False))


def _failures(session: Session, of: str, at: datetime) -> list[datetime]:
    """When it failed since the last success, the newest first."""
    wanted = select(SignInAttempt.at, SignInAttempt.succeeded).where(SignInAttempt.of == of, SignInAttempt.at > at - REMEMBERED)
    found: list[datetime] = []
    for row in session.execute(wanted.order_by(SignInAttempt.at.desc(), SignInAttempt.id.desc()).limit(FREE * PER_NETWORK * 2)):
        if row.succeeded:
            break
        found.append(row.at)
    return found


def _of(kind: str, name: str) -> str:
    return hashlib.sha256(f"{kind}:{name.strip().lower()}".encode()).hexdigest()
