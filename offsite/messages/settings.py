"""How messages leave: settings of an installation. Secrets come from the environment or a file, never from offsite.toml."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, SecretStr

from offsite.messages.channels import PAGES, Channel
from offsite.messages.channels.files import Files
from offsite.messages.channels.smtp import Smtp


class MessageSettings(BaseModel):
    """The [messages] part of offsite.toml."""

    model_config = ConfigDict(extra="forbid")

    channel: Literal["files", "smtp"] = "files"
    base_url: str = PAGES
    """Where links in messages lead."""
    sender: str = "offsite@localhost"
    host: str = "localhost"
    port: int = 587
    tls: Literal["none", "starttls", "tls"] = "starttls"
    user: str | None = None
    password: SecretStr | None = None
    """From OFFSITE_MESSAGES__PASSWORD."""
    password_file: Path | None = None
    ca_file: Path | None = None

    def channels(self, outbox: Path, *, demo: bool) -> dict[str, Channel]:
        """The channels by name: `email`, and `phone` for calls people must make. A demonstration has files only."""
        files = Files(outbox, self.sender, self.base_url)
        if demo or self.channel == "files":
            return {"email": files, "phone": files}
        secret = self.password.get_secret_value() if self.password else None
        if secret is None and self.password_file is not None:
            secret = self.password_file.read_text(encoding="utf-8").strip()
        smtp = Smtp(self.host, self.port, self.sender, self.tls, self.user, secret, self.ca_file, self.base_url)
        return {"email": smtp, "phone": smtp}
