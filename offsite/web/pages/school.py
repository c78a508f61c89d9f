"""The school's own pages: providers with their checks, settings, health, rules and law, one's account."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import ValidationError
from sqlalchemy import select

from models.account import Account
from models.provider import Provider
from models.school import School
from offsite.access.sight import ROLE_SIGHT, Checks
from offsite.accounts import directory, sessions
from offsite.accounts.refusals import NotAccepted
from offsite.case.loading import load_providers
from offsite.case.settings import setting
from offsite.casework.command import Said, commands
from offsite.casework.keeping.doctor import examine
from offsite.casework.refusals import Refused
from offsite.law.parameters import SETTINGS
from offsite.web.forms.pages import record
from offsite.web.visit import Refuse, Visit, area, posted
from rules.book import BOOK, FAMILIES
from rules.duties import law_on

router = APIRouter()
Posted = Depends(posted)


@router.get("/providers")
def providers(visit: Annotated[Visit, Depends(area("providers"))]) -> Response:
    """Every provider with the state of its checks."""
    ids = visit.session.scalars(select(Provider.id).where(Provider.school_id == visit.who.school_id)).all()
    files = load_providers(visit.session, visit.who.school, ids)
    return visit.page("providers.html", files=[files[i] for i in ids], today=visit.who.today, checks=_checks(visit))


@router.get("/providers/{ref}")
def one_provider(visit: Annotated[Visit, Depends(area("providers"))], ref: str) -> Response:
    """One provider: where, when, its checks with their expiry."""
    wanted = select(Provider.id).where(Provider.school_id == visit.who.school_id, Provider.ref == ref)
    found = visit.session.scalar(wanted)
    if found is None:
        raise Refuse(404, "That provider is not on record")
    file = load_providers(visit.session, visit.who.school, [found])[found]
    return visit.page("provider_page.html", file=file, d=file.details_on(visit.who.today), checks=_checks(visit))


def _checks(visit: Visit) -> Checks:
    return max(ROLE_SIGHT[role].sight.checks for role in visit.who.roles if role in ROLE_SIGHT)


@router.get("/settings")
def settings(visit: Annotated[Visit, Depends(area("settings"))]) -> Response:
    """What the school may choose, and what it chose."""
    return _settings(visit, {})


@router.post("/settings", dependencies=[Posted])
def change_settings(visit: Annotated[Visit, Depends(area("settings"))]) -> Response:
    """Change one setting, with a reason. One that would loosen the law is refused with its citation."""
    name, value = visit.text("name"), visit.text("value")
    fields = {"settings": {name: int(value) if value.isdigit() else value}, "reason": visit.text("reason") or None}
    try:
        if not visit.text("reason"):
            raise Refused("reason: say why it is changed", field="reason")
        command = commands()["change_settings"].model_validate(fields)
        record(visit, Said(command, visit.at, visit.who.ref, None, visit.text("key") or None))
    except Refused as refused:
        return _settings(visit, {refused.field if refused.field in ("value", "reason") else "value": str(refused)})
    except ValidationError as error:
        return _settings(visit, {"value": error.errors()[0]["msg"].removeprefix("Value error, ")})
    return visit.to("/settings")


def _settings(visit: Visit, errors: dict[str, str]) -> Response:
    today, school = visit.who.today, visit.who.school
    chosen = school.settings_on(today)
    rows = [(known, setting(school, name, today), name in chosen) for name, known in SETTINGS.items()]
    shown = {"rows": rows, "errors": errors, "typed": visit.typed}
    return visit.page("settings.html", 422 if errors else 200, **shown)


@router.get("/health")
def health(visit: Annotated[Visit, Depends(area("health"))]) -> Response:
    """What `offsite doctor` says of this school and of the machine."""
    others = set(visit.session.scalars(select(School.urn))) - {visit.who.school.urn}
    signs = [sign for sign in examine(visit.edge.here, visit.at) if not any(sign.what.startswith(f"{u}:") for u in others)]
    return visit.page("health.html", signs=signs)


@router.get("/rules")
def rules(visit: Annotated[Visit, Depends(area("law"))], on: date | None = None) -> Response:
    """The rule book, and the duties of a day."""
    day = on or visit.who.today
    kind = visit.who.school.details_on(visit.who.today).kind
    return visit.page("rules.html", families=FAMILIES, book=BOOK, day=day, law=law_on(day, kind), kind=kind)


@router.get("/rules/{name}")
def one_rule(visit: Annotated[Visit, Depends(area("law"))], name: str) -> Response:
    """One rule: what it says, by what right, whom it tells, what clears it."""
    if name not in BOOK:
        raise Refuse(404, "There is no such rule")
    return visit.page("rule.html", rule=BOOK[name])


@router.get("/account")
def account(visit: Annotated[Visit, Depends(area("account"))]) -> Response:
    """One's own account."""
    return visit.page("account.html", refused=None, email=visit.account.email if visit.account else "")


@router.post("/account/password", dependencies=[Posted])
def password(visit: Annotated[Visit, Depends(area("account"))]) -> Response:
    """Change one's password; every other session ends."""
    assert visit.account is not None and visit.token is not None
    try:
        with visit.edge.database.writing() as session:
            found = session.get_one(Account, visit.account.id)
            old, new = str(visit.typed.get("old", "")), str(visit.typed.get("password", ""))
            directory.change_password(session, found, old, new, visit.at, visit.token)
    except NotAccepted as refused:
        return visit.page("account.html", 422, refused=refused, email=visit.account.email)
    return visit.to("/account")


@router.post("/account/end-sessions", dependencies=[Posted])
def end_sessions(visit: Annotated[Visit, Depends(area("account"))]) -> Response:
    """End every other session of one's account."""
    assert visit.account is not None
    with visit.edge.database.writing() as session:
        sessions.end_all(session, visit.account.id, visit.at, but=visit.token)
    return visit.to("/account")
