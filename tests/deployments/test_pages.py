"""`offsite serve` for real: pages before Prefect, pages while Prefect is down, pages again after they died, and nothing left.

One `offsite serve` on a fresh folder for all tests of the file, in order; the last one stops it.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select, update

from deployments.embedded import free_port
from models.account import Account
from models.people import Person
from models.runs import JobRun
from offsite.accounts import directory, sessions
from offsite.casework.command import Said, commands
from offsite.casework.keeping.installation import Installation
from offsite.casework.perform import perform
from offsite.casework.watch.rule_runner import NoRules

PATIENCE = 90
"""Seconds until something that must happen is given up."""
URN = "999001"
LATELY = timedelta(minutes=6)
TOML = """school = "999001"
prefect_port = {prefect}
[pages]
port = {pages}
[messages]
channel = "files"
"""


class Served:
    """`offsite serve` at work."""

    def __init__(self, data):
        self.data, self.url = data, f"http://127.0.0.1:{free_port(0)}"
        self.prefect = f"http://127.0.0.1:{free_port(0)}"
        ports = {"pages": self.url.rpartition(":")[2], "prefect": self.prefect.rpartition(":")[2]}
        self.here = Installation.create(data, TOML.format(**ports))
        self.cookies = {"offsite": self._sign_in()}
        command = [sys.executable, "-m", "offsite.cli.main", "serve", "--data", str(data)]
        self.output = data / "output.txt"
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)

    def _sign_in(self):
        """An invented head, signed in."""
        terms = [{"first": "2026-09-02", "last": "2026-12-18"}]
        at = datetime.now(UTC)
        for name, fields in (
            ("set_up_school", {"name": "Invented", "urn": URN, "kind": "maintained", "local_authority": "Invented",
                               "half_terms": terms}),
            ("add_person", {"id": "head1", "roles": ["head"], "name": "Invented", "email": "head@invented.example"}),
        ):  # fmt: skip
            said = Said(commands()[name].model_validate(fields), at)
            perform(self.here.database, self.here.key_file, URN, said, NoRules())
        with self.here.database.writing() as session:
            directory.invite(session, session.scalars(select(Person)).one(), at)
            return sessions.begin(session, session.scalars(select(Account)).one(), at)

    def page(self, path="/head"):
        with suppress(httpx.HTTPError):
            return httpx.get(self.url + path, cookies=self.cookies, timeout=5)
        return None

    def prefect_answers(self):
        """Prefect's server answers."""
        with suppress(httpx.HTTPError):
            return httpx.get(f"{self.prefect}/api/health", timeout=2).status_code in (200, 401)
        return False

    def descendants(self, of=None):
        """Every process it started, and they started, with its command line."""
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                state, parent = stat.read_text().rpartition(")")[2].split()[:2]
                if state != "Z":
                    parents.setdefault(int(parent), []).append(int(stat.parent.name))
        found, queue = {}, [of or self.process.pid]
        while queue:
            for pid in parents.get(queue.pop(), []):
                with suppress(OSError):
                    found[pid] = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
                    queue.append(pid)
        return found

    def running(self, words):
        """The processes whose command line holds these words."""
        return {pid for pid, line in self.descendants().items() if words in line}

    def workers(self):
        """The processes that serve the pages."""
        of = {child for pid in self.running("offsite.web.served") for child in self.descendants(pid)}
        return {pid for pid, line in self.descendants().items() if pid in of and "spawn_main" in line}


def wait_for(condition, at_most=PATIENCE):
    deadline = time.monotonic() + at_most
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.1)
    pytest.fail(f"not within {at_most} s: {condition.__doc__ or condition}")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    made = Served(tmp_path_factory.mktemp("serve") / "data")
    yield made
    if made.process.poll() is None:
        made.process.send_signal(signal.SIGINT)
        made.process.wait(60)
    made.here.database.close()


def test_the_first_page_is_there_before_prefect_is(served):
    first = wait_for(lambda: served.page("/sign-in"))
    assert not served.prefect_answers()
    assert "Sign in" in first.text
    wait_for(served.prefect_answers)
    assert served.page().status_code == 200


def test_a_second_one_on_the_same_folder_says_that_it_is_served_and_goes(served):
    command = [sys.executable, "-m", "offsite.cli.main", "serve", "--data", str(served.data)]
    second = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert second.returncode == 1
    assert f"is served already, by process {served.process.pid}" in " ".join(second.stderr.split())


def test_a_port_that_was_just_left_is_free_and_a_taken_one_is_not():
    with socket.create_server(("127.0.0.1", 0)) as left:
        port = left.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as other:
            left.accept()[0].close()
            other.recv(1)
        assert free_port(port) != port
    assert free_port(port) == port


def test_a_page_worker_that_dies_is_started_again(served):
    before = wait_for(lambda: len(found := served.workers()) == 2 and found)
    dead = min(before)
    os.kill(dead, signal.SIGKILL)
    wait_for(lambda: len(found := served.workers()) == 2 and dead not in found)
    assert wait_for(served.page).status_code == 200


def test_pages_that_die_whole_are_started_again_at_the_same_address(served):
    [supervisor] = served.running("offsite.web.served")
    left = served.workers()
    os.kill(supervisor, signal.SIGKILL)
    wait_for(lambda: served.running("offsite.web.served") - {supervisor})
    assert wait_for(served.page).status_code == 200
    assert not left & served.workers()
    assert "started again" in served.output.read_text()


def test_pages_work_and_say_so_while_prefect_is_down(served):
    """The worker stands still and the server is killed: what they did last is then put six minutes back."""
    [worker] = wait_for(lambda: served.running("deployments.worker"))
    wait_for(lambda: last_job(served))
    os.kill(worker, signal.SIGSTOP)
    for pid in served.running("prefect server"):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert not served.prefect_answers()
    with served.here.database.writing() as session:
        session.execute(update(JobRun).values(started_at=datetime.now(UTC) - LATELY, finished_at=datetime.now(UTC) - LATELY))
    shown = served.page()
    assert shown.status_code == 200
    assert re.search("own work .* last ran", shown.text)
    os.kill(worker, signal.SIGCONT)
    wait_for(served.prefect_answers)
    wait_for(lambda: "own work" not in served.page().text)


def last_job(served):
    """A job has run."""
    with served.here.database.reading() as session:
        return session.scalar(select(func.max(JobRun.finished_at)))


def test_ctrl_c_leaves_no_process(served):
    started = served.descendants()
    assert len(started) >= 5  # the pages with two workers, Prefect's server, its worker
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(60) == 0
    assert not [line for pid, line in started.items() if alive(pid, line)]
    assert "nothing is lost" in served.output.read_text()


def alive(pid, line):
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ") == line
    return False
