"""Taking access away: what an account does at one school, the whole account, its links, its one-time codes.

A leader ends what an account does at the leader's own school; only whoever runs Offsite ends the account.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from models.account import Account, AccountInvitation, ApiToken, Membership, SignIn
from offsite.accounts import sessions

NEW_ADDRESS = "new address"
"""Stands for who ended it, where somebody got an account at another address."""


def end_membership(session: Session, account: Account, person_id: int, by: str, at: datetime) -> None:
    """End what an account does for one person: its sessions there, its links, and the person's tokens for programs.

    `by` is the reference of who ends it. An account that acts for nobody any more signs in no more.
    """
    _end(session, by, at, Membership.account_id == account.id, Membership.person_id == person_id)
    end_tokens(session, person_id, at)
    others = bool(sessions.memberships(session, account.id))
    spend_links(session, account.id, at, joins=person_id if others else None)


def end_account(session: Session, account: Account, by: str, at: datetime) -> None:
    """End an account: whatever it does at any school, every session, link and token for programs."""
    for person in sessions.memberships(session, account.id):
        end_tokens(session, person.id, at)
    _end(session, by, at, Membership.account_id == account.id)
    account.ended_at = at
    sessions.end_all(session, account.id, at)
    spend_links(session, account.id, at)


def end_tokens(session: Session, person_id: int, at: datetime) -> None:
    """End every token by which programs act for a person, who need not have an account."""
    theirs = ApiToken.person_id == person_id, ApiToken.ended_at.is_(None)
    session.execute(update(ApiToken).where(*theirs).values(ended_at=at))


def end_others(session: Session, account_id: int, person_id: int, at: datetime) -> None:
    """End what other accounts do for a person, who has this one now. Tokens for programs go on."""
    _end(session, NEW_ADDRESS, at, Membership.account_id != account_id, Membership.person_id == person_id)


def forget_codes(session: Session, account: Account, at: datetime) -> None:
    """Forget an account's one-time codes, for a lost phone: they are set up anew at the next sign-in. Every session ends."""
    account.code_secret, account.code_confirmed, account.code_last_step = None, False, None
    sessions.end_all(session, account.id, at)


def spend_links(session: Session, account_id: int, at: datetime, *, joins: int | None = None) -> None:
    """End the links of an account that were not used; with `joins`, only those that would add this person."""
    wanted = update(AccountInvitation).where(AccountInvitation.account_id == account_id, AccountInvitation.used_at.is_(None))
    if joins is not None:
        wanted = wanted.where(AccountInvitation.joins == joins)
    session.execute(wanted.values(used_at=at))


def _end(session: Session, by: str, at: datetime, *which: ColumnElement[bool]) -> None:
    for membership in session.scalars(select(Membership).where(Membership.ended_at.is_(None), *which)).all():
        membership.ended_at, membership.ended_by = at, by
        acting = SignIn.account_id == membership.account_id, SignIn.person_id == membership.person_id
        session.execute(update(SignIn).where(*acting, SignIn.ended_at.is_(None)).values(ended_at=at))
    session.flush()
