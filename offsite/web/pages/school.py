"""The school's own pages: people and roles, providers with their checks, settings, health, rules and law."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.people import Cover, Person
from models.provider import Provider
from models.school import School
from offsite.access.sight import ROLE_SIGHT, Checks
from offsite.case.loading import load_providers
from offsite.case.settings import setting
from offsite.casework.command import Said, commands
from offsite.casework.keeping.doctor import examine
from offsite.casework.refusals import Refused
from offsite.law.parameters import SETTINGS
from offsite.messages.addressing import Addressee
from offsite.messages.outbox import put, stable_id
from offsite.messages.wording import Wording
from offsite.web.forms.pages import record
from offsite.web.visit import Refuse, Visit, area, posted
from rules.book import BOOK, FAMILIES
from rules.duties import law_on

router = APIRouter()
Posted = Depends(posted)


@router.get("/people")
def people(visit: Annotated[Visit, Depends(area("people"))]) -> Response:
    """Who holds which role, how they are reached, who covers whom."""
    school, today = visit.who.school, visit.who.today
    refs = school.person_refs
    shown = [(refs[p.person_id], p, roles) for p, roles in school.people_on(today)]
    covers = [(refs[c.person_id], c) for c in school.rows.of(Cover) if c.last >= today]
    return visit.page("people.html", people=shown, covers=covers, link=visit.request.query_params.get("done", ""))


@router.post("/people/{ref}/test", dependencies=[Posted])
def test_message(visit: Annotated[Visit, Depends(area("people"))], ref: str) -> Response:
    """A message that says it is a test, to see whether a person is reached."""
    with visit.edge.database.writing() as session:
        person = person_here(visit, session, ref)
        held = next(((p, roles) for p, roles in visit.who.school.people_on(visit.who.today) if p.person_id == person.id), None)
        if held is None or not held[0].email:
            raise Refuse(422, "No message could be sent", f"{ref} has no e-mail address on record.")
        words = Wording("Offsite: a test", "This is a test. Nothing is wrong. You would be told of alerts in this way.\n")
        to = Addressee(held[1][0], person.id, held[0].email)
        put(session, visit.who.school_id, stable_id("test", ref, visit.at.isoformat()), "test", "low", to, [], words, visit.at)
    return visit.to(f"/people?done={ref}")


def person_here(visit: Visit, session: Session, ref: str) -> Person:
    """A person of the viewer's own school. Raises Refuse for any other."""
    found = session.scalars(select(Person).where(Person.school_id == visit.who.school_id, Person.ref == ref)).first()
    if found is None:
        raise Refuse(404, "That person is not on record")
    return found


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
