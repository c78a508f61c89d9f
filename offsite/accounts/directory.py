"""Accounts: making one for a person, the invitation link, taking it up; finding one, signing in with a password.

An account may act at several schools. Nothing a leader of one school does here reaches what it does at another: a link made
for an account that acts elsewhere sets no password, it adds the person once the account's own holder has signed in.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.account import Account, AccountInvitation, Membership, OpenIdIdentity
from models.people import Person
from offsite.access.sight import reads_concerns
from offsite.accounts import attempts, ending, passwords, sessions
from offsite.accounts.refusals import NotAccepted
from offsite.case.loading import load_school
from offsite.law.london import day_of

INVITATION_FOR = timedelta(days=7)
USED = "This link was used already or has run out. Ask for a new one."


def invite(session: Session, person: Person, at: datetime, *, by_operator: bool = False) -> str:
    """A link's token, good for a week, for an account made now or known already. It ends the earlier links of its kind.

    It sets a password; made by a leader for an account that acts at another school too, it only adds the person. Raises
    NotAccepted where no address is on record for the person, or where whoever runs Offsite ended the account.
    """
    account = _account_for(session, person, at)
    if account.ended_at is not None and not by_operator:
        raise NotAccepted("person", f"The account of {person.ref} was ended by whoever runs Offsite; ask them.")
    account.ended_at = None
    joins = not by_operator and acts_elsewhere(session, account, person.school_id)
    if not joins:
        _add(session, account, person.id, at)
    ending.spend_links(session, account.id, at, joins=person.id if joins else None)
    token = secrets.token_urlsafe(32)
    session.add(
        AccountInvitation(
            account_id=account.id,
            joins=person.id if joins else None,
            token_hash=sessions.token_hash(token),
            made_at=at,
            expires_at=at + INVITATION_FOR,
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
    """Set the password by an invitation. It ends every earlier link, session and bond to a provider of OpenID Connect.

    Raises NotAccepted.
    """
    found = invited(session, token, at)
    if found is None or found[0].joins is not None:
        raise NotAccepted("password", USED)
    account = found[1]
    account.password_hash = passwords.hashed(password, account.email, *account.email.split("@"))
    ending.spend_links(session, account.id, at)
    session.execute(delete(OpenIdIdentity).where(OpenIdIdentity.account_id == account.id))
    sessions.end_all(session, account.id, at)
    return account


def join(session: Session, token: str, account_id: int, at: datetime) -> None:
    """Add the person of an invitation to the account whose holder is signed in. Raises NotAccepted."""
    found = invited(session, token, at)
    if found is None or found[0].joins is None or found[1].id != account_id:
        raise NotAccepted("", USED)
    _add(session, found[1], found[0].joins, at)
    ending.spend_links(session, account_id, at)


def change_password(session: Session, account: Account, new: str, at: datetime, token: str) -> None:
    """Change the password of somebody who has just given the present one; every session but this and every link ends.

    Raises NotAccepted.
    """
    account.password_hash = passwords.hashed(new, account.email, *account.email.split("@"))
    ending.spend_links(session, account.id, at)
    sessions.end_all(session, account.id, at, but=token)


def by_email(session: Session, email: str) -> Account | None:
    """The account of an address, if it may sign in."""
    found = session.scalars(select(Account).where(Account.email == email.strip().lower())).first()
    return found if found is not None and may_sign_in(session, found) else None


def may_sign_in(session: Session, account: Account) -> bool:
    """Whether an account was not ended, and still acts for somebody."""
    return account.ended_at is None and bool(sessions.memberships(session, account.id))


def account_of(session: Session, person_id: int) -> tuple[Account, Membership] | None:
    """The account that acts for a person, or did."""
    wanted = select(Account, Membership).join(Membership, Membership.account_id == Account.id)
    wanted = wanted.where(Membership.person_id == person_id)
    row = session.execute(wanted.order_by(Membership.ended_at.is_not(None), Membership.id.desc())).first()
    return (row.Account, row.Membership) if row else None


def acts(session: Session, person_id: int) -> bool:
    """Whether an account acts for a person now: it was not ended, and neither was what it does for them."""
    found = account_of(session, person_id)
    return found is not None and found[0].ended_at is None and found[1].ended_at is None


def acts_elsewhere(session: Session, account: Account, school_id: int) -> bool:
    """Whether an account acts for somebody of another school."""
    return any(person.school_id != school_id for person in sessions.memberships(session, account.id))


def check_password(
    session: Session, email: str, password: str, at: datetime, network: str, browser: str = ""
) -> Account | None:
    """The account, where the password is its own, and the browser is known from then on; None where not, which is remembered.

    `browser`: the token kept in it. Raises TryLater.
    """
    whose = attempts.counted_by(session, at, email, network, browser)
    attempts.refuse_too_many(session, at, **whose)
    account = by_email(session, email)
    right = passwords.matches(password, account.password_hash if account else None)
    attempts.remember(session, at, **whose, succeeded=right)
    if right:
        attempts.know(session, at, email, browser)
    return account if right else None


def needs_code(session: Session, account: Account, at: datetime) -> bool:
    """Whether an account acts for somebody who sees the text of concerns: then a one-time code is required."""
    for person in sessions.memberships(session, account.id):
        for details, roles in load_school(session, person.school_id).people_on(day_of(at)):
            if details.person_id == person.id and reads_concerns(roles):
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
    return account


def _add(session: Session, account: Account, person_id: int, at: datetime) -> None:
    """Let an account act for a person, and no account of an earlier address beside it."""
    ending.end_others(session, account.id, person_id, at)
    wanted = select(Membership).where(Membership.account_id == account.id, Membership.person_id == person_id)
    known = session.scalars(wanted).first()
    if known is None:
        session.add(Membership(account_id=account.id, person_id=person_id))
    else:
        known.ended_at = known.ended_by = None
    session.flush()
