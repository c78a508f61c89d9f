"""Seconds from `offsite serve` to its first page, and to Prefect's first answer, on a fresh folder."""

import contextlib
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from deployments.embedded import free_port
from offsite.casework.keeping.installation import Installation

TRIES = 3


def serving() -> None:
    """Start it a few times, and print the seconds."""
    pages, prefect = (f"http://127.0.0.1:{free_port(0)}" for _ in range(2))
    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "data"
        ports = f"prefect_port = {_port(prefect)}\n[pages]\nport = {_port(pages)}\n"
        Installation.create(data, ports).database.close()
        for number in range(TRIES):
            began = time.perf_counter()
            command = [sys.executable, "-m", "offsite.cli.main", "serve", "--data", str(data)]
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            first, then = _until(f"{pages}/sign-in", began), _until(f"{prefect}/api/health", began)
            print(f"offsite serve, start {number + 1}: first page after {first:.1f} s, Prefect after {then:.1f} s")
            process.send_signal(signal.SIGINT)
            process.wait(60)


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])


def _until(url: str, began: float) -> float:
    """Seconds until anything answers there."""
    while time.perf_counter() - began < 120:
        with contextlib.suppress(httpx.HTTPError):
            httpx.get(url, timeout=2)
            break
        time.sleep(0.02)
    return time.perf_counter() - began


if __name__ == "__main__":
    serving()
