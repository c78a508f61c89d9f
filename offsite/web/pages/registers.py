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
from offsite.access.viewer import viewer_for
from offsite.accounts import attempts, signed_links
from offsite.accounts.refusals import TryLater
from offsite.casework.command import Said, commands
from offsite.casework.refusals import Refused
from offsite.law.london import day_of
from offsite.messages.dispatch import send_critical_now
from offsite.views.alerts import AlertsAsked, open_alerts
from offsite.views.registers import RegisterAsked, RegisterRow, RegistersAsked, both_sides, own_pupils, own_register
from offsite.web.forms.day_asked import day_asked
from offsite.web.forms.pages import record
from offsite.web.pages.placements import LETTERS
from offsite.web.pages.school import provider_filter
from offsite.web.tables import Column, Filter, Table, params_of
from offsite.web.visit import Refuse, Visit, area, begin, posted

router = APIRouter()
TAPS = (("present", "Present"), ("late", "Late"), ("absent", "Absent"))
CODES = {"present": {"am": "/", "pm": "\\"}, "late": {"am": "L", "pm": "L"}, "absent": {"am": "N", "pm": "N"}}
"""What a tap enters. An absence is not yet explained (N), with the reason where one was given: the school settles it."""


COLUMNS: tuple[Column[RegisterRow], ...] = (
    Column("placement", "Pupil"),
    Column("pupil_name", "", sorts=False),
    Column("provider_name", "Provider"),
    Column("session", "Session", sorts=False),
    Column("session_at_home", "Home register", sorts=False),
    Column("mark", "Provider's register", sorts=False),
    Column("mismatch", "", sorts=False),
    Column("do", "Do", lambda row: "", sorts=False),
)
FILTERS = (
    Filter("away", "Away in one alone", (("provider", "Provider's register"), ("home", "Home register"))),
    Filter("differing", "Only where they differ"),
    Filter("one_sided", "Only where one alone is marked"),
)
TODAY: tuple[Column[RegisterRow], ...] = (
    Column("pupil_name", "Pupil"),
    Column("placement", "Reference"),
    Column("session", "Session", sorts=False),
    Column("mark", "Mark", sorts=False),
)
UNMARKED = (Filter("unmarked", "Only those still to be marked"),)


@router.get("/attendance")
@router.get("/attendance.csv")
def attendance(visit: Annotated[Visit, Depends(area("attendance"))], asked: Annotated[RegistersAsked, Query()]) -> Response:
    """Both registers of a day next to each other."""
    on = day_asked(visit, "Registers of")
    listed = both_sides(visit.session, visit.who, on.day, asked, visit.page_size)
    caption, params = "Both registers, mismatches first", params_of(asked) | on.params
    filters = (provider_filter(visit), *FILTERS)
    table = Table("/attendance", caption, COLUMNS, listed, params, filters, LETTERS, kept=on.params, of_what="placements")
    alerts = open_alerts(visit.session, visit.who, AlertsAsked())
    return visit.table_page("attendance.html", table, on=on, alerts=alerts)


@router.get("/provider")
@router.get("/provider.csv")
def provider(visit: Annotated[Visit, Depends(area("provider"))], asked: Annotated[RegisterAsked, Query()]) -> Response:
    """Today's pupils, to be marked; what is due."""
    if visit.who.provider_id is None:
        raise Refuse(403, "You are not entered as working at a provider", "Ask the school to name yours on the page of people.")
    return visit.table_page(
        "provider.html",
        _today(visit, asked, "/provider"),
        taps=TAPS,
        key=secrets.token_urlsafe(9),
        phone=_phone(visit),
        alerts=open_alerts(visit.session, visit.who, AlertsAsked()),
        placements=own_pupils(visit.session, visit.who),
        action="/provider/mark",
        link="",
    )


def _today(visit: Visit, asked: RegisterAsked, path: str, exported: str | None = "") -> Table[RegisterRow]:
    """The register of today at one of its addresses."""
    listed = own_register(visit.session, visit.who, asked, visit.page_size)
    params = params_of(asked)
    return Table(path, "Today's pupils", TODAY, listed, params, UNMARKED, LETTERS, exported=exported, of_what="pupils")


def _phone(visit: Visit) -> list[str]:
    """Whom to ring about a child: the safeguarding lead, then the deputy."""
    people = visit.who.school.people_on(visit.who.today)
    return [f"{p.name}: {p.phone}" for role in ("dsl", "deputy_dsl") for p, roles in people if role in roles and p.phone]


@router.post("/provider/mark", dependencies=[Depends(posted)])
def mark(visit: Annotated[Visit, Depends(area("provider"))], later: BackgroundTasks) -> Response:
    """One tap."""
    _mark(visit, later)
    return _back(visit, "/provider")


def _back(visit: Visit, path: str) -> Response:
    """To the page of the register that the tap was on."""
    back = visit.text("back")
    return visit.to(back if back.startswith(f"{path}?") else path)


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
    """A visit by a signed link: the one who handed it out, cut down to that provider's register of today."""
    token = str(visit.request.path_params["token"])
    with visit.edge.database.writing() as session:
        try:
            attempts.refuse_too_many(session, visit.at, network=f"link:{visit.network()}")
        except TryLater as refused:
            raise Refuse(429, "Too many attempts", str(refused)) from None
        found = signed_links.read(visit.edge.here.key_file, token, day_of(visit.at))
        if found is None:
            attempts.remember(session, visit.at, network=f"link:{visit.network()}", succeeded=False)
    person = None
    if found is not None:
        person = visit.session.execute(
            select(Person.id, Provider.id.label("provider_id"))
            .join(School, School.id == Person.school_id)
            .join(Provider, Provider.school_id == School.id)
            .where(School.urn == found.school, Person.ref == found.person, Provider.ref == found.provider)
        ).first()
    whole = viewer_for(visit.session, person.id, visit.at, coded=False) if person else None
    if whole is None or person is None:
        raise Refuse(404, "This link does not work any more", "It is good for one day. Ask the school for a new one.")

    visit.viewer = replace(whole, roles=("provider",), provider_id=person.provider_id, glass=frozenset())
    return visit


linked.area = "signed link"  # type: ignore[attr-defined]  # for the test that walks every route


@router.get("/register/{token}")
def register_page(visit: Annotated[Visit, Depends(linked)], token: str, asked: Annotated[RegisterAsked, Query()]) -> Response:
    """The register of a signed link."""
    path = f"/register/{token}"
    shown = {"taps": TAPS, "key": secrets.token_urlsafe(9), "phone": _phone(visit)}
    return visit.table_page("provider.html", _today(visit, asked, path, exported=None), **shown, action=path, link=token)


@router.post("/register/{token}", dependencies=[Depends(posted)])
def register_mark(visit: Annotated[Visit, Depends(linked)], token: str, later: BackgroundTasks) -> Response:
    """One tap in the register of a signed link."""
    _mark(visit, later)
    return _back(visit, f"/register/{token}")
