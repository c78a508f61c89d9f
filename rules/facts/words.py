"""Words for the sentences of alerts: days in full, roles as people call them. Never a child's or provider's name."""

from collections.abc import Iterable
from datetime import date

ROLES = {
    "parent": "a parent",
    "pupil": "the pupil",
    "relevant_person": "the relevant person",
    "local_authority": "the local authority",
    "provider": "the provider",
    "head": "the head",
    "representative": "the board's representative",
}


def day_in_words(day: date | None) -> str:
    """Tuesday 24 November 2026; "not known" for none."""
    return "not known" if day is None else f"{day:%A %-d %B %Y}"


def session_in_words(slot: tuple[date, str]) -> str:
    """The morning of Tuesday 24 November 2026, with a small letter."""
    day, session = slot
    return f"{'the morning' if session == 'am' else 'the afternoon'} of {day_in_words(day)}"


def people(kinds: Iterable[str]) -> str:
    """The recipients as a list in words; "nobody" for none."""
    return ", ".join(ROLES.get(kind, kind) for kind in kinds) or "nobody"
