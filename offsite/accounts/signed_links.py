"""Signed links: one register of one provider for one day, without an account. They run out with the day."""

from datetime import date
from typing import NamedTuple

from itsdangerous import BadSignature, URLSafeSerializer

from models.encrypted_text import KeyFile


class RegisterLink(NamedTuple):
    """What a link opens."""

    school: str
    """URN."""
    provider: str
    day: date
    person: str
    """In whose name the marks are made: the one who handed the link out."""


def sign(key_file: KeyFile, link: RegisterLink) -> str:
    """The link's token."""
    return _signer(key_file).dumps([link.school, link.provider, link.day.isoformat(), link.person])


def read(key_file: KeyFile, token: str) -> RegisterLink | None:
    """What a token opens on its day, which the caller asks for; None where it is not ours."""
    try:
        school, provider, day, person = _signer(key_file).loads(token)
    except BadSignature:
        return None
    return RegisterLink(school, provider, date.fromisoformat(day), person)


def _signer(key_file: KeyFile) -> URLSafeSerializer:
    return URLSafeSerializer(key_file.derived("signed links").hex(), salt="register")
