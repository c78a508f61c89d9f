"""The same case in 2011, 2015, 2025 and November 2026, at a maintained school, an academy and a PRU: what was law then."""

from datetime import date, timedelta

import pytest
import yaml

from offsite.casework.replay.answer import answer
from offsite.casework.replay.play import play
from offsite.casework.replay.scenario import read_scenario

KINDS = ("maintained", "academy", "pru")
BOUND = {2011: ("maintained",), 2015: ("maintained",), 2025: ("maintained",), 2026: KINDS}
"""Whom the law of off-site direction bound in November of the year."""


def monday(day):
    return day + timedelta(-day.weekday() % 7)


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Plays the case once for each year and kind: a notice a day late, no review, a mark that stays N."""
    known = {}

    def of(year, kind, start=None):
        key = (year, kind, start)
        if key not in known:
            file = tmp_path_factory.mktemp("regimes") / f"{year}-{kind}.yaml"
            file.write_text(yaml.safe_dump(case(year, kind, start)), encoding="utf-8")
            known[key] = answer(play(read_scenario(file)))
        return known[key]

    return of


def case(year, kind, start):
    autumn = [monday(date(year, 9, 3)), monday(date(year, 10, 15)) + timedelta(4)]
    start = start or monday(date(year, 11, 10))
    first, until = start - timedelta(14), start + timedelta(32 if year == 2011 else 14)
    if start.month != 11:
        until = date(2026, 7, 27)
    terms = [(monday(date(year, 4, 20)), date(year, 7, 17)), autumn, (monday(date(year, 10, 29)), date(year, 12, 18))]
    return {
        "scenario": "the same case", "from": first, "until": until,
        "school": {
            "name": "Invented", "urn": "100001", "kind": kind, "local_authority": "Invented", "closed": [],
            "half_terms": [{"first": a, "last": b} for a, b in terms],
            "sessions": {"am": ["08:45", "12:15"], "pm": ["13:10", "15:15"]},
        },
        "people": [{"id": f"{role}1", "roles": [role], "name": "X", "email": f"{role}@invented.example"}
                   for role in ("dsl", "deputy_dsl", "head", "clerk", "governors", "attendance", "senco")],
        "pupils": [{"id": "u1", "name": "X", "born": date(year - 14, 5, 4), "parents": [{"id": "m1", "name": "X"}]}],
        "providers": [{"id": "centre", "name": "X", "kind": "non_school", "sites": [{"id": "main", "address": "1 Lane"}],
                       "checks": f"all_verified_until {year + 1}-08-31",
                       "safeguarding_confirmation": {"status": "verified", "valid_until": date(year + 1, 8, 31)}}],
        "events": [
            {"at": first, "do": "propose_placement", "placement": "p1", "pupil": "u1", "provider": "centre", "site": "main",
             "purpose": "improve_behaviour", "tried": ["mentoring"], "reasons": "invented", "start": start, "days": 100,
             "sessions": "full_time"},
            {"at": first + timedelta(1), "do": "determine", "placement": "p1"},
            {"at": start - timedelta(3), "do": "serve_notice", "placement": "p1", "to": ["parent"], "method": "hand"},
            {"at": f"{start} 08:30", "do": "start", "placement": "p1", "override": {"by": "head1", "reason": "invented"}},
            {"at": f"{start} 09:00", "do": "mark", "placement": "p1", "session": "am", "register": "home", "code": "N"},
            {"at": f"{start} 09:05", "do": "marks", "placement": "p1", "from": start, "to": until, "register": "provider",
             "code": {"am": "/", "pm": "\\"}},
        ],
    }  # fmt: skip


def alerts_of(found, rule):
    return [alert for alert in found["alerts"] if alert["rule"] == rule]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("year", BOUND)
@pytest.mark.parametrize("rule", ["notice-late", "review-not-scheduled"])
def test_a_duty_of_off_site_direction_is_law_only_for_whom_it_bound(played, year, kind, rule):
    [alert] = alerts_of(played(year, kind), rule)
    assert alert["authority"] == ("law" if kind in BOUND[year] else "good_practice")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("year", BOUND)
def test_thirty_days_between_reviews_were_a_rule_in_2011_alone(played, year, kind):
    found = alerts_of(played(year, kind), "review-thirty-days")
    if year != 2011:
        assert found == []
        return
    [alert] = found
    assert alert["raised"].startswith(str(monday(date(2011, 11, 10)) + timedelta(31)))
    assert alert["authority"] == ("law" if kind == "maintained" else "good_practice")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("year", BOUND)
def test_the_attendance_regulations_of_2024_bind_every_school_and_nobody_before(played, year, kind):
    found = alerts_of(played(year, kind), "unexplained-code-unresolved")
    assert [alert["authority"] for alert in found] == (["law"] if year >= 2025 else [])


@pytest.mark.parametrize(
    ("kind", "start", "marked"),
    [
        ("academy", date(2026, 6, 1), True),
        ("maintained", date(2026, 6, 1), False),
        ("pru", date(2026, 6, 1), False),
        ("academy", None, False),
    ],
)
def test_an_academys_placement_that_ran_across_july_2026_says_confirm(played, kind, start, marked):
    [placement] = played(2026, kind, start)["placements"]
    assert placement["transitional"] is marked
