"""Accounts: making one for a person, the invitation link, taking it up, ending it; signing in with a password."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.account import Account, AccountInvitation, Membership
from models.people import Person
from offsite.access.sight import ROLE_SIGHT, Concerns
from offsite.accounts import attempts, passwords, sessions
from offsite.accounts.refusals import NotAccepted
from offsite.case.loading import load_school
from offsite.law.london import day_of

INVITATION_FOR = timedelta(days=7)


def invite(session: Session, person: Person, at: datetime) -> str:
    """A link's token by which a person sets a password, for an account made now or known already; a week long.

    Raises NotAccepted where no address is on record for the person.
    """
    account = _account_for(session, person, at)
    token = secrets.token_urlsafe(32)
    session.add(
        AccountInvitation(
            account_id=account.id, token_hash=sessions.token_hash(token), made_at=at, expires_at=at + INVITATION_FOR
        )
    )
    return token


def invited(session: Session, token: str, at: datetime) -> tuple[AccountInvitation, Account] | None:
    """The invitation of a token and its account, if it was not used and has not run out."""
    wanted = select(AccountInvitation).where(AccountInvitation.token_hash == sessions.token_hash(token))
    found = session.scalars(wanted).first()
    if found is None or found.used_at is not None or found.expires_at <= at:
        return None
    return found, session.get_one(Account, found.account_id)


def take_up(session: Session, token: str, password: str, at: datetime) -> Account:
    """Set the password by an invitation, which is used up; every earlier session ends. Raises NotAccepted."""
    found = invited(session, token, at)
    if found is None:
        raise NotAccepted("password", "This link was used already or has run out. Ask for a new one.")
    invitation, account = found
    account.password_hash = passwords.hashed(password, account.email, *account.email.split("@"))
    invitation.used_at = at
    sessions.end_all(session, account.id, at)
    return account


def change_password(session: Session, account: Account, old: str, new: str, at: datetime, token: str) -> None:
    """Change a password; every other session ends. Raises NotAccepted."""
    if not passwords.matches(old, account.password_hash):
        raise NotAccepted("old", "Password is not the one you have now.")
    account.password_hash = passwords.hashed(new, account.email, *account.email.split("@"))
    sessions.end_all(session, account.id, at, but=token)


def by_email(session: Session, email: str) -> Account | None:
    """The account of an address, if it was not ended."""
    return session.scalars(select(Account).where(Account.email == email.strip().lower(), Account.ended_at.is_(None))).first()


def check_password(session: Session, email: str, password: str, at: datetime, network: str) -> Account | None:
    """The account, where the password is its own; None where not, which is remembered. Raises TryLater."""
    attempts.refuse_too_many(session, at, account=email, network=network)
    account = by_email(session, email)
    right = passwords.matches(password, account.password_hash if account else None)
    attempts.remember(session, at, account=email, network=network, succeeded=right)
    return account if right else None


def needs_code(session: Session, account: Account, at: datetime) -> bool:
    """Whether an account acts for somebody who sees the text of concerns: then a one-time code is required."""
    for person in sessions.memberships(session, account.id):
        for details, roles in load_school(session, person.school_id).people_on(day_of(at)):
            if details.person_id == person.id and any(ROLE_SIGHT[r].sight.concerns is Concerns.ALL for r in roles):
                return True
    return False


def _account_for(session: Session, person: Person, at: datetime) -> Account:
    school = load_school(session, person.school_id)
    email = next((d.email for d, _ in school.people_on(day_of(at)) if d.person_id == person.id), None)
    if not email:
        raise NotAccepted("person", f"{person.ref} has no e-mail address on record; enter one first.")
    account = session.scalars(select(Account).where(Account.email == email.lower())).first()
    if account is None:
        account = Account(email=email.lower(), made_at=at, code_confirmed=False)
        session.add(account)
        session.flush()
    account.ended_at = None
    known = select(Membership.id).where(Membership.account_id == account.id, Membership.person_id == person.id)
    if session.scalar(known) is None:
        session.add(Membership(account_id=account.id, person_id=person.id))
        session.flush()
    return account
