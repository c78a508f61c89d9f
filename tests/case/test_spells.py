"""Spells and windows of absence at their borders: nine days and ten, across half term, a closed day, an unmarked one."""

from datetime import date, timedelta

import pytest

from offsite.case.attendance.penalty import earliest_window
from offsite.case.attendance.spells import SICK, UNAUTHORISED, days_with, spells
from offsite.case.case import MarkRow
from offsite.law.calendars import HalfTerm, SchoolDays

TERMS = SchoolDays(
    [HalfTerm(date(2026, 9, 2), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 12, 18))],
    {date(2026, 11, 13): "INSET"},
)


class School:
    """A case of which nothing but the calendar is asked."""

    school_days = TERMS

    @property
    def school(self):
        return self


def marks(first, count, code="N", sessions=("am", "pm")):
    """Every session of so many school days from a day on."""
    days = [day for day in TERMS.days_between(first, date(2026, 12, 18))][:count]
    return [((day, session), MarkRow(1, 1, code, False, False)) for day in days for session in sessions]


def lengths(found, codes=UNAUTHORISED, at_least=10):
    return [len(spell.days) for spell in spells(School(), found, codes, at_least)]


@pytest.mark.parametrize(("count", "found"), [(9, []), (10, [10]), (11, [11])])
@pytest.mark.parametrize(
    "first", [date(2026, 9, 7), date(2026, 10, 19), date(2026, 11, 9)], ids=["plain", "half term", "INSET"]
)
def test_a_spell_is_ten_school_days_whatever_lies_between(first, count, found):
    assert lengths(marks(first, count)) == found


def test_a_day_with_a_present_session_ends_a_spell():
    ten = marks(date(2026, 9, 7), 10)
    ten[9] = (ten[9][0], MarkRow(1, 1, "/", False, False))
    assert lengths(ten) == []
    assert lengths(ten, at_least=4) == [4, 5]


def test_an_unmarked_day_ends_a_spell_and_one_without_a_possible_session_is_skipped():
    eleven = marks(date(2026, 9, 7), 11)
    missing = [row for row in eleven if row[0][0] != date(2026, 9, 10)]
    assert lengths(missing, at_least=3) == [3, 7]
    no_session = [(slot, mark._replace(code="Y1") if slot[0] == date(2026, 9, 10) else mark) for slot, mark in eleven]
    assert lengths(no_session) == [10]


@pytest.mark.parametrize(("code", "counts"), [("G", True), ("N", True), ("O", True), ("U", True), ("I", False), ("/", False)])
def test_codes_of_unauthorised_absence(code, counts):
    assert lengths(marks(date(2026, 9, 7), 10, code)) == ([10] if counts else [])


def test_half_a_day_of_illness_is_no_day_of_it():
    found = marks(date(2026, 9, 7), 15, "I")
    assert days_with(found, SICK) == 15
    found[0] = (found[0][0], MarkRow(1, 1, "/", False, False))
    assert days_with(found, SICK) == 14


def slots(*days):
    return [(day, "am") for day in days]


def window(missed, considered=()):
    days = TERMS.days_between(date(2026, 9, 2), date(2026, 12, 18))
    return earliest_window(missed, days, considered, 10, 10)


SEP_7 = date(2026, 9, 7)


def test_the_tenth_session_reaches_the_threshold():
    nine = slots(*(SEP_7 + timedelta(n) for n in range(5)), *(SEP_7 + timedelta(7 + n) for n in range(4)))
    assert window(nine) is None
    found = window([*nine, (SEP_7 + timedelta(11), "am")])
    assert (found.sessions, found.monday, found.last) == (10, SEP_7, SEP_7 + timedelta(11))


@pytest.mark.parametrize(("week", "inside"), [(9, True), (10, False)])
def test_ten_school_weeks_leave_out_half_term(week, inside):
    """The week of half term is none: the tenth school week from 7 September begins on 16 November."""
    mondays = sorted({day - timedelta(day.weekday()) for day in TERMS.days_between(SEP_7, date(2026, 12, 18))})
    nine = [(SEP_7 + timedelta(n // 2), ("am", "pm")[n % 2]) for n in range(9)]
    assert mondays[9] == date(2026, 11, 16)
    assert (window([*nine, (mondays[week], "am")]) is not None) is inside


def test_a_consideration_uses_up_what_reached_the_threshold_and_one_too_early_nothing():
    ten = slots(*(SEP_7 + timedelta(n) for n in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)))
    last = ten[-1][0]
    assert window(ten, [last]) is None
    assert window(ten, [last - timedelta(1)]) is not None
    assert window([*ten, *slots(date(2026, 9, 21))], [last]) is None
