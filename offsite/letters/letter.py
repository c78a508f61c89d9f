"""What a letter is, and how one comes from its fields: a digest of the fields, and one template for screen, paper and text.

Fields are words, ready to print. One that is not on record is printed as "[to be completed: ...]"; what the law
prescribes and is not there is in `Letter.missing` as well, so that nobody gives an incomplete letter unawares.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from offsite.letters import TEMPLATES
from offsite.letters.plain import as_text

TO_COMPLETE, LEFT_OUT = "[to be completed: ", "[left out of this letter as it was given: "
"""How a field that is not there begins."""


@dataclass(frozen=True)
class Letter:
    """A letter as drafted."""

    kind: str
    """notice, invitation, outcome, review_pack, readiness or record."""
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

    omitted: Collection[str] = ()
    """What a letter, as it was given, left out although the law prescribes it."""
    missing: list[str] = field(default_factory=list)
    to_complete: list[str] = field(default_factory=list)

    def prescribed(self, said: str | None, what: str) -> str:
        """What the law prescribes: as said, or a blank that is noted as missing."""
        if what in self.omitted:
            return f"{LEFT_OUT}{what}]"
        return self._or_blank(said, what, self.missing)

    def wanted(self, said: str | None, what: str) -> str:
        """What we want in the letter beside it: as said, or a blank."""
        return self._or_blank(said, what, self.to_complete)

    def _or_blank(self, said: str | None, what: str, noted: list[str]) -> str:
        if said:
            return said
        if what not in noted:
            noted.append(what)
        return f"{TO_COMPLETE}{what}]"


@dataclass(frozen=True)
class Frame:
    """What stands around every document: who writes, above; reference, day and chronology, in the foot of each page.

    The foot is not part of the digest, since every filing moves the head of the chronology.
    """

    school: str
    letterhead: tuple[str, ...]
    """The school's own lines under its name."""
    reference: str
    drafted: str
    """The day, in words."""
    chronology: str
    """Number and hash of the newest event of the school's chronology."""


def head_in_words(number: int, digest: str) -> str:
    """The head of the chronology as a letter prints it."""
    return f"entry {number}, {digest}"


def compose(kind: str, subject: str, fields: Any, frame: Frame, blanks: Blanks, **beside: Any) -> Letter:
    """Render a letter from its fields, a dataclass of printable words. `beside`: what is printed and is no part of what
    the letter says, such as how it was given."""
    said: Mapping[str, Any] = asdict(fields)
    facts = [kind, subject, said, frame.school, frame.letterhead]
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    missing, left_out = tuple(blanks.missing), tuple(blanks.omitted)
    shown = {**said, **beside, "frame": frame, "missing": missing, "left_out": left_out}
    html = _environment().get_template(f"{kind}.html.j2").render(shown)
    return Letter(
        kind=kind,
        subject=subject,
        html=html,
        text=as_text(html),
        digest=digest,
        missing=missing,
        to_complete=tuple(blanks.to_complete),
    )


def _finished(value: Any) -> Any:
    """A blank stands out, so that nobody overlooks it."""
    if isinstance(value, str) and value.startswith((TO_COMPLETE, LEFT_OUT)):
        return Markup("<mark>") + escape(value) + Markup("</mark>")
    return value


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=_finished,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
