"""Providers: entering and changing them, the school's checks, changes they report."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from models.provider import Provider, ProviderChangeDecision, ProviderCheck, ProviderDetails, Site
from models.provider import ProviderChange as ProviderChangeRow
from models.school import ClosedDay
from offsite.case.safeguarding.checks import CONFIRMATION, ITEMS
from offsite.casework.command import Command, Ref, Words, handles
from offsite.casework.commands.fields import (
    CheckItem,
    CheckStatus,
    Day,
    Minutes,
    ProviderKind,
    Pupils,
    SessionTimes,
    times_stored,
)
from offsite.casework.refusals import NameTaken, Senseless, UnknownName
from offsite.casework.work import Work

ALL_VERIFIED = re.compile(r"^all_verified_until (\d{4}-\d{2}-\d{2})$")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SiteEntry(_Part):
    """An approved site."""

    id: Ref
    address: Words = "address not recorded"


class Contact(_Part):
    """Whom to reach at the provider."""

    name: Words | None = None
    email: str | None = None
    phone: str | None = None


class Declared(_Part):
    """What the provider declares: numbers of pupils."""

    full_time: Pupils = 0
    full_time_ehc_or_looked_after: Pupils = 0


class CheckEntry(_Part):
    """How an item stands."""

    status: Literal["not_requested", "requested", "received", "verified", "rejected", "expired"]
    valid_until: Day | None = None


def _checks(value: Any) -> Any:
    if isinstance(value, str):
        found = ALL_VERIFIED.match(value.strip())
        if not found:
            raise ValueError("write all_verified_until 2027-08-31, or {a: {status: verified, valid_until: ...}, ...}")
        return {item: {"status": "verified", "valid_until": found[1]} for item in ITEMS}
    return value


Checks = Annotated[dict[CheckItem, CheckEntry], BeforeValidator(_checks)]


class AddProvider(Command):
    """Enter a provider with its sites and how the school's checks stand."""

    id: Annotated[Ref, Field(description="short reference")]
    name_: Annotated[Words, Field(alias="name")]
    kind: ProviderKind
    urn: str | None = None
    ukprn: str | None = None
    setting_type: Literal["NFE", "OOT", "OTH", "WBP"] | None = None
    sites: tuple[SiteEntry, ...] = ()
    sessions: SessionTimes | None = None
    closed: Annotated[tuple[Day, ...], Field(description="days on which it does not work")] = ()
    cutoff_minutes: Annotated[Minutes | None, Field(description="minutes after a session starts")] = None
    contact: Contact | None = None
    declared: Declared | None = None
    checks: Checks = {}
    safeguarding_confirmation: CheckEntry | None = None


@handles(AddProvider)
def add_provider(command: AddProvider, work: Work) -> None:
    """Refused where the reference is in use."""
    provider = work.new(Provider(school_id=work.school_id, ref=command.id), "id")
    contact, declared = command.contact or Contact(), command.declared
    work.add(
        ProviderDetails(
            provider_id=provider.id,
            from_day=date.min,
            name=command.name_,
            kind=command.kind,
            urn=command.urn,
            ukprn=command.ukprn,
            setting_type=command.setting_type,
            sessions=times_stored(command.sessions),
            cutoff_minutes=command.cutoff_minutes,
            contact_name=contact.name,
            contact_email=contact.email,
            contact_phone=contact.phone,
            declared_full_time=declared.full_time if declared else None,
            declared_full_time_ehc_or_looked_after=declared.full_time_ehc_or_looked_after if declared else None,
        )
    )
    for site in command.sites:
        work.add(Site(provider_id=provider.id, ref=site.id, address=site.address))
    for day in command.closed:
        work.add(ClosedDay(provider_id=provider.id, day=day, sessions=["am", "pm"], reason="provider closed"))
    checks: dict[str, CheckEntry] = {str(item): entry for item, entry in command.checks.items()}
    if command.safeguarding_confirmation:
        checks[CONFIRMATION] = command.safeguarding_confirmation
    for item, entry in checks.items():
        work.add(ProviderCheck(provider_id=provider.id, item=item, status=entry.status, valid_until=entry.valid_until))


class ChangeProvider(Command):
    """Change what a provider is, from a day on; add a site."""

    provider: Annotated[Ref, Field(description="the provider's reference")]
    from_day: Annotated[Day | None, Field(alias="from")] = None
    name_: Annotated[Words | None, Field(alias="name")] = None
    kind: ProviderKind | None = None
    urn: str | None = None
    ukprn: str | None = None
    setting_type: Literal["NFE", "OOT", "OTH", "WBP"] | None = None
    sites: tuple[SiteEntry, ...] = ()
    sessions: SessionTimes | None = None
    closed: tuple[Day, ...] = ()
    cutoff_minutes: Minutes | None = None
    contact: Contact | None = None
    declared: Declared | None = None

    def edits(self) -> str:
        """The provider."""
        return f"provider {self.provider}"


@handles(ChangeProvider)
def change_provider(command: ChangeProvider, work: Work) -> None:
    """Refused for a day in the past: what was true earlier is not rewritten."""
    provider = work.provider(command.provider)
    from_day = command.from_day or work.day
    if from_day < work.day:
        raise Senseless("from", from_day.isoformat(), f"{work.day} or later")
    now = provider.details_on(from_day)
    contact, declared = command.contact, command.declared
    work.add(
        ProviderDetails(
            provider_id=provider.id,
            from_day=from_day,
            name=command.name_ or now.name,
            kind=command.kind or now.kind,
            urn=command.urn or now.urn,
            ukprn=command.ukprn or now.ukprn,
            setting_type=command.setting_type or now.setting_type,
            sessions=times_stored(command.sessions) or now.sessions,
            cutoff_minutes=command.cutoff_minutes or now.cutoff_minutes,
            contact_name=contact.name if contact else now.contact_name,
            contact_email=contact.email if contact else now.contact_email,
            contact_phone=contact.phone if contact else now.contact_phone,
            declared_full_time=declared.full_time if declared else now.declared_full_time,
            declared_full_time_ehc_or_looked_after=(
                declared.full_time_ehc_or_looked_after if declared else now.declared_full_time_ehc_or_looked_after
            ),
        )
    )
    for site in command.sites:
        work.add(Site(provider_id=provider.id, ref=site.id, address=site.address))
    for day in command.closed:
        work.add(ClosedDay(provider_id=provider.id, day=day, sessions=["am", "pm"], reason="provider closed"))


class RecordCheck(Command):
    """Record how an item of the school's checks stands (a-m of the source guidance, o, p)."""

    provider: Ref
    item: CheckItem
    status: CheckStatus
    valid_until: Day | None = None

    def edits(self) -> str:
        """The item."""
        return f"check {self.provider} {self.item}"


@handles(RecordCheck)
def record_check(command: RecordCheck, work: Work) -> None:
    """The newest standing of an item holds."""
    provider = work.provider(command.provider)
    work.add(ProviderCheck(provider_id=provider.id, item=command.item, status=command.status, valid_until=command.valid_until))


class ConfirmSafeguarding(Command):
    """Record the provider's written confirmation that safeguarding checks were made on everyone there (item n)."""

    provider: Ref
    status: CheckStatus
    valid_until: Day | None = None

    def edits(self) -> str:
        """The item."""
        return f"check {self.provider} {CONFIRMATION}"


@handles(ConfirmSafeguarding)
def confirm_safeguarding(command: ConfirmSafeguarding, work: Work) -> None:
    """The newest standing holds."""
    provider = work.provider(command.provider)
    work.add(ProviderCheck(provider_id=provider.id, item=CONFIRMATION, status=command.status, valid_until=command.valid_until))


class ProviderChange(Command):
    """Record that the provider told of a change that may put a child at risk."""

    change: Annotated[Ref, Field(description="a name for it")]
    provider: Ref
    kind: Literal["staff", "site", "arrangement"]


@handles(ProviderChange)
def provider_change(command: ProviderChange, work: Work) -> None:
    """Refused where the name is in use."""
    provider = work.provider(command.provider)
    if work.newest_named(ProviderChangeRow, command.change) is not None:
        raise NameTaken("change", command.change)
    work.add(ProviderChangeRow(provider_id=provider.id, name=command.change, kind=command.kind))


class AcceptChange(Command):
    """Record the safeguarding lead's decision on a change a provider told of."""

    change: Ref
    decision: Literal["accept", "reject"] = "accept"

    def edits(self) -> str:
        """The change."""
        return f"change {self.change}"


@handles(AcceptChange)
def accept_change(command: AcceptChange, work: Work) -> None:
    """Refused by anyone other than DSL or deputy."""
    found = work.newest_named(ProviderChangeRow, command.change)
    if found is None:
        raise UnknownName("change", command.change, work.names(ProviderChangeRow))
    work.require_role("decide on a provider's change", "dsl", "deputy_dsl")
    work.touch_provider(found.provider_id)
    work.add(ProviderChangeDecision(provider_id=found.provider_id, change=command.change, decision=command.decision))
