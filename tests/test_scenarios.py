"""Every scenario file comes out as it expects; and the clock that skips ticks gives what the naive clock gives."""

from pathlib import Path

import pytest

from offsite.casework.replay.answer import answer
from offsite.casework.replay.check import differences
from offsite.casework.replay.clock import naive_tick, next_tick
from offsite.casework.replay.play import play
from offsite.casework.replay.scenario import moment, read_scenario
from offsite.casework.watch import rule_runner
from offsite.casework.watch.system_alerts import report_differences
from rules.book import BOOK
from rules.judge import Difference

FOLDER = Path(__file__).parent / "scenarios"
OF_A_RULE = sorted((FOLDER / "rules").glob("*.yaml"))
FILES = sorted(path for path in FOLDER.glob("*.yaml") if path.name != "hilltop.yaml")
SHORT = ["first-day.yaml", "safeguarding.yaml", "clock-change.yaml"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scenario_comes_out_as_it_expects(path):
    scenario = read_scenario(path)
    found = answer(play(scenario))
    assert differences(scenario.expect, found) == []
    assert found["system"] == []


@pytest.mark.parametrize("path", OF_A_RULE, ids=lambda path: path.stem)
def test_a_rule_fires_when_it_should_and_at_no_other_time(path):
    """The file's rule raises what it expects, to the minute, clears it, and raises nothing else: quiet until then."""
    scenario = read_scenario(path)
    found = answer(play(scenario))
    assert differences(scenario.expect, found) == []
    assert (found["system"], found["refused"]) == ([], [])
    own = [alert for alert in found["alerts"] if alert["rule"] == path.stem]
    assert len(own) == len(scenario.expect.alerts) >= 1
    assert all(wanted.rule == path.stem and wanted.cleared != "never" for wanted in scenario.expect.alerts)


def test_every_rule_has_a_scenario_of_its_own():
    assert {path.stem for path in OF_A_RULE} == set(BOOK)


def told(path, tick):
    found = answer(play(read_scenario(path), tick))
    alerts = [{key: value for key, value in alert.items() if key != "alert"} for alert in found["alerts"]]
    messages = [
        {key: value for key, value in message.items() if key not in ("subject", "body")} for message in found["messages"]
    ]
    return alerts, messages, found["cannot_tell"], found["deadlines"], found["placements"]


@pytest.mark.parametrize("name", SHORT)
def test_skipping_ticks_changes_nothing(name):
    assert told(FOLDER / name, next_tick) == told(FOLDER / name, naive_tick)


def test_a_system_alert_of_a_look_that_changes_nothing_else_goes_further(monkeypatch):
    """It is no finding of a rule; unread, it is told to the deputy after 15 minutes, and by phone after 30."""
    midnight = moment("2026-11-17 00:00")

    def report(session, school, differences, at):
        invented = [Difference("notice-late", "an invented difference")] if at == midnight else []
        report_differences(session, school, [*differences, *invented], at)

    monkeypatch.setattr(rule_runner, "report_differences", report)
    found = answer(play(read_scenario(FOLDER / "first-day.yaml")))
    assert found["system"] != []
    night = {(m["at"][11:16], m["kind"]) for m in found["messages"] if m["at"].startswith("2026-11-17T00")}
    assert night == {("00:00", "alert"), ("00:15", "escalation"), ("00:30", "phone")}
