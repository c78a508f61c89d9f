"""Phone numbers: whether a text can be one, and how it is dialled from anywhere. No register of numbers is asked."""

import re

ALLOWED = (
    "7 to 15 digits, with +, spaces, brackets, dots or dashes, and an extension after them where there is one: "
    "01632 960001, +44 7700 900123, 01632 960001 ext 12"
)
_NUMBER = re.compile(r"\+?[\d\s().-]+")
_EXTENSION = re.compile(r"\s*(?:ext\.?|x)\s*(\d{1,6})$", re.IGNORECASE)
DIGITS = range(7, 16)
"""How many digits a number has without its extension: ITU-T E.164 knows no more than 15."""


def possible(number: str) -> bool:
    """Whether a text can be a phone number at all, as people write them."""
    plain = _EXTENSION.sub("", number.strip())
    return _NUMBER.fullmatch(plain) is not None and len(_digits(plain)) in DIGITS


def dialled(number: str | None) -> str | None:
    """The number as it is dialled from anywhere, such as +447700900123; a leading 0 is read as one in the United Kingdom.

    None where there is none, or none that a text or a call by itself can reach: with an extension, or without its area.
    """
    plain = (number or "").strip()
    if not possible(plain) or _EXTENSION.search(plain):
        return None
    if plain.startswith("+"):
        return f"+{_digits(plain.replace('(0)', ''))}"
    digits = _digits(plain)
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    return f"+44{digits[1:]}" if digits.startswith("0") else None


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
