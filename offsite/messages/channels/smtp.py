"""Messages by SMTP, with STARTTLS or TLS and sign-in."""

import smtplib
import ssl
from pathlib import Path
from typing import Literal

from offsite.messages.channels import PAGES, Bounced, ChannelError, Outgoing
from offsite.messages.channels.files import as_email

TIMEOUT_SECONDS = 20


class Smtp:
    """One SMTP server. A connection a message: few are sent, and none may be lost with another."""

    taker = "the mail server"

    def __init__(
        self,
        host: str,
        port: int,
        sender: str,
        tls: Literal["none", "starttls", "tls"] = "starttls",
        user: str | None = None,
        password: str | None = None,
        ca_file: Path | None = None,
        base_url: str = PAGES,
    ) -> None:
        """`ca_file`: certificates to trust, where the system's are not enough; `base_url`: where links lead."""
        self.host, self.port, self.sender, self.tls = host, port, sender, tls
        self.user, self.password, self.ca_file, self.base_url = user, password, ca_file, base_url

    def send(self, message: Outgoing) -> None:
        """Hand the message to the server; raises Bounced where it refuses the address for good, else ChannelError."""
        try:
            with self._connected() as server:
                refused = server.send_message(as_email(message, self.sender, self.base_url), self.sender, [message.address])
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            kind = Bounced if code >= 500 else ChannelError
            raise kind(f"the mail server refused the recipient ({code})") from None
        except smtplib.SMTPResponseException as error:
            raise ChannelError(f"the mail server said {error.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise ChannelError(f"the mail server could not be reached: {type(error).__name__}") from None
        if refused:
            raise ChannelError("the mail server refused the recipient")

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context(cafile=str(self.ca_file) if self.ca_file else None)
        server: smtplib.SMTP
        if self.tls == "tls":
            server = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        try:
            if self.tls == "starttls":
                server.starttls(context=context)
            if self.user is not None:
                server.login(self.user, self.password or "")
        except BaseException:
            server.close()
            raise
        return server
