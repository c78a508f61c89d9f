"""What a record is: a title, whom it is about, and sections of facts, lines and tables. One shape, one template."""

from dataclasses import dataclass
from datetime import datetime

from offsite.case.case import Case
from offsite.law.london import day_of
from offsite.letters.common import frame
from offsite.letters.letter import Blanks, Letter, compose

NOT_ON_RECORD = "Not on record."
Said = str | tuple[str, ...]
"""One line, or several."""


@dataclass(frozen=True)
class Section:
    """One part of a record: facts by name, then lines, then a table with its heads."""

    heading: str
    facts: tuple[tuple[str, Said], ...] = ()
    lines: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    alone: bool = False
    """Whether it begins a page of its own."""


@dataclass(frozen=True)
class RecordFields:
    """What a record says, in words."""

    title: str
    about: str
    sections: tuple[Section, ...]
    warning: str = ""
    """What nobody may overlook."""


def of_placement(
    kind: str, title: str, case: Case, at: datetime, sections: tuple[Section, ...], head: str,
    blanks: Blanks | None = None, warning: str = "",
) -> Letter:  # fmt: skip
    """A record about one placement as it stands at `at`; `head` is the head of the chronology, for the foot."""
    day = day_of(at)
    about = f"{case.pupil.details.name}, {case.school.details_on(day).name}, at {case.provider.details_on(day).name}"
    fields = RecordFields(title, about, sections, warning)
    around = frame(case.school, case.ref, day, head)
    return compose("record", f"{kind} {case.ref}", fields, around, blanks or Blanks())


def words(name: str) -> str:
    """A stored word as a record prints it: "moved_away" reads "Moved away"."""
    return name.replace("_", " ").capitalize()
