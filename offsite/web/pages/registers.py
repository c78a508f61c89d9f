"""Registers: the attendance lead's two sides, the provider's taps, and the signed link to one register of one day."""

import secrets
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Query
from fastapi.responses import Response
from pydantic import ValidationError
from sqlalchemy import select

from models.people import Person
from models.placement import Placement
from models.provider import Provider
from models.school import School
from offsite.access.areas import may_open
from offsite.access.viewer import Viewer, viewer_for
from offsite.accounts import attempts, directory, signed_links
from offsite.accounts.refusals import TryLater
from offsite.casework.command import Said, commands
from offsite.casework.refusals import Refused
from offsite.law.london import day_of
from offsite.messages.dispatch import send_critical_now
from offsite.views.alerts import AlertsAsked, open_alerts
from offsite.views.registers import RegisterRow, RegistersAsked, both_sides, own_pupils, provider_day
from offsite.web.forms.day_asked import day_asked
from offsite.web.forms.pages import record
from offsite.web.pages.placements import LETTERS
from offsite.web.tables import Column, Filter, Table, params_of
from offsite.web.visit import Refuse, Visit, area, begin, posted

router = APIRouter()
TAPS = (("present", "Present"), ("late", "Late"), ("absent", "Absent"))
CODES = {"present": {"am": "/", "pm": "\\"}, "late": {"am": "L", "pm": "L"}, "absent": {"am": "N", "pm": "N"}}
"""What a tap enters. An absence is not yet explained (N), with the reason where one was given: the school settles it."""


COLUMNS: tuple[Column[RegisterRow], ...] = (
    Column("placement", "Pupil"),
    Column("pupil_name", "", sorts=False),
    Column("session", "Session", sorts=False),
    Column("session_at_home", "Home", sorts=False),
    Column("mark", "Provider", sorts=False),
    Column("mismatch", "", sorts=False),
    Column("do", "Do", lambda row: "", sorts=False),
)
FILTERS = (Filter("differing", "Only where they differ"),)


@router.get("/attendance")
@router.get("/attendance.csv")
def attendance(visit: Annotated[Visit, Depends(area("attendance"))], asked: Annotated[RegistersAsked, Query()]) -> Response:
    """Both registers of a day next to each other."""
    on = day_asked(visit, "Registers of")
    listed = both_sides(visit.session, visit.who, on.day, asked, visit.page_size)
    caption, params = "Both registers, mismatches first", params_of(asked) | on.params
    table = Table("/attendance", caption, COLUMNS, listed, params, FILTERS, LETTERS, kept=on.params)
    alerts = open_alerts(visit.session, visit.who, AlertsAsked())
    return visit.table_page("attendance.html", table, on=on, alerts=alerts)


@router.get("/provider")
def provider(visit: Annotated[Visit, Depends(area("provider"))]) -> Response:
    """Today's pupils, to be marked; what is due."""
    if visit.who.provider_id is None:
        raise Refuse(403, "You are not entered as working at a provider", "Ask the school to name yours on the page of people.")
    return visit.page(
        "provider.html",
        rows=provider_day(visit.session, visit.who, visit.who.provider_id, visit.who.today),
        taps=TAPS,
        key=secrets.token_urlsafe(9),
        phone=_phone(visit),
        alerts=open_alerts(visit.session, visit.who, AlertsAsked()).rows,
        placements=own_pupils(visit.session, visit.who),
        action="/provider/mark",
        link="",
    )


def _phone(visit: Visit) -> list[str]:
    """Whom to ring about a child: the safeguarding lead, then the deputy."""
    people = visit.who.school.people_on(visit.who.today)
    return [f"{p.name}: {p.phone}" for role in ("dsl", "deputy_dsl") for p, roles in people if role in roles and p.phone]


@router.post("/provider/mark", dependencies=[Depends(posted)])
def mark(visit: Annotated[Visit, Depends(area("provider"))], later: BackgroundTasks) -> Response:
    """One tap."""
    _mark(visit, later)
    return visit.to("/provider")


def _mark(visit: Visit, later: BackgroundTasks) -> None:
    """Enter, or amend, one mark of today in the viewer's own provider's register. Raises Refuse."""
    tap, name = visit.text("tap"), visit.text("session")
    if tap not in CODES or name not in ("am", "pm"):
        raise Refuse(422, "Choose present, late or absent")
    found = visit.session.scalars(
        select(Placement).where(
            Placement.school_id == visit.who.school_id,
            Placement.ref == visit.text("placement"),
            Placement.provider_id == visit.who.provider_id,
        )
    ).first()
    if found is None:
        raise Refuse(404, "That pupil is not in this register")
    code, reason, marked = CODES[tap][name], visit.text("reason"), visit.text("marked")
    fields: dict[str, Any] = {
        "placement": found.ref,
        "session": name,
        "register": "provider",
        "code": code,
        "day": visit.who.today,
    }
    if marked:
        fields["reason"] = reason or "marked wrongly"
    elif reason:
        fields["reason"] = reason
    try:
        command = commands()["amend_mark" if marked else "mark"].model_validate(fields)
        record(visit, Said(command, visit.at, visit.who.ref, None, f"tap-{visit.text('key')}-{found.ref}-{name}-{tap}"))
    except (Refused, ValidationError) as refused:
        raise Refuse(422, "The mark was not entered", str(refused) if isinstance(refused, Refused) else "") from None
    later.add_task(send_critical_now, visit.edge.database, visit.edge.here.channels, visit.at)


@router.get("/providers/{ref}/link")
def link(visit: Annotated[Visit, Depends(area("attendance"))], ref: str) -> Response:
    """A link to a provider's register of today, to hand to whoever is there."""
    known = select(Provider.id).where(Provider.school_id == visit.who.school_id, Provider.ref == ref)
    if visit.session.scalar(known) is None:
        raise Refuse(404, "That provider is not on record")
    made = signed_links.RegisterLink(visit.who.school.urn, ref, visit.who.today, visit.who.ref)
    base = visit.edge.here.settings.messages.base_url.rstrip("/")
    return visit.page("link.html", url=f"{base}/register/{signed_links.sign(visit.edge.here.key_file, made)}", ref=ref)


def linked(visit: Visit = Depends(begin, scope="function")) -> Visit:  # noqa: B008  (FastAPI's way of asking)
    """A visit by a signed link: the one who handed it out, cut down to that provider's register of today.

    A link lasts no longer than what it was made from: the day, that person's access, a role that opens the registers. Who
    holds it is nobody known, even in a browser in which somebody is signed in.
    """
    found = signed_links.read(visit.edge.here.key_file, str(visit.request.path_params["token"]))
    if found is None:
        _count_forged(visit)
    viewer = _as_handed_out(visit, found) if found is not None and found.day == day_of(visit.at) else None
    if viewer is None:
        raise Refuse(404, "This link does not work any more", "It is good for one day. Ask the school for a new one.")
    visit.viewer, visit.account, visit.signed_in = viewer, None, None
    return visit


def _count_forged(visit: Visit) -> None:
    """Count a token that we never signed. One that we signed is taken from anywhere: nobody can guess one."""
    network = f"link:{visit.network()}"
    with visit.edge.database.writing() as session:
        try:
            attempts.refuse_too_many(session, visit.at, network=network)
        except TryLater as refused:
            raise Refuse(429, "Too many attempts", str(refused)) from None
        attempts.remember(session, visit.at, network=network, succeeded=False)


def _as_handed_out(visit: Visit, link: signed_links.RegisterLink) -> Viewer | None:
    """Whoever handed a link out, cut down to what it opens; None where they could not hand it out now."""
    person = visit.session.execute(
        select(Person.id, Provider.id.label("provider_id"))
        .join(School, School.id == Person.school_id)
        .join(Provider, Provider.school_id == School.id)
        .where(School.urn == link.school, Person.ref == link.person, Provider.ref == link.provider)
    ).first()
    whole = viewer_for(visit.session, person.id, visit.at, coded=False) if person else None
    if whole is None or person is None:
        return None
    if not may_open(whole.roles, "attendance") or not directory.acts(visit.session, person.id):
        return None
    return replace(whole, roles=("provider",), provider_id=person.provider_id, glass=frozenset())


linked.area = "signed link"  # type: ignore[attr-defined]  # for the test that walks every route


@router.get("/register/{token}")
def register_page(visit: Annotated[Visit, Depends(linked)], token: str) -> Response:
    """The register of a signed link."""
    assert visit.who.provider_id is not None
    rows = provider_day(visit.session, visit.who, visit.who.provider_id, visit.who.today)
    shown = {
        "rows": rows,
        "taps": TAPS,
        "key": secrets.token_urlsafe(9),
        "phone": _phone(visit),
        "alerts": [],
        "placements": [],
    }
    return visit.page("provider.html", **shown, action=f"/register/{token}", link=token, error="")


@router.post("/register/{token}", dependencies=[Depends(posted)])
def register_mark(visit: Annotated[Visit, Depends(linked)], token: str, later: BackgroundTasks) -> Response:
    """One tap in the register of a signed link."""
    _mark(visit, later)
    return visit.to(f"/register/{token}")
