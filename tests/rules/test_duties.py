"""The law as it stood: what bound a maintained school, an academy and a PRU in 2011, 2015, 2025 and November 2026."""

from datetime import date, timedelta

import pytest

from offsite.law.regimes import SCHOOL_KINDS
from rules.book import BOOK
from rules.duties import law_on, span

YEARS = {2011: date(2011, 11, 24), 2015: date(2015, 11, 24), 2025: date(2025, 11, 24), 2026: date(2026, 11, 24)}


def authorities(day, kind):
    return {duty.rule.id: duty.authority for duty in law_on(day, kind).duties}


@pytest.mark.parametrize(
    ("year", "kind", "off_site", "attendance", "thirty", "on_request"),
    [
        (2011, "maintained", "law", None, "law", None),
        (2011, "academy", "good_practice", None, "good_practice", None),
        (2011, "pru", "good_practice", None, "good_practice", None),
        (2015, "maintained", "law", None, None, "law"),
        (2015, "academy", "good_practice", None, None, "good_practice"),
        (2015, "pru", "good_practice", None, None, "good_practice"),
        (2025, "maintained", "law", "law", None, "law"),
        (2025, "academy", "good_practice", "law", None, "good_practice"),
        (2025, "pru", "good_practice", "law", None, "good_practice"),
        (2026, "maintained", "law", "law", None, "law"),
        (2026, "academy", "law", "law", None, "law"),
        (2026, "pru", "law", "law", None, "law"),
    ],
)
def test_what_a_duty_was_for_a_school_in_a_year(year, kind, off_site, attendance, thirty, on_request):
    found = authorities(YEARS[year], kind)
    assert found["notice-late"] == off_site
    assert found.get("unexplained-code-unresolved") == attendance
    assert found.get("review-thirty-days") == thirty
    assert found.get("review-request-waiting") == on_request
    assert found["start-not-recorded"] == "statutory_guidance"


@pytest.mark.parametrize("kind", SCHOOL_KINDS)
@pytest.mark.parametrize(
    ("border", "rule"),
    [(date(2013, 1, 1), "review-request-waiting"), (date(2024, 8, 19), "absence-return-due")],
)
def test_a_duty_begins_on_its_day(kind, border, rule):
    assert rule not in authorities(border - timedelta(1), kind)
    assert rule in authorities(border, kind)
    assert rule in authorities(border + timedelta(1), kind)


def test_the_thirty_days_end_with_31_december_2012():
    assert authorities(date(2012, 12, 31), "maintained")["review-thirty-days"] == "law"
    assert "review-thirty-days" not in authorities(date(2013, 1, 1), "maintained")
    assert span(BOOK["review-thirty-days"]) == (date(2010, 9, 1), date(2012, 12, 31))
    before = law_on(date(2012, 12, 31), "maintained")
    assert {change.day for change in before.next} == {date(2013, 1, 1)}
    assert any("30 calendar days ended" in change.says for change in before.next)
    assert any(number.key == "longest_review_interval" for number in before.numbers)
    assert not any(number.key == "longest_review_interval" for number in law_on(date(2013, 1, 1), "maintained").numbers)


def test_academies_are_bound_from_26_july_2026_and_told_to_confirm_the_transition():
    day_before, day = law_on(date(2026, 7, 25), "academy"), law_on(date(2026, 7, 26), "academy")
    assert (day_before.binds, day_before.transitional) == (False, False)
    assert (day.binds, day.transitional) == (True, True)
    assert {change.day for change in day_before.next} == {date(2026, 7, 26)}
    assert {change.evidence for change in day.last} == {"reported"}
    assert day.next == ()
    assert not law_on(date(2026, 7, 26), "maintained").transitional


def test_before_september_2010_there_is_no_law_of_off_site_direction():
    found = law_on(date(2010, 8, 31), "maintained")
    assert (found.regimes, found.duties, found.last, found.binds) == ((), (), (), False)


def test_a_duty_names_the_law_of_its_day():
    sources = {
        day: next(duty for duty in law_on(day, "academy").duties if duty.rule.id == "dual-registration-missing")
        for day in (date(2024, 8, 18), date(2024, 8, 19))
    }
    assert [(duty.source, duty.evidence) for duty in sources.values()] == [
        ("SI 2006/1751", "recalled"),
        (BOOK["dual-registration-missing"].source, "read"),
    ]


def test_what_is_announced_is_never_among_the_duties():
    found = law_on(YEARS[2026], "maintained")
    assert [rule.id for rule in found.announced] == ["non-school-cap-proposed"]
    assert "non-school-cap-proposed" not in authorities(YEARS[2026], "maintained")
    assert not any("announced" in number.source for number in found.numbers)
