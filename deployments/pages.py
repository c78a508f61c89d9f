"""The pages as a child process: first to start, last to stop, and up while Prefect is not."""

import contextlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

from deployments.embedded import RESTART_AFTER, Child, free_port

READY_SECONDS = 30.0
APPLICATION = "offsite.web.served:create"


class Pages:
    """The pages of one data folder, served on one address."""

    def __init__(
        self, data: Path, host: str, port: int, workers: int, application: str = APPLICATION, proxies: Sequence[str] = ()
    ) -> None:
        """`port` is taken where it is free; else another. `application`: module and factory. `proxies`: those to trust."""
        self.data, self.host = data, host
        self.port = free_port(port)
        command = [sys.executable, "-m", "deployments.page_server", application, host, str(self.port), str(workers)]
        command += proxies
        self.child = Child("pages", command, data / "pages.log")

    @property
    def url(self) -> str:
        """Where they are served."""
        return f"http://{self.host}:{self.port}"

    def start(self, environment: dict[str, str]) -> bool:
        """Start them; whether they answered in time."""
        self.child.start({**environment, "OFFSITE_DATA": str(self.data.resolve())})
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self.child.alive:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/sign-in", timeout=2).is_success:
                    return True
            time.sleep(0.05)
        return False

    def tend(self, environment: dict[str, str]) -> bool:
        """Start them again where they died, with back-off; whether they were found dead."""
        if self.child.alive:
            return False
        now = time.monotonic()
        if now >= self.child.next_try:
            self.child.next_try = now + RESTART_AFTER[min(self.child.restarts, len(RESTART_AFTER) - 1)]
            self.child.restarts += 1
            self.child.start({**environment, "OFFSITE_DATA": str(self.data.resolve())})
        return True

    def stop(self) -> None:
        """End them."""
        self.child.stop()
