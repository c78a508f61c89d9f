"""Whose account somebody has who signed in with OpenID Connect. No account is ever made here.

At the first sign-in the account is found by an e-mail address that is vouched for, and bound to the provider's subject. From
then on the subject alone decides: a changed address at the provider opens nobody else's account.
"""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.account import Account, OpenIdIdentity, SpentState
from offsite.accounts import directory
from offsite.accounts.open_id import GOOD_FOR, Identity
from offsite.accounts.refusals import BoundToAnother, NoAccount, NotProven, RunOut
from offsite.accounts.sessions import token_hash


def spend(session: Session, state: str, at: datetime) -> None:
    """Note that a state was answered. Raises RunOut where it was before. States too old to be answered are forgotten."""
    session.execute(delete(SpentState).where(SpentState.at < at - GOOD_FOR))
    session.add(SpentState(state_hash=token_hash(state), at=at))
    try:
        session.flush()
    except IntegrityError:
        raise RunOut("answered before") from None


def account_for(session: Session, title: str, identity: Identity, at: datetime) -> Account:
    """The account of an identity, bound to it now if this is the first time.

    `title` is the provider's, for the words. Raises NotProven, NoAccount, BoundToAnother.
    """
    bound = select(Account).join(OpenIdIdentity, OpenIdIdentity.account_id == Account.id)
    account = session.scalars(
        bound.where(OpenIdIdentity.issuer == identity.issuer, OpenIdIdentity.subject == identity.subject)
    ).first()
    if account is None:
        account = _first_time(session, title, identity, at)
    if not directory.may_sign_in(session, account):
        raise NoAccount
    return account


def providers_of(session: Session, account_id: int) -> list[OpenIdIdentity]:
    """The providers an account is bound to, with since when."""
    wanted = select(OpenIdIdentity).where(OpenIdIdentity.account_id == account_id)
    return list(session.scalars(wanted.order_by(OpenIdIdentity.id)))


def _first_time(session: Session, title: str, identity: Identity, at: datetime) -> Account:
    if identity.email is None:
        raise NotProven(title)
    account = directory.by_email(session, identity.email)
    if account is None:
        raise NoAccount
    if any(known.issuer == identity.issuer for known in providers_of(session, account.id)):
        raise BoundToAnother(title)
    session.add(OpenIdIdentity(account_id=account.id, issuer=identity.issuer, subject=identity.subject, made_at=at))
    return account
