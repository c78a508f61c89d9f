"""Passwords, by the advice of the National Cyber Security Centre: long, not guessable, no rules of composition, no expiry."""

import re
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from offsite.accounts.refusals import NotAccepted

SHORTEST, LONGEST = 12, 128
GUESSABLE_BELOW = 3
"""zxcvbn's score from 0 to 4."""
ADVICE = "three random words that only you would put together"
_hasher = PasswordHasher()


def hashed(password: str, *personal: str) -> str:
    """The argon2id hash of a new password; raises NotAccepted with what to do. `personal`: words it must not be made of."""
    from zxcvbn import zxcvbn  # its word lists take a while to read, and few ever set a password

    if len(password) < SHORTEST:
        raise NotAccepted("password", f"Password must have at least {SHORTEST} characters: use {ADVICE}.")
    if len(password) > LONGEST:
        raise NotAccepted("password", f"Password must have {LONGEST} characters or fewer.")
    theirs = [word for text in personal for word in (text, *re.split(r"\W+", text)) if word]
    if zxcvbn(password[:72], user_inputs=theirs)["score"] < GUESSABLE_BELOW:
        raise NotAccepted("password", f"Password is among those that are easily guessed: use {ADVICE}.")
    return _hasher.hash(password)


def matches(password: str, kept: str | None) -> bool:
    """Whether a password is the one kept. It takes as long where there is none, so that nobody learns who has an account."""
    try:
        return _hasher.verify(kept or _nobodys(), password) and kept is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash("a password of nobody at all")
