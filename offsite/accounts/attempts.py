"""Attempts to sign in, counted: after five failures an account, or a network address, must wait, longer each time.

A browser in which somebody signed in to an account lately is known there, and counted by itself: no stranger who types wrong
passwords for an address, or from behind the same network address, keeps its owner out.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.account import SignInAttempt
from offsite.accounts.refusals import TryLater

FREE = 5
"""Failures before anybody must wait."""
WAITS = tuple(timedelta(minutes=m) for m in (1, 2, 5, 15))
REMEMBERED = timedelta(hours=24)
PER_NETWORK = 10
"""A school sits behind one network address: it may fail so many times more often than an account."""
KNOWN_FOR = timedelta(days=30)
"""How long a browser is known after signing in."""


def refuse_too_many(session: Session, at: datetime, *, account: str = "", network: str = "") -> None:
    """Raise TryLater where an account or a network address has failed too often of late; one not named is not asked about.

    Attempts of one account or network are taken one after the other: the next waits until this transaction, in which the
    caller remembers how it went, has ended. Else many made at once would each find that few had failed.
    """
    for kind, name, free in (("account", account, FREE), ("network", network, FREE * PER_NETWORK)):
        if not name:
            continue
        _in_turn(session, _of(kind, name))
        failures = _failures(session, _of(kind, name), at)
        over = len(failures) - free
        if over >= 0:
            free_at = failures[0] + WAITS[min(over, len(WAITS) - 1)]
            if at < free_at:
                raise TryLater(-((at - free_at) // timedelta(minutes=1)))


def remember(session: Session, at: datetime, *, account: str = "", network: str = "", succeeded: bool) -> None:
    """Remember an attempt, of an account, a network address or both. A success wipes the account's failures only."""
    if account:
        session.add(SignInAttempt(of=_of("account", account), at=at, succeeded=succeeded))
    if network and not succeeded:
        session.add(SignInAttempt(of=_of("network", network), at=at, succeeded=False))


def counted_by(session: Session, at: datetime, account: str, network: str, browser: str) -> dict[str, str]:
    """What an attempt at an account counts for, to be given to the two above: where the browser is known there, itself alone.

    `browser`: the token kept in it, empty where there is none.
    """
    since = SignInAttempt.at > at - KNOWN_FOR
    known = select(SignInAttempt.id).where(SignInAttempt.of == _of("browser", _in(account, browser)), since)
    if browser and session.scalars(known.limit(1)).first() is not None:
        return {"account": _in(account, browser)}
    return {"account": account, "network": network}


def know(session: Session, at: datetime, account: str, browser: str) -> None:
    """Know a browser from now on, in which the owner of an account has just shown to be that."""
    if browser:
        session.add(SignInAttempt(of=_of("browser", _in(account, browser)), at=at, succeeded=True))


def _in_turn(session: Session, of: str) -> None:
    """Wait for whoever else attempts in this name until their transaction ends (SQLite: the write lock already does)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(int(of[:15], 16))))


def _failures(session: Session, of: str, at: datetime) -> list[datetime]:
    """When it failed since the last success, the newest first."""
    wanted = select(SignInAttempt.at, SignInAttempt.succeeded).where(SignInAttempt.of == of, SignInAttempt.at > at - REMEMBERED)
    found: list[datetime] = []
    for row in session.execute(wanted.order_by(SignInAttempt.at.desc(), SignInAttempt.id.desc()).limit(FREE * PER_NETWORK * 2)):
        if row.succeeded:
            break
        found.append(row.at)
    return found


def _in(account: str, browser: str) -> str:
    return f"{account.strip()} in {browser}"


def _of(kind: str, name: str) -> str:
    return hashlib.sha256(f"{kind}:{name.strip().lower()}".encode()).hexdigest()
