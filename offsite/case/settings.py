"""A school's settings: its own where it changed one, the default of the dated parameters where it did not."""

from datetime import date
from typing import Any

from models.school import SettingsChange
from offsite.case.case import SchoolFile
from offsite.law.parameters import SETTINGS


def setting(school: SchoolFile, key: str, day: date) -> Any:
    """The value of a setting of domain.md 13 on a day, in its own unit. Raises KeyError for no such setting."""
    changed = school.settings_on(day)
    if key in changed:
        return changed[key]
    known = SETTINGS[key]
    if not known.by_authority:
        return known.default
    return known.by_authority.get(school.details_on(day).local_authority, known.default)


def setting_since(school: SchoolFile, key: str, day: date) -> date | None:
    """The day from which the value in force on a day holds by the school's own choice; None where it has the default."""
    rows = [row for row in school.rows.of(SettingsChange) if row.from_day <= day and key in row.settings]
    return rows[-1].from_day if rows else None
