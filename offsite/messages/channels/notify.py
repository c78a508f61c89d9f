"""Texts by GOV.UK Notify, which schools maintained by an authority may use. Its `reference` carries the message's id."""

import logging
import re
from typing import Any

from notifications_python_client.errors import APIError, InvalidResponse
from notifications_python_client.notifications import NotificationsAPIClient

from offsite.messages.channels import PAGES, Bounced, ChannelError, Outgoing, with_links

TIMEOUT_SECONDS = 20
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
API_KEY = re.compile(rf".*{UUID}-{UUID}", re.IGNORECASE)
"""How Notify writes a key: its name, the service's id, the secret."""

logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)  # it logs answers, which may repeat the number


class Notify:
    """One service of GOV.UK Notify, with one template whose whole text is ((message))."""

    taker = "GOV.UK Notify"

    def __init__(self, api_key: str, template: str, api_url: str, sender: str | None = None, base_url: str = PAGES) -> None:
        """`template` and `sender` (of the text; left out, the service's own) are ids; `base_url`: where links lead."""
        self.api_key, self.template, self.api_url, self.sender, self.base_url = api_key, template, api_url, sender, base_url

    def send(self, message: Outgoing) -> None:
        """Hand the text over; raises Bounced where Notify refuses the number, else ChannelError. Neither names it."""
        client = NotificationsAPIClient(self.api_key, self.api_url, TIMEOUT_SECONDS)  # one is not for several threads
        try:
            with client.request_session:
                client.send_sms_notification(
                    phone_number=message.address,
                    template_id=self.template,
                    personalisation={"message": with_links(message.body, self.base_url).strip()},
                    reference=message.message_id,
                    sms_sender_id=self.sender,
                )
        except InvalidResponse:
            raise ChannelError("GOV.UK Notify answered with something else than JSON") from None
        except APIError as error:
            raise _in_words(error) from None


def _in_words(error: APIError) -> ChannelError:
    if error.response is None:
        return ChannelError("GOV.UK Notify could not be reached")
    why = _without_numbers(_why(error.message))
    words = f"GOV.UK Notify refused the text with {error.status_code} ({why})"
    of_the_number = error.status_code == 400 and re.search("phone|number|recipient", why, re.IGNORECASE)
    return Bounced(words) if of_the_number else ChannelError(words)


def _why(said: Any) -> str:
    if isinstance(said, list) and all(isinstance(each, dict) for each in said):
        return "; ".join(f"{each.get('error')}: {each.get('message')}" for each in said)
    return str(said)


def _without_numbers(text: str) -> str:
    return re.sub(r"\+?\d[\d ().-]{3,}\d", "…", text)[:200]
