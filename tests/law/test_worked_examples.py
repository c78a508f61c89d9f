"""The thirteen worked examples of the statutory clock, each with the day before and the day after where a limit has them."""

from datetime import date

import pytest

from offsite.law import clock
from offsite.law.calendars import CalendarTooShort, HalfTerm, SchoolDays, bank_holiday

MON_23_NOV, TUE_24_NOV, FRI_20_NOV, WED_25_NOV = (date(2026, 11, d) for d in (23, 24, 20, 25))


@pytest.fixture(scope="module")
def hilltop():
    terms = [
        ("2026-09-02", "2026-10-23"), ("2026-11-02", "2026-12-18"), ("2027-01-04", "2027-02-12"),
        ("2027-02-22", "2027-03-25"), ("2027-04-12", "2027-05-28"), ("2027-06-07", "2027-07-21"),
    ]  # fmt: skip
    closed = {date(2026, 9, 2): "INSET", date(2027, 1, 4): "INSET"}
    return SchoolDays([HalfTerm(date.fromisoformat(a), date.fromisoformat(b)) for a, b in terms], closed)


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        pytest.param(FRI_20_NOV, "met", id="day before: two clear school days"),
        pytest.param(MON_23_NOV, "met", id="the day: late by the careful reading only"),
        pytest.param(TUE_24_NOV, "breached", id="day after"),
    ],
)
def test_1_notice_for_a_wednesday_start_is_lawful_until_the_monday(hilltop, given, verdict):
    found = clock.notice(WED_25_NOV, hilltop)
    assert (found.due, found.breached_after) == (FRI_20_NOV, MON_23_NOV)
    assert found.verdict(given, given) == verdict


def test_1_the_proof_counts_school_days_and_says_why_others_are_skipped(hilltop):
    found = clock.notice(WED_25_NOV, hilltop)
    assert found.counted == (TUE_24_NOV, MON_23_NOV, FRI_20_NOV)
    assert [(step.day.day, step.why) for step in found.skipped] == [(22, "weekend"), (21, "weekend")]


def test_2_a_start_right_after_half_term_counts_back_over_it(hilltop):
    found = clock.notice(date(2026, 11, 2), hilltop)
    assert (found.due, found.breached_after) == (date(2026, 10, 21), date(2026, 10, 22))
    assert found.verdict(date(2026, 10, 30), date(2026, 10, 30)) == "breached"


def test_3_inset_is_no_school_day(hilltop):
    found = clock.notice(date(2026, 9, 8), hilltop)
    assert (found.due, found.breached_after) == (date(2026, 9, 3), date(2026, 9, 4))


def test_4_invitations_six_days_before_and_outcome_on_a_sunday(hilltop):
    assert clock.invitations(date(2026, 11, 30)).breached_after == date(2026, 11, 24)
    assert clock.outcome(date(2026, 11, 30)).breached_after == date(2026, 12, 6)


def test_5_holidays_do_not_stop_calendar_days():
    assert clock.outcome(date(2026, 12, 17)).breached_after == date(2026, 12, 23)
    assert clock.invitations(date(2027, 1, 11)).breached_after == date(2027, 1, 5)


@pytest.mark.parametrize(
    ("held", "inside"),
    [(date(2026, 9, 13), False), (date(2026, 9, 14), True), (date(2026, 11, 22), True), (MON_23_NOV, False)],
)
def test_6_ten_weeks_preceding_a_request(hilltop, held, inside):
    assert clock.in_window(MON_23_NOV, held) is inside
    assert clock.requested_review(MON_23_NOV, [held], hilltop).owed is not inside


def test_7_code_n_is_settled_within_five_school_days(hilltop):
    assert clock.code_n(date(2026, 11, 19), hilltop).due == date(2026, 11, 26)


def test_8_transfer_file_and_new_pupil_return(hilltop):
    assert clock.transfer_file(date(2026, 11, 2), hilltop).due == MON_23_NOV
    assert clock.new_pupil_return(date(2026, 11, 2)).due == date(2026, 11, 7)


def test_9_a_former_head_is_barred_for_five_years():
    assert clock.barred_until(date(2022, 1, 10)) == date(2027, 1, 10)
    assert clock.barred_until(date(2024, 2, 29)) == date(2029, 2, 28)


def test_10_the_pupil_is_the_relevant_person_from_the_birthday_on():
    born = date(2008, 12, 5)
    assert [clock.relevant_person(born, date(2026, 12, d)) for d in (4, 5, 6)] == ["parent", "pupil", "pupil"]
    assert clock.eighteenth_birthday(date(2008, 2, 29)) == date(2026, 3, 1)


def test_11_combined_attendance_is_decided_on_whole_counts():
    from offsite.case.attendance.tally import Tally
    from offsite.case.safeguarding.vulnerability import is_share

    assert is_share(Tally(100, 15), 10, 100)
    assert not is_share(Tally(40, 3), 10, 100)
    assert not is_share(Tally(19, 19), 10, 100)
    assert is_share(Tally(20, 2), 10, 100)


def test_12_first_class_post_is_given_two_working_days_later():
    assert clock.post_given(date(2026, 11, 19)) == MON_23_NOV
    assert clock.post_given(date(2026, 12, 24)) == date(2026, 12, 30)


def test_13_a_calendar_that_does_not_reach_back_is_no_answer(hilltop):
    with pytest.raises(CalendarTooShort, match="cannot tell, no calendar before 2 September 2026"):
        hilltop.before(date(2026, 9, 8), 5)


def test_the_substitute_for_boxing_day_is_a_bank_holiday():
    assert bank_holiday(date(2026, 12, 28))
    assert bank_holiday(date(2026, 12, 25)) == "Christmas Day"
