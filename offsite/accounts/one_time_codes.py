"""Time-based one-time codes (RFC 6238): a secret on somebody's phone, a code of six digits every 30 seconds, each used once."""

from datetime import datetime

import pyotp
import segno

from models.account import Account
from models.encrypted_text import KeyFile
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
    totp = pyotp.TOTP(key_file.unwrap(account.code_secret or ""))
    now = int(at.timestamp()) // STEP_SECONDS
    typed = code.replace(" ", "")
    for step in (now, now - 1, now + 1):
        if pyotp.utils.strings_equal(totp.generate_otp(step), typed):
            if account.code_last_step is not None and step <= account.code_last_step:
                raise NotAccepted("code", "That code was used already. Wait for the next one.")
            account.code_last_step = step
            return
    raise NotAccepted("code", "Code is not the one your app shows now. Type the six digits it shows.")
