"""Channels by which messages leave."""

from typing import NamedTuple, Protocol

PAGES = "http://127.0.0.1:8765"
"""Where links lead, unless the settings say otherwise."""


class Outgoing(NamedTuple):
    """A message as a channel gets it."""

    message_id: str
    """Stable: a repeat carries the same."""
    address: str
    subject: str
    body: str


class ChannelError(Exception):
    """A message could not be handed over. The text names no address."""


class Channel(Protocol):
    """A way out."""

    def send(self, message: Outgoing) -> None:
        """Hand a message over; raises ChannelError, and then it will be tried again."""
