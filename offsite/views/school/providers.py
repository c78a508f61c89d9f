"""Providers as the school checks them: what is in order, what is not, what expires next."""

from datetime import date, datetime
from typing import NamedTuple

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session

from models.chronology import Correction
from models.provider import Provider, ProviderChange, ProviderChangeDecision, ProviderDetails
from models.standing import Standing
from offsite.access.providers import checks_seen_by, known_to
from offsite.access.sight import shows_names
from offsite.access.viewer import Viewer
from offsite.case.case import ProviderFile
from offsite.case.loading import load_providers
from offsite.case.safeguarding.checks import CONFIRMATION, confirmed, not_in_order


class ProviderChecked(BaseModel):
    """One provider. The last two are None for those who do not see its checks."""

    id: int = Field(exclude=True)
    ref: str
    name: str
    kind: str
    contact: str | None
    phone: str | None
    live: int
    """Live placements there, of those that one sees."""
    missing: list[str] | None
    """Items that are not verified, or have expired."""
    expires: date | None
    """The day the next verified item expires."""


def providers_checked(session: Session, viewer: Viewer) -> list[ProviderChecked]:
    """The providers the viewer may know of, by name. A school has dozens, so all are looked at."""
    checked = dict(session.execute(select(Provider.id, checks_seen_by(viewer)).where(known_to(viewer))).tuples().all())
    live = dict(
        session.execute(
            select(Standing.provider_id, func.count())
            .where(viewer.seeing(shows_names).in_reach(), Standing.live.is_(True))
            .group_by(Standing.provider_id)
        )
        .tuples()
        .all()
    )
    found = []
    for id_, file in load_providers(session, viewer.school, list(checked)).items() if checked else ():
        details = file.details_on(viewer.today)
        row = ProviderChecked(
            id=id_,
            ref=file.ref,
            name=details.name,
            kind=details.kind,
            contact=details.contact_name,
            phone=details.contact_phone,
            live=live.get(id_, 0),
            missing=None,
            expires=None,
        )
        if checked[id_]:
            unconfirmed = [] if confirmed(file, viewer.today) else [CONFIRMATION]
            row.missing = [*not_in_order(file, viewer.today), *unconfirmed]
            days = [c.valid_until for c in file.standing_checks.values() if c.status == "verified" and c.valid_until]
            row.expires = min((day for day in days if day >= viewer.today), default=None)
        found.append(row)
    return sorted(found, key=lambda row: row.name.casefold())


class Named(NamedTuple):
    """A provider by name."""

    id: int
    ref: str
    name: str


def providers_named(session: Session, viewer: Viewer) -> list[Named]:
    """The providers the viewer may know of by the name each has today, in one query: to choose one, or to sort by."""
    corrected = select(Correction.corrected_event_id).where(Correction.school_id == viewer.school_id)
    entered = session.execute(
        select(Provider.id, Provider.ref, ProviderDetails.name, ProviderDetails.from_day)
        .join(ProviderDetails, ProviderDetails.provider_id == Provider.id)
        .where(known_to(viewer), ProviderDetails.event_id.not_in(corrected))
        .order_by(ProviderDetails.happened_at, ProviderDetails.id)
    )
    found: dict[int, Named] = {}
    for id_, ref, name, from_day in entered.tuples():
        if id_ not in found or from_day <= viewer.today:
            found[id_] = Named(id_, ref, name)
    return sorted(found.values(), key=lambda named: named.name.casefold())


def by_provider_name(session: Session, viewer: Viewer) -> ColumnElement[int]:
    """Sorts standings by the name of their provider."""
    rank = {named.id: number for number, named in enumerate(providers_named(session, viewer))}
    return sql_case(rank, value=Standing.provider_id, else_=len(rank)) if rank else literal(0)


def at_provider(viewer: Viewer, ref: str) -> ColumnElement[bool]:
    """Standings at one provider of the viewer's school."""
    of_ref = select(Provider.id).where(Provider.school_id == viewer.school_id, Provider.ref == ref)
    return Standing.provider_id.in_(of_ref)


class CheckView(BaseModel):
    """How one item of the checks stands."""

    item: str
    status: str
    valid_until: date | None
    expired: bool


class ChangeView(BaseModel):
    """A change the provider told of, and what was decided on it."""

    change: str
    kind: str
    told: datetime
    decision: str | None


class ProviderView(BaseModel):
    """One provider: where it is, whom to reach there, how its checks stand."""

    ref: str
    name: str
    kind: str
    urn: str | None
    ukprn: str | None
    contact: str | None
    phone: str | None
    email: str | None
    sites: dict[str, str]
    """Address by reference."""
    checks: list[CheckView] | None
    """Items that were answered; None for those who do not see its checks."""
    changes: list[ChangeView] | None
    """Changes it told of, the newest first; None for those who do not see its checks."""


def provider_view(session: Session, viewer: Viewer, ref: str) -> ProviderView | None:
    """A provider the viewer may know of; None where it is not on record, or not theirs."""
    wanted = select(Provider.id, checks_seen_by(viewer).label("checked")).where(known_to(viewer), Provider.ref == ref)
    found = session.execute(wanted).first()
    if found is None:
        return None
    file = load_providers(session, viewer.school, [found.id])[found.id]
    details = file.details_on(viewer.today)
    return ProviderView(
        ref=ref,
        name=details.name,
        kind=details.kind,
        urn=details.urn,
        ukprn=details.ukprn,
        contact=details.contact_name,
        phone=details.contact_phone,
        email=details.contact_email,
        sites={site.ref: site.address for site in file.sites.values()},
        checks=_checks(file, viewer.today) if found.checked else None,
        changes=_changes(file) if found.checked else None,
    )


def _changes(file: ProviderFile) -> list[ChangeView]:
    decided = {row.change: row.decision for row in file.rows.of(ProviderChangeDecision)}
    told = reversed(file.rows.of(ProviderChange))
    return [ChangeView(change=r.name, kind=r.kind, told=r.happened_at, decision=decided.get(r.name)) for r in told]


def _checks(file: ProviderFile, today: date) -> list[CheckView]:
    return [
        CheckView(
            item=item,
            status=check.status,
            valid_until=check.valid_until,
            expired=check.valid_until is not None and check.valid_until < today,
        )
        for item, check in sorted(file.standing_checks.items())
    ]


def own_provider(session: Session, viewer: Viewer) -> str | None:
    """The reference of the provider somebody works at; None for staff of the school."""
    return session.scalar(select(Provider.ref).where(Provider.id == viewer.provider_id)) if viewer.provider_id else None


def name_of(session: Session, viewer: Viewer, ref: str) -> str | None:
    """A provider's name today; None where it is not on record at the viewer's school, or another than their own."""
    found = session.scalar(select(Provider.id).where(Provider.school_id == viewer.school_id, Provider.ref == ref))
    if found is None or (viewer.provider_id is not None and viewer.roles == ("provider",) and found != viewer.provider_id):
        return None
    return load_providers(session, viewer.school, [found])[found].details_on(viewer.today).name
