"""Providers of OpenID Connect by which people may sign in: settings of an installation."""

import ipaddress
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

ANYBODYS = ("common", "organizations", "consumers")
"""Microsoft's addresses for every organisation, or everybody, in place of one's own."""


def loopback(address: str) -> bool:
    """Whether an address is this machine's own."""
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _issuer(value: str) -> str:
    parts = urlsplit(value)
    if not parts.hostname or parts.query or parts.fragment or not (parts.scheme == "https" or loopback(value)):
        raise ValueError("an issuer is an https address without query (http only on this machine itself)")
    if parts.hostname == "login.microsoftonline.com" and parts.path.strip("/").split("/")[0] in ANYBODYS:
        raise ValueError(
            "this issuer lets in anybody of any organisation; allowed: your own, "
            "https://login.microsoftonline.com/DIRECTORY-ID/v2.0"
        )
    return value


class OidcProvider(BaseModel):
    """One provider of OpenID Connect (Microsoft, Google, another) by which people may sign in."""

    model_config = ConfigDict(extra="forbid")

    title: str
    """What the button says: "Sign in with ..."."""
    issuer: Annotated[str, AfterValidator(_issuer)]
    """Its address, as it says it itself; its description stands below it at /.well-known/openid-configuration."""
    client_id: str
    client_secret: SecretStr = SecretStr("")
    """From OFFSITE_PAGES__OIDC__NAME__CLIENT_SECRET."""
    client_secret_file: Path | None = None
    vouched_by: Literal["email_verified", "xms_edov", "operator"] = "email_verified"
    """What says that an address is the person's own: a claim of the provider's token, or whoever runs Offsite, who by this
    setting answers for every address the provider hands out (docs/decisions/0015-signing-in-elsewhere.md)."""

    @property
    def secret(self) -> str:
        """The secret by which the provider knows us; empty where it asks for none."""
        if self.client_secret_file is not None:
            return self.client_secret_file.read_text(encoding="utf-8").strip()
        return self.client_secret.get_secret_value()


ProviderName = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
"""Stands in the addresses of the pages: /sign-in/with/NAME; what the provider is told is BASE_URL/sign-in/from/NAME."""
