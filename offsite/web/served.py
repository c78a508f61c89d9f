"""The application as a server loads it: fast, so that the first page is there in time; and with its work shared out."""

import gc
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send


class SharedOut:
    """Ends a browser's connection where its page had to be made beside another's.

    A browser keeps its connection, and so the process that accepted it, however busy that is and however idle the others are.
    Asked to connect anew, it comes to a process that has time: that one is the first to accept.
    """

    def __init__(self, app: ASGIApp) -> None:
        """`app` makes the pages."""
        self.app = app
        self._being_made = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Make an answer. It is being made until it begins: a stream of events lasts for hours, and takes no time."""
        if scope["type"] != "http" or scope["path"].startswith("/static/"):
            await self.app(scope, receive, send)
            return
        beside_another, begun = self._being_made > 0, False
        self._being_made += 1

        async def sending(message: Any) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                self._being_made, begun = self._being_made - 1, True
                if beside_another:
                    message["headers"] = [*message["headers"], (b"connection", b"close")]
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            if not begun:
                self._being_made -= 1


def create() -> ASGIApp:
    """The pages of the installation OFFSITE_DATA names.

    What is made while they load stays for good. To look for garbage among it takes a third of the time of loading, and time
    again at every later search: so none is looked for until all is loaded, and then it is set aside.
    """
    gc.disable()
    try:
        from offsite.web.app import create as load

        return SharedOut(load())
    finally:
        gc.freeze()
        gc.enable()
