"""A school's settings: its own where it changed one, the default of the dated parameters where it did not."""

from datetime import date
from typing import Any

from offsite.case.case import SchoolFile
from offsite.law.parameters import SETTINGS


def setting(school: SchoolFile, key: str, day: date) -> Any:
    """The value of a setting of domain.md 13 on a day, in its own unit. Raises KeyError for no such setting."""
    changed = school.settings_on(day)
    return changed[key] if key in changed else SETTINGS[key].default
