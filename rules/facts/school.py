"""Facts about the school itself: its calendar."""

from collections.abc import Iterator
from datetime import datetime

from offsite.case.across import Across
from offsite.law.london import day_of
from rules.facts.words import day_in_words
from rules.judge import Fact
from rules.language import FactKind, number


class CalendarFacts(FactKind):
    """One a school: how far its calendar reaches."""

    kind = "calendar"
    days_left = number("days from today to the end of the last half term on file", unit="calendar days")


def derive(across: Across, at: datetime) -> Iterator[Fact]:
    """The calendar's end; a school with no calendar at all has none left."""
    school = across.school
    today, last = day_of(at), school.school_days.last_on_file
    yield Fact(
        CalendarFacts,
        CalendarFacts.values(days_left=(last - today).days if last else 0),
        school.urn,
        today,
        False,
        lambda: {"last": day_in_words(last)},
    )


OF_SCHOOL = ((CalendarFacts, derive),)
