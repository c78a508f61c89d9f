"""Registers: the attendance lead's two sides, the provider's taps, and the signed link to one register of one day."""

import secrets
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter, BackgroundTasks, Depends, Query
from fastapi.responses import Response
from pydantic import ValidationError
from sqlalchemy import select

from models import chronology
from models.people import Person
from models.placement import Placement
from models.provider import Provider
from models.school import School
from offsite.access.areas import may_open
from offsite.access.viewer import Viewer, viewer_for
from offsite.accounts import attempts, directory, signed_links
from offsite.accounts.refusals import TryLater
from offsite.casework.command import Said, commands
from offsite.casework.refusals import Conflict, MarkedAlready, Refused
from offsite.law.codes import codes_on
from offsite.law.london import day_of
from offsite.messages.dispatch import send_critical_now
from offsite.views.safeguarding.alerts import AlertsAsked, open_alerts
from offsite.views.school.registers import RegisterAsked, RegisterRow, RegistersAsked, both_sides, own_pupils, own_register
from offsite.web.forms.day_asked import day_asked
from offsite.web.forms.pages import record
from offsite.web.numbers import number_in
from offsite.web.pages.placements import LETTERS
from offsite.web.pages.school import provider_filter
from offsite.web.refusals import sentence
from offsite.web.tables import Column, Filter, Table, params_of
from offsite.web.visit import Refuse, Visit, area, begin, posted

router = APIRouter()
TAPS = (("present", "Present"), ("late", "Late"), ("absent", "Absent"))
CODES = {"present": {"am": "/", "pm": "\\"}, "late": {"am": "L", "pm": "L"}, "absent": {"am": "N", "pm": "N"}}
"""What a tap enters. An absence is not yet explained (N), with the reason where one was given: the school settles it."""
REASONS = ("I", "M", "Y1", "E")
"""The codes whose meaning may go with the tap, as the reason of an absence (domain.md, 6): those a provider hears of first."""


COLUMNS: tuple[Column[RegisterRow], ...] = (
    Column("placement", "Pupil"),
    Column("pupil_name", "", sorts=False),
    Column("provider_name", "Provider"),
    Column("session", "Session", sorts=False),
    Column("session_at_home", "Home register", sorts=False),
    Column("mark", "Provider's register", sorts=False),
    Column("mismatch", "", sorts=False),
    Column("reason", "", sorts=False),
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
    listed = both_sides(visit.session, visit.who, on.day, asked, visit.page_size, visit.texts)
    caption, params = "Both registers, mismatches first", params_of(asked) | on.params
    filters = (provider_filter(visit), *FILTERS)
    table = Table("/attendance", caption, COLUMNS, listed, params, filters, LETTERS, kept=on.params, of_what="placements")
    alerts = open_alerts(visit.session, visit.who, AlertsAsked())
    return visit.table_page("attendance.html", table, on=on, alerts=alerts)


@router.get("/provider")
@router.get("/provider.csv")
def provider(visit: Annotated[Visit, Depends(area("provider"))], asked: Annotated[RegisterAsked, Query()]) -> Response:
    """Today's pupils, to be marked; what is due."""
    return _own_register(visit, asked)


def _own_register(visit: Visit, asked: RegisterAsked, stopped: "Stopped | None" = None) -> Response:
    if visit.who.provider_id is None:
        raise Refuse(403, "You are not entered as working at a provider", "Ask the school to name yours on the page of people.")
    alerts, placements = open_alerts(visit.session, visit.who, AlertsAsked()), own_pupils(visit.session, visit.who)
    shown = {"alerts": alerts, "placements": placements, "action": "/provider/mark", "link": ""}
    return _register(visit, _today(visit, asked, "/provider"), stopped, **shown)


def _register(visit: Visit, table: Table[RegisterRow], stopped: "Stopped | None", **shown: Any) -> Response:
    """A provider's register of today; of a tap that was not entered, with why, and what was typed beside it."""
    shown |= dict(
        taps=TAPS,
        reasons=[(code, _meaning(code, visit.who.today)) for code in REASONS],
        key=secrets.token_urlsafe(9),
        seen=chronology.head(visit.session, visit.who.school_id)[0],
        phone=_phone(visit),
        errors={stopped.field: stopped.why} if stopped else {},
        typed={stopped.field: visit.text("reason")} if stopped else {},
    )
    if stopped:
        return visit.page("provider.html", stopped.status, table=table, **shown)
    return visit.table_page("provider.html", table, **shown)


def _today(visit: Visit, asked: RegisterAsked, path: str, exported: str | None = "") -> Table[RegisterRow]:
    """The register of today at one of its addresses."""
    listed = own_register(visit.session, visit.who, asked, visit.page_size)
    params = params_of(asked)
    return Table(path, "Today's pupils", TODAY, listed, params, UNMARKED, LETTERS, exported=exported, of_what="pupils")


def _phone(visit: Visit) -> list[tuple[str, str]]:
    """Whom to ring about a child, by name and number: the safeguarding lead, then the deputy."""
    people = visit.who.school.people_on(visit.who.today)
    return [(p.name, p.phone) for role in ("dsl", "deputy_dsl") for p, roles in people if role in roles and p.phone]


@router.post("/provider/mark", dependencies=[Depends(posted)])
def mark(visit: Annotated[Visit, Depends(area("provider"))], later: BackgroundTasks) -> Response:
    """One tap."""
    stopped = _mark(visit, later)
    return _own_register(visit, _asked_back(visit), stopped) if stopped else _back(visit, "/provider")


def _back(visit: Visit, path: str) -> Response:
    """To the page of the register that the tap was on."""
    back = visit.text("back")
    return visit.to(back if back.startswith(f"{path}?") else path)


def _asked_back(visit: Visit) -> RegisterAsked:
    """How the page was asked for that the tap was on; instead of all still to be marked, the one whom the tap was about: they
    may be marked by now."""
    try:
        asked = RegisterAsked.model_validate(dict(parse_qsl(urlsplit(visit.text("back")).query)))
    except ValidationError:
        return RegisterAsked()
    return RegisterAsked(q=visit.text("placement")) if asked.unmarked else asked


class Stopped(NamedTuple):
    """A tap that was not entered."""

    status: int
    field: str
    """Of the register's page: the reason of that pupil and session."""
    why: str


def _mark(visit: Visit, later: BackgroundTasks) -> Stopped | None:
    """Enter, or amend, one mark of today in the viewer's own provider's register. Raises Refuse for what no page sends."""
    (tap, _, of), name = visit.text("tap").partition("-"), visit.text("session")
    if tap not in CODES or name not in ("am", "pm") or (of and of not in REASONS):
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
    marked, seen = visit.text("marked"), visit.text("seen")
    reason = _reason(of, visit.text("reason"), visit.who.today) or ("marked wrongly" if marked else "")
    fields: dict[str, Any] = {
        "placement": found.ref,
        "session": name,
        "register": "provider",
        "code": CODES[tap][name],
        "day": visit.who.today,
    } | ({"reason": reason} if reason else {})
    key, field = f"tap-{visit.text('key')}-{found.ref}-{name}-{tap}{of}", f"reason-{found.ref}-{name}"
    try:
        command = commands()["amend_mark" if marked else "mark"].model_validate(fields)
        record(visit, Said(command, visit.at, visit.who.ref, None, key, number_in(seen)))
    except (MarkedAlready, Conflict):
        return Stopped(409, field, OVERTAKEN)
    except Refused as refused:
        return Stopped(422, field, f"The mark was not entered: {sentence(refused, 'mark')}")
    except ValidationError:
        return Stopped(422, field, "The mark was not entered: say the reason in fewer words")
    later.add_task(send_critical_now, visit.edge.database, visit.edge.here.channels, visit.at)
    return None


OVERTAKEN = "This session was marked after you opened the page. See how it is marked now, and tap again if that is wrong"


def _reason(code: str, typed: str, day: date) -> str:
    """Why somebody is absent: the meaning of a code that went with the tap, and what was typed."""
    meant = f"{_meaning(code, day)} ({code})" if code else ""
    return ": ".join(part for part in (meant, typed) if part)


def _meaning(code: str, day: date) -> str:
    """What a code means, as short as a button asks for."""
    return codes_on(day)[code].meaning.removeprefix("unable to attend: ")


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
def register_page(visit: Annotated[Visit, Depends(linked)], token: str, asked: Annotated[RegisterAsked, Query()]) -> Response:
    """The register of a signed link."""
    return _linked_register(visit, token, asked)


def _linked_register(visit: Visit, token: str, asked: RegisterAsked, stopped: Stopped | None = None) -> Response:
    path = f"/register/{token}"
    return _register(visit, _today(visit, asked, path, exported=None), stopped, action=path, link=token)


@router.post("/register/{token}", dependencies=[Depends(posted)])
def register_mark(visit: Annotated[Visit, Depends(linked)], token: str, later: BackgroundTasks) -> Response:
    """One tap in the register of a signed link."""
    stopped = _mark(visit, later)
    return _linked_register(visit, token, _asked_back(visit), stopped) if stopped else _back(visit, f"/register/{token}")
