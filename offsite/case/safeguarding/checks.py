"""The school's checks of a provider: items a-m of the source guidance, item n the written confirmation."""

from datetime import date

from offsite.case.case import ProviderFile

ITEMS = "abcdefghijklm"
CONFIRMATION = "n"


def never_verified(provider: ProviderFile) -> list[str]:
    """The items a-m that have never been verified."""
    return [item for item in ITEMS if not provider.ever_verified(item)]


def not_in_order(provider: ProviderFile, day: date) -> list[str]:
    """The items a-m that are not verified, or have expired, on a day."""
    return [item for item in ITEMS if not provider.verified(item, day)]


def confirmed(provider: ProviderFile, day: date) -> bool:
    """Whether a verified and unexpired written confirmation (item n) is on record."""
    return provider.verified(CONFIRMATION, day)
