"""What a letter is, and how one comes from its fields: a digest of the fields, two templates (HTML and plain text).

Fields are words, ready to print. One that is not on record is printed as "[to be completed: ...]"; what the law
prescribes and is not there is in `Letter.missing` as well, so that nobody gives an incomplete letter unawares.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from offsite.letters import TEMPLATES


@dataclass(frozen=True)
class Letter:
    """A letter as drafted."""

    kind: str
    """notice, invitation, outcome, review_pack or readiness."""
    subject: str
    """What it is about: the placement, the review, or the review and whom it goes to."""
    html: str
    text: str
    digest: str
    """SHA-256 of the facts it says: the same facts give the same digest on any day."""
    missing: tuple[str, ...] = ()
    """What the law prescribes and is not on record."""
    to_complete: tuple[str, ...] = ()
    """What else is left to be filled in by hand."""


@dataclass
class Blanks:
    """Collects what is left to be completed while the fields of a letter are put together."""

    missing: list[str] = field(default_factory=list)
    to_complete: list[str] = field(default_factory=list)

    def prescribed(self, said: str | None, what: str) -> str:
        """What the law prescribes: as said, or a blank that is noted as missing."""
        return self._or_blank(said, what, self.missing)

    def wanted(self, said: str | None, what: str) -> str:
        """What we want in the letter beside it: as said, or a blank."""
        return self._or_blank(said, what, self.to_complete)

    def _or_blank(self, said: str | None, what: str, noted: list[str]) -> str:
        if said:
            return said
        if what not in noted:
            noted.append(what)
        return f"[to be completed: {what}]"


@dataclass(frozen=True)
class Foot:
    """What a letter's foot says: not part of the digest, since every filing moves the head of the chronology."""

    reference: str
    drafted: str
    """The day, in words."""
    chronology: str
    """Number and hash of the newest event of the school's chronology."""


def head_in_words(number: int, digest: str) -> str:
    """The head of the chronology as a letter prints it."""
    return f"entry {number}, {digest}"


def compose(kind: str, subject: str, fields: Any, foot: Foot, blanks: Blanks) -> Letter:
    """Render a letter from its fields, a dataclass of printable words."""
    said: Mapping[str, Any] = asdict(fields)
    digest = hashlib.sha256(json.dumps([kind, subject, said], sort_keys=True).encode()).hexdigest()
    missing = tuple(blanks.missing)
    shown = {**said, "foot": foot, "missing": missing}
    return Letter(
        kind=kind,
        subject=subject,
        html=_environment().get_template(f"{kind}.html.j2").render(shown),
        text=_environment().get_template(f"{kind}.txt.j2").render(shown),
        digest=digest,
        missing=missing,
        to_complete=tuple(blanks.to_complete),
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
