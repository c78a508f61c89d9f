"""What holds of every calendar and start, looked for with generated ones."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from offsite.law import clock
from offsite.law.calendars import CalendarTooShort, HalfTerm, SchoolDays

FIRST = date(2026, 9, 1)


@st.composite
def calendars(draw):
    terms, day = [], FIRST + timedelta(draw(st.integers(0, 6)))
    for _ in range(draw(st.integers(1, 4))):
        last = day + timedelta(draw(st.integers(20, 60)))
        terms.append(HalfTerm(day, last))
        day = last + timedelta(draw(st.integers(3, 20)))
    closed = draw(st.sets(st.integers(0, 200), max_size=4))
    return SchoolDays(terms, {FIRST + timedelta(n): "closed" for n in closed})


def school_day(days, n):
    every = days.days_between(days.first_on_file, days.last_on_file)
    return every[n % len(every)]


@given(calendars(), st.integers(0, 400), st.integers(1, 15))
@settings(max_examples=300, deadline=None)
def test_adding_then_subtracting_school_days_returns(days, place, n):
    origin = school_day(days, place)
    try:
        there = days.after(origin, n)
    except CalendarTooShort:
        return
    assert days.before(there, n) == origin


@given(calendars(), st.integers(0, 400))
@settings(max_examples=300, deadline=None)
def test_no_limit_counted_in_school_days_is_a_closed_day(days, place):
    try:
        found = clock.notice(school_day(days, place), days)
    except CalendarTooShort:
        return
    assert days.is_school_day(found.due)
    assert days.is_school_day(found.breached_after)
    assert found.due < found.breached_after < found.counted_from


@given(calendars(), st.integers(0, 400), st.integers(0, 400))
@settings(max_examples=300, deadline=None)
def test_a_later_start_never_gives_an_earlier_limit(days, one, other):
    early, late = sorted((school_day(days, one), school_day(days, other)))
    try:
        assert clock.notice(early, days).breached_after <= clock.notice(late, days).breached_after
    except CalendarTooShort:
        return
