"""One installation is served once: two that drive the same placements would send everything twice."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class ServedAlready(Exception):
    """Something serves this data folder already."""

    def __init__(self, data: Path, process: str) -> None:
        """`process`: its number, as it wrote it."""
        super().__init__(f"{data} is served already, by process {process or 'unknown'}; stop that one first.")


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Hold a data folder while the block runs; the system lets go of it however the process ends. Raises ServedAlready."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "served.lock").open("a+", encoding="ascii") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.seek(0)
            raise ServedAlready(data, held.read().strip()) from None
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield
