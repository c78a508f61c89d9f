"""Visits to the provider: what was seen on each, and a sheet to fill in on the next."""

from datetime import datetime

from models.attendance import Visit
from models.encrypted_text import Texts
from offsite.case.case import Case
from offsite.law.london import day_of
from offsite.letters.letter import Letter
from offsite.letters.records.record import NOT_ON_RECORD, Section, of_placement
from offsite.letters.words import day_in_words

SEEN = {
    "sites_seen": "Sites seen",
    "pupil_seen": "Pupil seen and heard",
    "staff_met": "Staff met",
    "central_record": "Single central record sampled",
    "premises": "Premises",
    "teaching": "Teaching seen",
    "behaviour": "Behaviour seen",
    "registers": "Registers looked at",
    "actions": "Actions, by whom and when",
    "note": "Note",
}
"""What is looked at on a visit, by its field."""


def visit_record(case: Case, texts: Texts, at: datetime, head: str = "") -> Letter:
    """The visits on record, the newest first, and a sheet for the next. Raises TextUnreadable where the key is lost."""
    made = tuple(
        Section(
            f"Visit on {day_in_words(day_of(row.happened_at))}",
            facts=tuple(
                (name, tuple((texts.open(getattr(row, part), case.pupil.id) or NOT_ON_RECORD).splitlines()))
                for part, name in SEEN.items()
                if part != "note" or row.note
            ),
        )
        for row in reversed(case.of(Visit))
    )
    none = (Section("Visits so far", lines=("No visit is on record.",)),)
    sheet = Section(
        "Sheet for the next visit",
        facts=(("Day and time", ""), ("Visited by", ""), *((name, "") for name in SEEN.values())),
        alone=True,
    )
    return of_placement("visit_record", "Visits to the provider", case, at, (*(made or none), sheet), head)
