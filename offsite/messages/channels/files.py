"""Messages as files in a folder, one .eml each: the default, and all a demonstration has."""

import os
from email import policy
from email.message import EmailMessage
from pathlib import Path

from offsite.messages.channels import PAGES, ChannelError, Outgoing, with_links

UNFOLDED = policy.default.clone(max_line_length=998)
"""A subject of 70 letters or so, folded at 78, would begin with a blank where it is read again. A line may be this long
(RFC 5322, 2.1.1)."""


class Files:
    """Writes each message to a file named by its id, so that a repeat takes its own place."""

    taker = "the outbox folder"

    def __init__(self, folder: Path, sender: str, base_url: str = PAGES) -> None:
        """`folder` is made when the first message is written; `base_url` is where links lead."""
        self.folder, self.sender, self.base_url = folder, sender, base_url

    def send(self, message: Outgoing) -> None:
        """Write the file whole or not at all; raises ChannelError."""
        name = message.message_id.partition("@")[0]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            partial = self.folder / f".{name}.part"
            partial.write_bytes(bytes(as_email(message, self.sender, self.base_url)))
            os.replace(partial, self.folder / f"{name}.eml")
        except OSError as error:
            raise ChannelError(f"cannot write to the outbox folder: {error.strerror}") from error


def as_email(message: Outgoing, sender: str, base_url: str) -> EmailMessage:
    """A message as e-mail, with its stable Message-ID and links that lead to `base_url`."""
    mail = EmailMessage(policy=UNFOLDED)
    mail["From"], mail["To"], mail["Subject"] = sender, message.address, message.subject
    mail["Message-ID"] = f"<{message.message_id}>"
    mail.set_content(with_links(message.body, base_url))
    return mail
