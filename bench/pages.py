"""The pages of a school of 5,000 live placements, served as `offsite serve` serves them: milliseconds and queries a page.

Two workers, two clients that ask at once, everybody signed in. How many queries a page took is said by the server in a header
that only this benchmark adds.
"""

import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import event
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bench.large_school import build
from bench.synthetic import AT
from deployments.pages import Pages
from offsite.casework.keeping.installation import Installation

PLACEMENTS = 5000
WORKERS = CLIENTS = 2
TIMES = 15
"""How often each client asks for each page."""
PAGES: dict[str, tuple[str, ...]] = {
    "dsl": ("/dsl", "/dsl/unconfirmed", "/dsl/unconfirmed?uncontacted=true", "/alerts", "/alerts?severity=critical",
            "/alerts/{alert}", "/looks", "/attendance", "/concerns/c7"),
    "clerk": ("/clerk", "/clerk?sort=-due", "/clerk/requests", "/people"),
    "head": ("/head", "/placements", "/placements?sort=-start", "/placements?sort=attendance", "/placements?overdue=true",
             "/placements?q=Ada", "/placements?page=90", "/placements/P77", "/placements/P77/chronology",
             "/placements/P77/documents", "/search?q=Rowan", "/search?q=P77", "/providers", "/providers/workshop", "/settings",
             "/rules", "/rules/notice-late", "/pupils", "/pupils?to=propose_placement&q=Ada",
             "/do/propose_placement?pupil=u7", "/do/record_contact?placement=P77"),
    "senco": ("/senco",),
    "attendance": ("/attendance", "/attendance?differing=true", "/attendance?one_sided=true"),
    "provider": ("/provider", "/provider?unmarked=true"),
    "local_authority": ("/authority",),
    "chair": ("/governor",),
}  # fmt: skip
"""What each role opens."""
GOAL = (100, 300)
"""Milliseconds: of the median page, and of the page at the 95th percentile."""

_asked: ContextVar[list[int] | None] = ContextVar("asked", default=None)


class Counting:
    """Says in a header how many queries a page took."""

    def __init__(self, app: ASGIApp) -> None:
        """Wraps the pages."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count while the page is made."""
        asked = [0]
        _asked.set(asked)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-queries", str(asked[0]).encode())]
            await send(message)

        await self.app(scope, receive, sending)


def create() -> ASGIApp:
    """The pages, by a clock that began at the synthetic school's own instant when they were loaded."""
    from offsite.web import served, visit

    began = datetime.now(UTC)
    made = visit.edge()
    made.now = lambda: AT + (datetime.now(UTC) - began)
    event.listen(made.database.engine, "before_cursor_execute", _note)
    return Counting(served.create())


def _note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
    asked = _asked.get()
    if asked is not None and not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT")):
        asked[0] += 1


@contextmanager
def served(here: Installation) -> Iterator[str]:
    """Serve an installation; where."""
    pages = Pages(here.data, "127.0.0.1", 0, WORKERS, application="bench.pages:create")
    try:
        if not pages.start({}):
            raise SystemExit(f"the pages did not start: {pages.child.log.read_text()}")
        yield pages.url
    finally:
        pages.stop()


def pages(placements: int = PLACEMENTS, times: int = TIMES) -> None:
    """Build the school, ask for each page many times, print what each took."""
    with tempfile.TemporaryDirectory() as name:
        here, tokens = build(Path(name), placements)
        here.database.close()
        with served(here) as url:
            measure(url, tokens, placements, times)


def measure(url: str, tokens: dict[str, str], placements: int, times: int) -> None:
    """Ask for every page as every role that opens it, and print."""
    print(f"pages with {placements} live placements, {WORKERS} workers, {CLIENTS} clients at once, {times} times each:")
    print(f"  {'page':38} {'role':16} {'median':>9} {'95 %':>9}  queries")
    everything: list[float] = []
    for role, paths in PAGES.items():
        for path in paths:
            found, queries = _ask(url, tokens[role], path, times)
            everything += found
            print(f"  {path:38} {role:16} {_median(found):6.0f} ms {_95th(found):6.0f} ms  {queries:7}")
    verdict = "kept" if _median(everything) < GOAL[0] and _95th(everything) < GOAL[1] else "MISSED"
    print(f"  all pages: median {_median(everything):.0f} ms, 95th percentile {_95th(everything):.0f} ms; "
          f"wanted under {GOAL[0]} and {GOAL[1]}: {verdict}")  # fmt: skip


def _ask(url: str, token: str, path: str, times: int) -> tuple[list[float], int]:
    found: list[float] = []
    queries: list[int] = []

    def client() -> None:
        with httpx.Client(base_url=url, cookies={"offsite": token}, timeout=60) as session:
            wanted = path
            if "{alert}" in path:
                wanted = path.replace("{alert}", session.get("/alerts.csv?q=A-B").text.splitlines()[1].split(",")[0])
            _get(session, wanted)  # each worker loads its templates once
            for _ in range(times):
                began = time.perf_counter()
                queries.append(_get(session, wanted))
                found.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found, max(queries)


def _get(session: httpx.Client, path: str) -> int:
    answer = session.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")
    return int(answer.headers["x-queries"])


def _median(found: list[float]) -> float:
    return statistics.median(found)


def _95th(found: list[float]) -> float:
    return statistics.quantiles(found, n=20)[-1]


if __name__ == "__main__":
    pages()
