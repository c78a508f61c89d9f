"""Settings of one installation: DATA/offsite.toml, and the environment, which wins. Loads fast, for `offsite serve`."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, IPvAnyNetwork
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from offsite.accounts.settings import OidcProvider, ProviderName
from offsite.messages.settings import MessageSettings

DEFAULT_DATA = Path("data")


def settings_file(data: Path) -> Path:
    """Where the settings of an installation stand."""
    return data / "offsite.toml"


class PagesSettings(BaseModel):
    """The [pages] part of offsite.toml: where the pages are served. Their address stands in messages.base_url."""

    model_config = ConfigDict(extra="forbid")

    host: str = "127.0.0.1"
    port: int = 8765
    workers: int = Field(2, ge=1)
    trusted_proxies: list[IPvAnyNetwork] = []
    """Addresses of proxies, or networks of them, whose X-Forwarded-For says who asks (docs/how-to/serve-over-https.md). Of
    anybody else it says nothing: whoever may name an address at will is held up by no count of failures."""
    oidc: dict[ProviderName, OidcProvider] = {}
    """Providers of OpenID Connect by which people may sign in, by name."""


class Settings(BaseSettings):
    """Settings of one installation, from offsite.toml and the environment."""

    model_config = SettingsConfigDict(env_prefix="OFFSITE_", env_nested_delimiter="__", extra="ignore")

    database_url: str | None = None
    """SQLAlchemy address; left out, offsite.db in the data folder."""
    key_file: Path | None = None
    """Left out, keys/offsite.key in the data folder."""
    school: str | None = None
    """URN of the school commands are meant for, where there are several."""
    by: str = "operator"
    """Who acts, where `--by` is left out."""
    demo: bool = False
    """A demonstration: never sends real mail."""
    ping: str | None = None
    """Address the watchdog calls when all is well, so that a dead machine is noticed elsewhere."""
    prefect_port: int = 4200
    pages: PagesSettings = Field(default_factory=PagesSettings)
    messages: MessageSettings = Field(default_factory=MessageSettings)

    @classmethod
    def read(cls, path: Path) -> "Settings":
        """Settings from a toml file and the environment, which wins. Raises pydantic's ValidationError."""

        class FromFile(cls):  # type: ignore[misc,valid-type]
            @classmethod
            def settings_customise_sources(
                cls,
                settings_cls: type[BaseSettings],
                init_settings: PydanticBaseSettingsSource,
                env_settings: PydanticBaseSettingsSource,
                dotenv_settings: PydanticBaseSettingsSource,
                file_secret_settings: PydanticBaseSettingsSource,
            ) -> tuple[PydanticBaseSettingsSource, ...]:
                return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, path)

        settings: Settings = FromFile()
        return settings
