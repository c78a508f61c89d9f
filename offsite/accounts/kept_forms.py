"""Forms sent too late: what somebody typed into a page whose session had ended by itself, kept until they sign in again.

Sealed by the key file, for an hour, for the account and the person that typed it. It is shown again, never carried out.
"""

import json
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models.account import KeptForm, SignIn
from models.encrypted_text import KeyFile, TextUnreadable
from offsite.accounts.sessions import ABSOLUTE, token_hash

KEPT_FOR = timedelta(hours=1)
MOST_CHARACTERS, MOST_FORMS = 200_000, 20
"""Of one form, and of one account's forms at a time."""
NEVER_KEPT = frozenset({"csrf", "password", "old", "code", "new_code"})
"""Fields that are no part of what was to be recorded."""


class Typed(NamedTuple):
    """A form as it was sent."""

    path: str
    fields: list[tuple[str, str]]


def keep(session: Session, key_file: KeyFile, token: str, typed: Typed, at: datetime) -> str | None:
    """Keep a form sent in the session of a token; returns the key by which its sender finds it.

    None where that session was ended by somebody, or is no session; where nothing was typed, or too much.
    """
    session.execute(delete(KeptForm).where(KeptForm.kept_at < at - KEPT_FOR))
    by_itself = SignIn.ended_at.is_(None), SignIn.made_at >= at - ABSOLUTE - KEPT_FOR, SignIn.person_id.is_not(None)
    of = session.scalars(select(SignIn).where(SignIn.token_hash == token_hash(token), *by_itself)).first()
    fields = [(name, value) for name, value in typed.fields if name not in NEVER_KEPT]
    said = json.dumps([typed.path, fields])
    if of is None or not fields or len(said) > MOST_CHARACTERS or key_file.lost:
        return None
    if (session.scalar(select(func.count()).where(KeptForm.account_id == of.account_id)) or 0) >= MOST_FORMS:
        return None
    key = secrets.token_urlsafe(16)
    sealed = key_file.wrap(said)
    session.add(KeptForm(key_hash=token_hash(key), account_id=of.account_id, person_id=of.person_id, sealed=sealed, kept_at=at))
    return key


def kept(session: Session, key_file: KeyFile, key: str, of: SignIn, at: datetime) -> Typed | None:
    """A kept form, for whom a session that stands acts, if it is theirs and not too old."""
    wanted = select(KeptForm).where(KeptForm.key_hash == token_hash(key), KeptForm.kept_at >= at - KEPT_FOR)
    found = session.scalars(wanted.where(KeptForm.account_id == of.account_id, KeptForm.person_id == of.person_id)).first()
    if found is None:
        return None
    try:
        path, fields = json.loads(key_file.unwrap(found.sealed))
    except TextUnreadable:
        return None
    return Typed(path, [(name, value) for name, value in fields])
