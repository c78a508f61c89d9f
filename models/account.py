"""Accounts: who may sign in, for which people, with which sessions and tokens. No facts of a placement, so no events.

Secrets are kept as hashes (passwords by argon2, tokens by SHA-256) or wrapped by the key file (one-time code secrets).
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base
from models.recorded import Instant, Number


class Account(Base):
    """Somebody who may sign in. One account may act for people at several schools."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    """Lower case."""
    password_hash: Mapped[str | None]
    """argon2id; None until the invitation is taken up, or where only OpenID Connect is used."""
    code_secret: Mapped[str | None]
    """Secret of the time-based one-time codes, wrapped by the key file."""
    code_confirmed: Mapped[bool] = mapped_column(default=False)
    code_last_step: Mapped[int | None]
    """The last 30-second step whose code was used: no code works twice."""
    made_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Membership(Base):
    """An account acts for a person of a school, until that is ended there; what it does elsewhere goes on."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("account_id", "person_id"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[str | None]
    """Reference of who ended it."""


class AccountInvitation(Base):
    """A link by which somebody sets the first password, or a new one. It works once and for some days.

    Where the account acts at another school already, it adds a person to the account and sets no password.
    """

    __tablename__ = "account_invitation"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    joins: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """The person to be added, once the account's own holder has signed in; None where it sets a password."""
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class OpenIdIdentity(Base):
    """Who somebody is at a provider of OpenID Connect, bound to an account at the first sign-in.

    From then on the provider's subject says whose account it is, and a change of e-mail address there says nothing.
    """

    __tablename__ = "open_id_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("account_id", "issuer"))

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Instant)


class SpentState(Base):
    """The state of a sign-in with OpenID Connect that was answered: no answer counts twice."""

    __tablename__ = "spent_state"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    state_hash: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime] = mapped_column(Instant)


class SignIn(Base):
    """A session of somebody who signed in: kept here, so that it can be ended from anywhere."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """For whom the account acts in this session; None until that is chosen."""
    code_passed: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class KeptForm(Base):
    """What somebody typed into a page whose session had ended by itself: kept for an hour, until they sign in again."""

    __tablename__ = "kept_form"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    key_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """For whom the account acted."""
    sealed: Mapped[str]
    """Address and fields, wrapped by the key file."""
    kept_at: Mapped[datetime] = mapped_column(Instant, index=True)


class SignInAttempt(Base):
    """One attempt to sign in or to use a link that is not ours: what lock-out and rate limits are counted from."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_of", "of", "at"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    of: Mapped[str]
    """SHA-256 of the account's address, of the network address, or of an address and a browser known there: none of them
    stands here in the clear."""
    at: Mapped[datetime] = mapped_column(Instant)
    succeeded: Mapped[bool]


class ApiToken(Base):
    """A token by which a program acts for a person, with that person's roles."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    """What it is for."""
    reads_concerns: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it is handed the text of concerns, as its person is who gave a one-time code."""
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
