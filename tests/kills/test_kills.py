"""Kill -9 at any moment: what a killed process leaves, carried on with, is what an uninterrupted one leaves.

The process (worker.py) has no Prefect in it; it does commands, sweeps and dispatches on SQLite. Alerts have random
references, so alerts and messages are compared by what they are about.
"""

import contextlib
import email
import email.policy
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import func, select

import models.tables
from models.alert import ENDINGS, Alert, AlertStep, CannotTell
from models.chronology import Event, breaks
from models.message import Delivery, Message
from models.people import Person
from models.placement import Placement
from models.runs import JobRun, PendingRun
from offsite.casework.keeping.installation import Installation
from offsite.messages.channels import PAGES

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SHORTEST, LONGEST = 0.01, 1.5
"""Seconds a process lives after it said that it works."""


class Killed(NamedTuple):
    """What the killing came to."""

    folder: Path
    landed: int
    """Kills that hit a process at work."""
    reached: list[int]
    """The step finished last, after each kill."""


class Worker:
    """Processes that work at a folder, one at a time."""

    def __init__(self, said, heard):
        self._said, self._heard, self._lines = said, heard, {}

    def begin(self, folder):
        """Start one; returns once it works, with the number of steps on its list."""
        self._lines.clear()
        print(folder, file=self._said, flush=True)
        self._hear("began", "ready")
        return int(self._lines["ready"])

    def kill(self):
        """Kill it; whether it was still at work."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(self._lines["began"]), signal.SIGKILL)
        self._hear("ended")
        return int(self._lines["ended"]) == -signal.SIGKILL

    def run_through(self, folder):
        """Let one finish; returns the steps and how many seconds they took."""
        steps, began = self.begin(folder), time.monotonic()
        self._hear("ended")
        assert self._lines["ended"] == "0" and "through" in self._lines
        return steps, time.monotonic() - began

    def _hear(self, *words):
        while not self._lines.keys() >= set(words):
            line = self._heard.readline()
            assert line and "ended" not in self._lines, f"the worker does not work: {self._lines}"
            word, _, rest = line.strip().partition(" ")
            self._lines[word] = rest


@pytest.fixture(scope="module")
def worker():
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, str(HERE / "worker.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True) as process:
        yield Worker(process.stdin, process.stdout)
        process.stdin.close()


def fresh(folder):
    Installation.create(folder, 'school = "100001"\n[messages]\nchannel = "files"\n').database.close()
    return folder


def finished(folder):
    progress = folder / "progress"
    return int(progress.read_text()) if progress.exists() else 0


@pytest.fixture(scope="module")
def calm(worker, tmp_path_factory):
    """The list done without interruption: the folder, the number of steps, the seconds they took."""
    folder = fresh(tmp_path_factory.mktemp("calm") / "data")
    return folder, *worker.run_through(folder)


@pytest.fixture(scope="module")
def killed(worker, calm, tmp_path_factory, kills, chance):
    """The same list with a kill again and again, spread over all of it, then done to its end."""
    _, steps, seconds = calm
    folder = fresh(tmp_path_factory.mktemp("killed") / "data")
    landed, reached = 0, []
    for left in range(kills, 0, -1):
        worker.begin(folder)
        share = seconds * (steps - finished(folder)) / steps / left
        time.sleep(chance.uniform(SHORTEST, min(LONGEST, max(0.15, 1.8 * share))))
        landed += worker.kill()
        reached.append(finished(folder))
    worker.run_through(folder)
    print(f"{landed} of {kills} kills landed, after the steps {sorted(set(reached))}")
    return Killed(folder, landed, reached)


def record(folder):
    """What a record amounts to, with nothing random in it."""
    here = Installation.open(folder)
    with here.database.reading() as session:
        people = dict(session.execute(select(Person.id, Person.ref)).tuples().all())
        placements = dict(session.execute(select(Placement.id, Placement.ref)).tuples().all())
        alerts = {a.ref: a for a in session.scalars(select(Alert))}
        steps = session.scalars(select(AlertStep).order_by(AlertStep.id)).all()
        about = {ref: (a.rule, placements.get(a.placement_id), a.subject, a.raised_at) for ref, a in alerts.items()}
        by_id = {a.id: about[ref] for ref, a in alerts.items()}
        untold = {f"untold-{c.id}": (c.rule, placements.get(c.placement_id), c.subject, c.since)
                  for c in session.scalars(select(CannotTell))}  # fmt: skip
        events = session.scalars(select(Event).order_by(Event.number)).all()
        found = {
            "breaks": [b for school in {e.school_id for e in events} for b in breaks(session, school)],
            "commands": Counter((e.idempotency_key, e.kind, e.by, e.edits) for e in events if e.idempotency_key),
            "rows": rows_by_command(session, {e.id: e.idempotency_key for e in events}),
            "alerts": Counter((*about[ref], a.severity, a.because) for ref, a in alerts.items()),
            "steps": Counter((by_id[s.alert_id], s.step, s.at, s.severity) for s in steps),
            "open": Counter(
                by_id[a.id] for a in alerts.values() if not any(s.alert_id == a.id and s.step in ENDINGS for s in steps)
            ),
            "cannot tell": Counter(
                (c.rule, placements.get(c.placement_id), c.subject, c.since, c.until)
                for c in session.scalars(select(CannotTell))
            ),
            "messages": Counter(
                message_about(m, people, about | untold, alerts) for m in session.scalars(select(Message).order_by(Message.id))
            ),
            "flows asked for": Counter(
                (p.deployment, str(p.parameters), p.not_before) for p in session.scalars(select(PendingRun))
            ),
            "sweeps": Counter((run.job, run.slot, run.outcome) for run in session.scalars(select(JobRun))),
        }
    here.database.close()
    return found


def rows_by_command(session, keys):
    """How many rows of each table each command left."""
    found = Counter()
    for table in models.tables.metadata.sorted_tables:
        if "event_id" in table.columns:
            counted = select(table.c.event_id, func.count()).group_by(table.c.event_id)
            found.update({(keys[event], table.name): n for event, n in session.execute(counted) if event is not None})
    return found


def message_about(message, people, about, alerts):
    """A message by what it says and to whom, without references of alerts."""
    subject, body = message.subject, message.body
    for ref in alerts:
        subject, body = subject.replace(ref, "ALERT"), body.replace(ref, "ALERT")
    return (
        message.kind, message.severity, message.role, people.get(message.person_id), message.channel, message.address,
        tuple(about[ref] for ref in message.alerts), subject, body, message.created_at,
    )  # fmt: skip


@pytest.fixture(scope="module")
def calm_record(calm):
    return record(calm[0])


@pytest.fixture(scope="module")
def killed_record(killed):
    return record(killed.folder)


def test_the_kills_hit_a_process_at_work(killed, kills, calm):
    """Nine in ten at least, over most of the list, or the test would prove nothing."""
    assert killed.landed >= 0.9 * kills
    assert min(killed.reached) < calm[1] / 4


def test_the_list_is_worth_killing(calm_record):
    """Alerts of many rules, cleared ones among them, told at once, escalated, telephoned and in digests."""
    assert len({alert[0] for alert in calm_record["alerts"]}) >= 8
    assert {"cleared", "resolved", "withdrawn"} & {step[1] for step in calm_record["steps"]}
    assert {"alert", "escalation", "phone", "digest"} <= {message[0] for message in calm_record["messages"]}


def test_the_chain_verifies(killed_record):
    assert killed_record["breaks"] == []


@pytest.mark.parametrize("what", ["commands", "rows"])
def test_every_command_is_there_once_and_whole(calm_record, killed_record, what):
    """No half command: each left the same rows in the same tables."""
    assert max(killed_record["commands"].values()) == 1
    assert killed_record[what] == calm_record[what]


@pytest.mark.parametrize("what", ["alerts", "steps", "open", "cannot tell"])
def test_no_alert_is_lost_or_doubled(calm_record, killed_record, what):
    assert killed_record[what] == calm_record[what]


@pytest.mark.parametrize("what", ["messages", "flows asked for", "sweeps"])
def test_everybody_is_told_the_same(calm_record, killed_record, what):
    assert killed_record[what] == calm_record[what]


def test_every_message_is_in_the_outbox_folder_whole(killed):
    here = Installation.open(killed.folder)
    with here.database.reading() as session:
        messages = session.scalars(select(Message)).all()
        sent = set(session.scalars(select(Delivery.message_id).where(Delivery.outcome == "sent")))
        assert {m.id for m in messages} == sent
        for message in messages:
            file = killed.folder / "outbox" / f"{message.message_id.partition('@')[0]}.eml"
            mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            assert mail["Message-ID"] == f"<{message.message_id}>"
            assert (mail["Subject"], mail["To"]) == (message.subject, message.address)
            assert mail.get_content() == message.body.replace("offsite:/", f"{PAGES}/")
    here.database.close()


def test_nothing_else_is_in_the_outbox_folder(killed, killed_record):
    """A file that was being written when the process died was given its name by the next, or has none."""
    assert len(list((killed.folder / "outbox").glob("*.eml"))) == sum(killed_record["messages"].values())
