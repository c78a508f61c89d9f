"""The school: who the token acts for, people, providers with their checks, settings, health."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from offsite.views.school import people
from offsite.views.school.health import SignView, signs
from offsite.views.school.providers import ProviderChecked, ProviderView, provider_view, providers_checked
from offsite.views.school.settings import SettingView, settings_of
from offsite.web.api.caller import Caller, area
from offsite.web.api.room import Ref, room
from offsite.web.visit import Refuse

router = room("school")
Checking = Annotated[Caller, area("providers")]


class Me(BaseModel):
    """Whom the token acts for."""

    person: str
    name: str
    school: str
    """Its unique reference number."""
    roles: list[str]
    """Held or covered today."""


class WayView(BaseModel):
    """One channel to one person."""

    channel: str
    address: str | None
    reached: bool
    """Whether there is a way by it, and the last message by it did not fail."""
    why: str
    """Why not; empty where they are reached."""


class PersonView(BaseModel):
    """Somebody with a role today, and how they are reached."""

    person: str
    name: str
    roles: list[str]
    """Held or covered."""
    ways: list[WayView]


@router.get("/me")
def me(caller: Annotated[Caller, area("account")]) -> Me:
    """Whom the token acts for, and in which roles."""
    who = caller.viewer
    return Me(person=who.ref, name=who.name, school=who.school.urn, roles=list(who.roles))


@router.get("/people")
def list_people(caller: Annotated[Caller, area("people")]) -> list[PersonView]:
    """Everybody with a role today, and how they are reached."""
    return [
        PersonView(person=one.ref, name=one.details.name, roles=list(one.roles), ways=[_way(way) for way in one.ways])
        for one in people.people(caller.session, caller.viewer, caller.edge.here.channels)
    ]


def _way(way: people.WayShown) -> WayView:
    why = way.lacking or (f"the last message by it failed: {way.failed.error or way.failed.outcome}" if way.failed else "")
    return WayView(channel=way.channel, address=way.address, reached=not why, why=why)


@router.get("/providers")
def list_providers(caller: Checking) -> list[ProviderChecked]:
    """Every provider with the state of its checks, by name."""
    return providers_checked(caller.session, caller.viewer)


@router.get("/providers/{ref}")
def one_provider(caller: Checking, ref: Ref) -> ProviderView:
    """One provider: where, whom to reach, its checks with their expiry."""
    found = provider_view(caller.session, caller.viewer, ref)
    if found is None:
        raise Refuse(404, "That provider is not on record")
    return found


@router.get("/settings")
def list_settings(caller: Annotated[Caller, area("settings")]) -> list[SettingView]:
    """What the school may choose, and what it chose."""
    return settings_of(caller.viewer)


@router.get("/health")
def list_signs(caller: Annotated[Caller, area("health")], only: Annotated[str, Query(max_length=10)] = "") -> list[SignView]:
    """What `offsite doctor` says of the school and of the machine; `only`: signs of this state (ok, warning, wrong)."""
    return [sign for sign in signs(caller.session, caller.viewer, caller.edge.here) if only in ("", sign.state)]
