"""Whole numbers as addresses and forms tell them: of an entry, a document, a row."""

from typing import Annotated

from fastapi import Path

MOST = 2**31 - 1
"""No row of any table has a higher number."""
Number = Annotated[int, Path(ge=1, le=MOST)]
"""A number in an address; any other address is refused."""


def number_in(text: str, most: int = MOST) -> int | None:
    """The number a text tells; None for anything else, such as a raised two, and for one that nothing has."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most))):
        return None
    return int(text) if int(text) <= most else None
