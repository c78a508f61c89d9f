"""Pages shared out among processes: a connection whose page was made beside another's is ended, so that it is opened anew."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from offsite.web.served import SharedOut


@dataclass
class Pages:
    """Makes a page when told to; a stream begins at once and lasts until it is told to end."""

    going: dict[str, asyncio.Event] = field(default_factory=dict)

    async def __call__(self, scope, receive, send):
        if scope["path"] != "/stream":
            await self.going[scope["path"]].wait()
        if scope["path"] == "/broken":
            raise RuntimeError("broken")
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        if scope["path"] == "/stream":
            await self.going["/stream"].wait()
        await send({"type": "http.response.body", "body": b""})


async def ended(shared, path):
    """Whether the answer to one request asks the browser to connect anew."""
    sent = []

    async def send(message):
        sent.append(message)

    await shared({"type": "http", "path": path}, None, send)
    return (b"connection", b"close") in sent[0]["headers"]


def run(play):
    """Run to its end; in a thread of its own, since the browser of other tests keeps a loop going in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, play).result()


def played(first, *then):
    """Ask for `first`, and while it is being made for others; whose connections are ended, in that order."""

    async def play():
        pages = Pages({path: asyncio.Event() for path in (first, *then)})
        shared, asked = SharedOut(pages), []
        for path in (first, *then):
            asked.append(asyncio.create_task(ended(shared, path)))
            await asyncio.sleep(0)
        for event in pages.going.values():
            event.set()
        return await asyncio.gather(*asked)

    return run(play())


def one_after_the_other(*paths):
    """Ask for pages, each once the one before it is there; whose connections are ended."""

    async def play():
        pages = Pages({path: asyncio.Event() for path in paths})
        for event in pages.going.values():
            event.set()
        shared = SharedOut(pages)
        return [found[0] for path in paths for found in [await asyncio.gather(ended(shared, path), return_exceptions=True)]]

    return run(play())


def test_a_connection_is_ended_where_its_page_was_made_beside_another():
    assert played("/dsl", "/clerk", "/head") == [False, True, True]


def test_a_connection_is_kept_where_pages_were_made_one_after_the_other():
    assert one_after_the_other("/dsl", "/clerk", "/dsl") == [False, False, False]


@pytest.mark.parametrize("beside", ["/stream", "/static/offsite.css"])
def test_what_takes_no_time_is_no_other_page(beside):
    assert played(beside, "/clerk") == [False, False]


def test_a_page_that_broke_is_no_longer_being_made():
    broke, after = one_after_the_other("/broken", "/clerk")
    assert isinstance(broke, RuntimeError)
    assert after is False
