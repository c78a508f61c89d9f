"""Time-based one-time codes (RFC 6238): a secret on somebody's phone, a code of six digits every 30 seconds, each used once."""

from datetime import datetime

import pyotp
import segno

from models.account import Account
from models.encrypted_text import KeyFile, TextUnreadable
from offsite.accounts.refusals import NotAccepted

STEP_SECONDS = 30
ISSUER = "Offsite"


def new_secret() -> str:
    """A fresh secret, in base 32."""
    return pyotp.random_base32()


def uri(secret: str, email: str) -> str:
    """What an authenticator app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def picture(secret: str, email: str) -> str:
    """The same as an SVG picture to scan."""
    svg: str = segno.make(uri(secret, email)).svg_inline(scale=4, dark="#0b0c0c", light="#ffffff")
    return svg.replace("<svg ", '<svg role="img" aria-label="Code for an authenticator app" ', 1)


def use(account: Account, key_file: KeyFile, code: str, at: datetime) -> None:
    """Use a code: the one of now or of half a minute either side. Raises NotAccepted for a wrong one, or one used before."""
    if account.code_secret is None:
        raise NotAccepted("code", "One-time codes are not set up. Sign in again to set them up.")
    step = _step(key_file.unwrap(account.code_secret), code, at)
    if step is None:
        raise NotAccepted("code", "Code is not the one your app shows now. Type the six digits it shows.")
    if account.code_last_step is not None and step <= account.code_last_step:
        raise NotAccepted("code", "That code was used already. Wait for the next one.")
    account.code_last_step = step


def offer(key_file: KeyFile, account: Account) -> str:
    """A fresh secret for an account that has one, sealed: the page keeps it until a code of it is typed."""
    return key_file.wrap(f"{account.id} {new_secret()}")


def offered(key_file: KeyFile, account: Account, sealed: str) -> str:
    """The secret that was offered to this account. Raises NotAccepted."""
    try:
        whose, _, secret = key_file.unwrap(sealed).partition(" ")
    except TextUnreadable:
        whose, secret = "", ""
    if whose != str(account.id):
        raise NotAccepted("new_code", "This page is too old. Load it again, and scan the picture it then shows.")
    return secret


def renew(account: Account, key_file: KeyFile, code: str, sealed: str, new_code: str, at: datetime) -> None:
    """Put an offered secret in place of the present one, by a code of each. Raises NotAccepted, and then nothing changed."""
    secret = offered(key_file, account, sealed)
    step = _step(secret, new_code, at)
    if step is None:
        raise NotAccepted("new_code", "Code is not the one your app shows now for the new picture.")
    use(account, key_file, code, at)
    account.code_secret, account.code_last_step = key_file.wrap(secret), step


def _step(secret: str, typed: str, at: datetime) -> int | None:
    """The half minute whose code was typed, if it is near enough."""
    totp, now = pyotp.TOTP(secret), int(at.timestamp()) // STEP_SECONDS
    plain = typed.replace(" ", "")
    return next((s for s in (now, now - 1, now + 1) if pyotp.utils.strings_equal(totp.generate_otp(s), plain)), None)
