"""The embedded server: Prefect and the worker as child processes of one command, on one data folder.

Loopback only, with a password of its own, telemetry off, its database in the data folder. A child that dies is started
again; a stop ends every child. Schedules stay as they are over a stop.
"""

import base64
import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

READY_SECONDS = 120.0
GRACE_SECONDS = 25.0
RESTART_AFTER = (1.0, 5.0, 15.0, 60.0)


class ServerNotReady(Exception):
    """Prefect's server did not answer in time; its log says why."""


@dataclass
class Child:
    """One child process and what is known of its restarts."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    restarts: int = 0
    next_try: float = 0.0

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it in a session of its own, so that a Ctrl-C reaches it only through us. What an earlier one left goes."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command, env=dict(environment), stdout=out, stderr=subprocess.STDOUT, start_new_session=True
            )

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Ask it to end; kill what has not ended in time, and whatever it started."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGINT)  # Prefect takes SIGTERM for itself while a flow runs
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass
class Embedded:
    """Prefect's server and the worker of one data folder."""

    data: Path
    port: int
    children: list[Child] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where Prefect keeps its own things."""
        return (self.data / "prefect").resolve()

    @property
    def url(self) -> str:
        """Prefect's page."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """What every child is given: one server, one password, nothing told to anybody outside."""
        password = self.password()
        return {
            **os.environ,
            "OFFSITE_DATA": str(self.data.resolve()),
            "PREFECT_HOME": str(self.folder),
            "PREFECT_API_URL": f"{self.url}/api",
            "PREFECT_API_AUTH_STRING": password,
            "PREFECT_SERVER_API_AUTH_STRING": password,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{self.folder / 'prefect.db'}",
            "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
            # Fewer writers to Prefect's one SQLite file. The worker finds late runs by itself; no automation is used.
            "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
            "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
            "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",
            "PREFECT_SERVER_SERVICES_REPOSSESSOR_ENABLED": "false",
            "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
            "PREFECT_CLI_PROMPT": "false",
            "PREFECT_LOGGING_LEVEL": "WARNING",
            "PYTHONUNBUFFERED": "1",
        }

    def password(self) -> str:
        """Prefect's one password, made at the first start; `user:password`."""
        path = self.folder / "password"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as out:
                out.write(f"offsite:{secrets.token_urlsafe(18)}")
        return path.read_text(encoding="ascii").strip()

    def start(self, stop: threading.Event) -> None:
        """Start the server, wait until it answers or `stop` is set, start the worker. Raises ServerNotReady."""
        environment = self.environment()
        prefect = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(self.port)]
        self.children = [
            Child("server", prefect, self.folder / "server.log"),
            Child("worker", [sys.executable, "-m", "deployments.worker"], self.folder / "worker.log"),
        ]
        self.children[0].start(environment)
        self._wait_until_ready(stop)
        self.children[1].start(environment)

    def tend(self) -> list[str]:
        """Start again what has died, with back-off; returns the names of what was found dead."""
        dead = [child for child in self.children if not child.alive]
        now = time.monotonic()
        for child in dead:
            if now >= child.next_try:
                child.next_try = now + RESTART_AFTER[min(child.restarts, len(RESTART_AFTER) - 1)]
                child.restarts += 1
                child.start(self.environment())
        return [child.name for child in dead]

    def stop(self) -> None:
        """End every child, the worker first."""
        for child in reversed(self.children):
            child.stop()

    def _wait_until_ready(self, stop: threading.Event) -> None:
        deadline = time.monotonic() + READY_SECONDS
        server = self.children[0]
        while time.monotonic() < deadline and server.alive and not stop.is_set():
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/api/health", headers=self._sign_in(), timeout=2).is_success:
                    return
            stop.wait(0.2)
        self.stop()
        raise ServerNotReady(f"Prefect's server did not answer on port {self.port}; see {server.log}")

    def _sign_in(self) -> dict[str, str]:
        return {"Authorization": f"Basic {base64.b64encode(self.password().encode()).decode()}"}


def free_port(wanted: int) -> int:
    """The port wanted if it is free on loopback, else another that is."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do: left connections hold no port
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no port is free on 127.0.0.1")


@contextlib.contextmanager
def running(data: Path, port: int, stop: threading.Event | None = None) -> Iterator[Embedded]:
    """The embedded server, started and, however the block ends, stopped. `stop`: no longer worth waiting for."""
    embedded = Embedded(data, free_port(port))
    try:
        embedded.start(stop or threading.Event())
        yield embedded
    finally:
        embedded.stop()
