"""A backtest tells, from the record, what today's book raised and what a candidate would have raised."""

import csv
import io
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from offsite.casework.backtest.compare import document
from offsite.casework.backtest.history import Candidate, play_history
from offsite.casework.backtest.report import COLUMNS, as_csv, as_html
from offsite.casework.replay.answer import answer
from offsite.casework.replay.play import play
from offsite.casework.replay.scenario import read_scenario

SCENARIOS = Path(__file__).parents[1] / "scenarios"
LIVED = ("review-late", "safeguarding", "registers", "correction-withdraws", "rules/repeated-low-level-concerns")


def backtest(played, candidate=Candidate()):  # noqa: B008 (frozen)
    first, last = played.scenario.first, played.scenario.until
    with played.database.reading() as session:
        before = session.connection().exec_driver_sql("select count(*) from event").scalar()
        found = document(play_history(session, 1, first, last, candidate))
        assert session.connection().exec_driver_sql("select count(*) from event").scalar() == before
    return found


@pytest.fixture(scope="module", params=LIVED)
def lived(request):
    return play(read_scenario(SCENARIOS / f"{request.param}.yaml"))


def test_history_played_again_gives_the_alerts_that_were_raised(lived):
    """Replay against live: the book of today finds in the record what it found at the time."""
    found, raised = backtest(lived), answer(lived)["alerts"]
    then = sorted((a["rule"], a["placement"] or "", a["subject"], a["raised"], a["severity"]) for a in raised)
    again = sorted(
        (a["rule"], a["placement"] or "", a["subject"], a["today"]["raised"].isoformat(), a["today"]["severity"])
        for a in found["alerts"]
    )
    assert again == then
    assert {a["change"] for a in found["alerts"]} <= {"same"}


@pytest.fixture(scope="module")
def long_stay():
    return play(read_scenario(SCENARIOS / "rules" / "partnership-not-recorded.yaml")._replace(first=date(2026, 12, 20)))


def test_the_announced_limit_is_tried_on_the_past(long_stay):
    found = backtest(long_stay, Candidate({"proposed_rules": "on"}, frozenset({"non-school-cap-proposed"})))
    [alert] = found["alerts"]
    assert (alert["change"], alert["rule"], alert["today"]) == ("gained", "non-school-cap-proposed", None)
    assert found["total"] == {"today": 0, "candidate": 1, "gained": 1, "lost": 0, "moved": 0}
    assert {row["role"] for row in found["weeks"]} == {"head", "senco"}


def test_a_stricter_setting_moves_alerts():
    lived = play(read_scenario(SCENARIOS / "rules" / "contact-gap.yaml"))
    found = backtest(lived, Candidate({"contact_days": 5}, frozenset({"contact-gap"})))
    [alert] = found["alerts"]
    assert alert["change"] == "moved"
    assert (alert["candidate"]["raised"] - alert["today"]["raised"]).days == -2


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_report_is_whole(long_stay):
    found = backtest(long_stay, Candidate({"proposed_rules": "on"}))
    page = as_html(found, "proposed_rules on")
    parser = Tags()
    parser.feed(page)
    assert parser.open == []
    assert "non-school-cap-proposed" in page
    assert "Ana" not in page
    rows = list(csv.reader(io.StringIO(as_csv(found))))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(found["alerts"]) + 1


def test_a_school_is_played_from_the_day_it_began(placed):
    """On that day the rules would have looked at 06:00, before the school was entered at nine; a provider came later."""
    placed.do("add_provider", "2026-11-11 09:00", id="barn", name="Barn", kind="non_school")
    with placed.database.reading() as session:
        found = document(play_history(session, 1, date(2026, 1, 1), date(2026, 11, 16), Candidate()))
    assert found["from"] == date(2026, 8, 31)
    assert "start-not-recorded" in {alert["rule"] for alert in found["alerts"]}
