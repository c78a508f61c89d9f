"""Whether attendance at the placement can be enforced (Education Act 1996 s.444ZA(1B)).

At a school the pupil must be registered there; at any other provider written notice to the relevant person is what makes
it so. Either way only in compulsory school age, which ends on the last Friday of June of the school year of the 16th
birthday.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from models.placement import Notice, Registration
from offsite.case.case import Case
from offsite.case.direction import recipients
from offsite.law.calendars import school_year

SCHOOL_KINDS = frozenset({"mainstream_school", "special_school", "pru", "ap_academy", "hospital_school", "independent_school"})


class Enforceable(NamedTuple):
    """Yes or no, and why."""

    yes: bool
    because: str


def is_school(case: Case, day: date) -> bool:
    """Whether the provider is a school."""
    return case.provider.details_on(day).kind in SCHOOL_KINDS


def enforceable(case: Case, day: date) -> Enforceable:
    """Whether attendance can be enforced on a day."""
    born = case.pupil.details.born
    if born is None:
        return Enforceable(False, "the pupil's birth date is not known, so compulsory school age cannot be told")
    if day > compulsory_age_ends(born):
        return Enforceable(False, "the pupil is over compulsory school age")
    if is_school(case, day):
        if case.of(Registration):
            return Enforceable(True, "the pupil is registered at the receiving school")
        return Enforceable(False, "the pupil is not registered at the receiving school")
    told = [n for n in case.of(Notice) if recipients.kind_of(n.recipient) in ("parent", "pupil") and n.given_on <= day]
    if told:
        return Enforceable(True, f"written notice was given to the relevant person on {told[0].given_on:%-d %B %Y}")
    return Enforceable(False, "no written notice was given to the relevant person")


def compulsory_age_ends(born: date) -> date:
    """The last day of compulsory school age: the last Friday of June in the school year of the 16th birthday."""
    year = born.year + 16
    sixteenth = date(year, born.month, min(born.day, monthrange(year, born.month)[1]))
    last = date(school_year(sixteenth)[1].year, 6, 30)
    return last - timedelta(days=(last.weekday() - 4) % 7)
