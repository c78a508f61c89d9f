"""How messages leave: settings of an installation. Secrets come from the environment or a file, never from offsite.toml."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from offsite.messages.channels import PAGES, Channel, Unready
from offsite.messages.channels.files import Files
from offsite.messages.channels.smtp import Smtp

NOTIFY = "https://api.notifications.service.gov.uk"


class _Missing(Exception):
    """A channel lacks something; the text says what, and where to set it."""


class NotifySettings(BaseModel):
    """[messages.text] with kind = "notify": texts by GOV.UK Notify."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["notify"]
    template: str
    """Id of the template; its whole text is ((message))."""
    api_key: SecretStr | None = None
    """From OFFSITE_MESSAGES__TEXT__API_KEY."""
    api_key_file: Path | None = None
    sender: str | None = None
    """Id of the text sender; left out, the service's own."""
    api_url: str = NOTIFY

    def channel(self, part: str, base_url: str) -> Channel:
        """The channel. Raises _Missing without a key; `part` of the settings is named then."""
        from offsite.messages.channels.notify import API_KEY, Notify  # here, so that only who uses it waits for it

        key = _secret(self.api_key, self.api_key_file, part, "api_key")
        if not API_KEY.fullmatch(key):
            raise _Missing(f"{part}.api_key is no key of GOV.UK Notify: it ends in two ids of 36 characters")
        return Notify(key, self.template, self.api_url, self.sender, base_url)


class AppriseSettings(BaseModel):
    """[messages.text] or [messages.call] with kind = "apprise": by any service Apprise knows."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["apprise"]
    address: SecretStr | None = None
    """As Apprise documents it, with {phone} for the number; from OFFSITE_MESSAGES__TEXT__ADDRESS or ...__CALL__ADDRESS."""
    address_file: Path | None = None

    def channel(self, part: str, base_url: str) -> Channel:
        """The channel. Raises _Missing without an address, or without a place in it for the number."""
        from offsite.messages.channels.apprise import PHONE, Apprise  # here, so that only who uses it waits for it

        address = _secret(self.address, self.address_file, part, "address")
        if PHONE not in address:
            raise _Missing(f"{part}.address has no {PHONE}, so that everybody's messages would go to one place")
        return Apprise(address, base_url)


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
    text: Annotated[NotifySettings | AppriseSettings, Field(discriminator="kind")] | None = None
    """Texts of what is critical; left out, none."""
    call: AppriseSettings | None = None
    """Calls, or whatever else rings, for what is critical; left out, none."""

    def channels(self, outbox: Path, *, demo: bool) -> dict[str, Channel]:
        """The channels by name: `email`, `phone` for calls people must make (mailed too), and `text` and `call` where they
        are on. One that lacks something is there and says so whenever it is used. A demonstration has files only."""
        files = Files(outbox, self.sender, self.base_url)
        mail = files if demo or self.channel == "files" else _ready(self._smtp)
        found: dict[str, Channel] = {"email": mail, "phone": mail}
        if (text := self.text) is not None:
            found["text"] = files if demo else _ready(lambda: text.channel("messages.text", self.base_url))
        if (call := self.call) is not None:
            found["call"] = files if demo else _ready(lambda: call.channel("messages.call", self.base_url))
        return found

    def _smtp(self) -> Channel:
        secret = _secret(self.password, self.password_file, "messages", "password") if self.user is not None else None
        return Smtp(self.host, self.port, self.sender, self.tls, self.user, secret, self.ca_file, self.base_url)


def _ready(make: Callable[[], Channel]) -> Channel:
    try:
        return make()
    except _Missing as missing:
        return Unready(str(missing))


def _secret(given: SecretStr | None, file: Path | None, part: str, name: str) -> str:
    """A secret as it was given, or from its file. Raises _Missing."""
    if given is not None:
        return given.get_secret_value().strip()
    if file is None:
        variable = f"OFFSITE_{part}.{name}".replace(".", "__").upper()
        raise _Missing(f"{part} has no {name}: set {variable} or {part}.{name}_file")
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise _Missing(f"{part}.{name}_file cannot be read: {error.strerror}") from None
