"""Dispatch: escalations, digests and the outbox, each minute; recorded for the watchdog."""

import asyncio
from datetime import UTC, datetime

import pytest

from flows import dispatch as flow_file
from flows.dispatch import dispatch_messages, send_once
from flows.sweep import sweep_daily
from models.message import Delivery, Message
from models.runs import JobRun

SIX = datetime(2026, 11, 10, 6, tzinfo=UTC)


def test_what_the_sweep_told_is_sent_and_recorded(here, clock, rows):
    clock(SIX)
    asyncio.run(sweep_daily.fn())
    asyncio.run(dispatch_messages.fn())
    assert rows(Message)
    assert {delivery.outcome for delivery in rows(Delivery)} == {"sent"}
    assert rows(JobRun)[-1].job == "dispatch"
    assert rows(JobRun)[-1].counts["sent"] == len(rows(Message))


def test_a_second_dispatch_sends_nothing_again(here, clock, rows):
    clock(SIX)
    asyncio.run(sweep_daily.fn())
    send_once(here, SIX)
    before = len(rows(Delivery))
    send_once(here, SIX)
    assert len(rows(Delivery)) == before


def test_a_dispatch_that_is_still_running_is_not_overtaken(here, clock, rows):
    clock(SIX)
    with flow_file.ONE_AT_A_TIME:
        assert send_once(here, SIX) == {}
    assert rows(JobRun) == []


def test_a_failure_is_recorded_and_raised(here, clock, rows, monkeypatch):
    clock(SIX)

    def fails(*args):
        raise RuntimeError("no")

    monkeypatch.setattr(flow_file, "send_what_is_due", fails)
    with pytest.raises(RuntimeError):
        send_once(here, SIX)
    assert [run.outcome for run in rows(JobRun)] == ["failed"]
