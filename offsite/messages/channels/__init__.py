"""Channels by which messages leave.

A message's channel is `email`, or `phone` for the phone list, which is mailed too; `text` and `call` are made of a critical
one where an installation has them.
"""

from typing import NamedTuple, Protocol

PAGES = "http://127.0.0.1:8765"
"""Where links lead, unless the settings say otherwise."""
FURTHER = ("text", "call")
"""Channels beside mail, for what is critical; off unless the settings name them."""
WAYS = ("email", *FURTHER)
"""How a person may be reached."""


class Outgoing(NamedTuple):
    """A message as a channel gets it."""

    message_id: str
    """Stable: a repeat carries the same."""
    address: str
    subject: str
    body: str


class ChannelError(Exception):
    """A message could not be handed over. The text names no address."""


class Bounced(ChannelError):
    """This address is refused: whoever it is must be reached in another way meanwhile."""


class Channel(Protocol):
    """A way out."""

    @property
    def taker(self) -> str:
        """Who takes the messages, in words: "the mail server"."""

    def send(self, message: Outgoing) -> None:
        """Hand a message over; raises ChannelError, and then it will be tried again."""


class Unready:
    """Stands in for a channel that is switched on but lacks something, so that it holds no other back."""

    taker = "nobody"

    def __init__(self, why: str) -> None:
        """`why`: what is missing, and where to set it; no secret."""
        self.why = why

    def send(self, message: Outgoing) -> None:
        """Raises ChannelError, always."""
        raise ChannelError(self.why)


def with_links(body: str, base_url: str) -> str:
    """A message's body with the links `offsite:/path` leading to the pages."""
    return body.replace("offsite:/", f"{base_url.rstrip('/')}/")
