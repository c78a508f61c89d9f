"""Texts and calls by any service Apprise knows (Twilio, ClickSend, a webhook of one's own ...), named by one address."""

import logging
import re
import threading

import apprise

from offsite.messages.channels import PAGES, ChannelError, Outgoing, with_links

TIMEOUT_SECONDS = 20.0
PHONE, MESSAGE_ID = "{phone}", "{id}"
"""In an address: where the number goes (digits alone, such as 447700900123), and, where wanted, the message's id."""

LOG = logging.getLogger("apprise")
LOG.propagate = False  # it logs numbers
LOG.addHandler(logging.NullHandler())


class Apprise:
    """One service, by an address that holds its secrets and a place for the number."""

    def __init__(self, address: str, base_url: str = PAGES) -> None:
        """`address` as Apprise documents it, with {phone} for the number; `base_url`: where links lead."""
        self.address, self.base_url = address, base_url
        self.taker = f"the service behind {address.partition(':')[0]}://"

    def send(self, message: Outgoing) -> None:
        """Hand the text over; raises ChannelError, whose text names neither number nor address."""
        address = self.address.replace(PHONE, message.address.lstrip("+"))
        address = address.replace(MESSAGE_ID, message.message_id.partition("@")[0])
        service = apprise.Apprise.instantiate(address, asset=apprise.AppriseAsset(app_id="Offsite", app_url=self.base_url))
        if service is None:
            raise ChannelError("Apprise knows no service by this address, or a part of it is missing")
        service.socket_connect_timeout = service.socket_read_timeout = TIMEOUT_SECONDS
        heard = _Statuses()
        LOG.addHandler(heard)
        try:
            taken = service.notify(body=with_links(message.body, self.base_url).strip(), title="")
        finally:
            LOG.removeHandler(heard)
        if not taken:
            why = f"said {heard.last}" if heard.last else "could not be reached"
            raise ChannelError(f"{self.taker} {why}")


class _Statuses(logging.Handler):
    """Hears, of what Apprise logs in this thread, only the status of an answer: it tells what is wrong nowhere else."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last, self.thread = "", threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        found = re.search(r"error=(\d+)", record.getMessage())
        if found and record.thread == self.thread:
            self.last = found[1]
