"""The school's own pages: providers with their checks, settings, health, rules and law."""

import re
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import ValidationError

from models import chronology
from offsite.casework.command import Said, commands
from offsite.casework.refusals import Conflict, Refused
from offsite.views.listed import Asked
from offsite.views.school.health import signs
from offsite.views.school.law import RuleView, law_view, rule_view, rules_of_the_book
from offsite.views.school.providers import ProviderChecked, provider_view, providers_checked, providers_named
from offsite.views.school.settings import SettingView, settings_changed, settings_of
from offsite.web.forms.controls import Control
from offsite.web.forms.day_asked import day_asked
from offsite.web.forms.pages import record
from offsite.web.numbers import number_in
from offsite.web.refusals import sentence, told
from offsite.web.tables import Column, Filter, Table, cut_here, params_of
from offsite.web.visit import Refuse, Visit, area, posted
from offsite.web.wording import CHECK_ITEMS, word_for
from rules.rule import Severity

router = APIRouter()
PROVIDERS: tuple[Column[ProviderChecked], ...] = (
    Column("name", "Provider"),
    Column("kind", "Kind", lambda row: word_for(row.kind)),
    Column("contact", "Contact", sorts=False),
    Column("phone", "", sorts=False),
    Column("live", "Live placements"),
    Column("missing", "Checks not in order"),
    Column("expires", "Next to expire"),
)


SETTING: tuple[Column[SettingView], ...] = (
    Column("setting", "Setting", lambda row: row.key),
    Column("value", "Value", sorts=False),
    Column("default", "Default", sorts=False),
    Column("says", "What it is", sorts=False),
)
RULES: tuple[Column[RuleView], ...] = (
    Column("id", "Rule", lambda rule: rule.rule),
    Column("title", "Title"),
    Column("severity", "Severity", by=lambda rule: Severity.of(rule.severity)),
    Column("authority", "Authority", lambda rule: word_for(rule.authority)),
    Column("source", "Source"),
)
Posted = Depends(posted)
VALUE, REASON = Control("settings", "To"), Control("reason", "Reason")
SENT_AS = {"settings": "value"}
"""What the page calls a field of the command, where it is not the same."""


def provider_filter(visit: Visit) -> Filter:
    """Narrows a list to one provider of the school."""
    return Filter("provider", "Provider", tuple((named.ref, named.name) for named in providers_named(visit.session, visit.who)))


@router.get("/providers")
@router.get("/providers.csv")
def providers(visit: Annotated[Visit, Depends(area("providers"))], asked: Annotated[Asked, Query()]) -> Response:
    """Every provider with the state of its checks."""
    rows = providers_checked(visit.session, visit.who)
    listed = cut_here(rows, PROVIDERS, asked, visit.page_size)
    table = Table("/providers", "Providers", PROVIDERS, listed, params_of(asked), letters="Name, kind or phone")
    return visit.table_page("providers.html", table)


@router.get("/providers/{ref}")
def one_provider(visit: Annotated[Visit, Depends(area("providers"))], ref: str) -> Response:
    """One provider: where, when, its checks with their expiry."""
    found = provider_view(visit.session, visit.who, ref)
    if found is None:
        raise Refuse(404, "That provider is not on record")
    checks = {check.item: check for check in found.checks or []}
    return visit.page("provider_page.html", p=found, checks=checks, items=CHECK_ITEMS)


@router.get("/settings")
@router.get("/settings.csv")
def settings(visit: Annotated[Visit, Depends(area("settings"))], asked: Annotated[Asked, Query()]) -> Response:
    """What the school may choose, and what it chose."""
    return _settings(visit, {}, asked)


@router.post("/settings", dependencies=[Posted])
def change_settings(visit: Annotated[Visit, Depends(area("settings"))]) -> Response:
    """Change one setting, with a reason. One that would loosen the law is refused with its citation, and so is a change that
    passes somebody else's unseen."""
    name, value, seen = visit.text("name"), visit.text("value"), visit.text("seen")
    fields = {"settings": {name: _typed_setting(value)}, "reason": visit.text("reason") or None}
    try:
        if not visit.text("reason"):
            raise Refused("Reason: say why it is changed", field="reason")
        command = commands()["change_settings"].model_validate(fields)
        done = record(visit, Said(command, visit.at, visit.who.ref, None, visit.text("key") or None, number_in(seen)))
    except Conflict as conflict:
        return _settings(visit, {"": sentence(conflict, "change_settings")}, Asked(), 409)
    except Refused as refused:
        field = refused.field if refused.field in ("value", "reason") else "value"
        return _settings(visit, {field: sentence(refused, "change_settings")}, Asked())
    except ValidationError as error:
        errors = told(error, "change_settings", (VALUE, REASON), visit.typed)
        return _settings(visit, {SENT_AS.get(name, name): why for name, why in errors.items()}, Asked())
    return visit.to(f"/settings?done={done.event}")


def _typed_setting(value: str) -> Any:
    """A word, a whole number, or several: 15 and 30."""
    numbers = re.findall("[0-9]+", value)
    if not numbers or re.sub("[0-9]+|,| |and", "", value) or any(number_in(number) is None for number in numbers):
        return value
    return int(numbers[0]) if len(numbers) == 1 else [int(number) for number in numbers]


def _settings(visit: Visit, errors: dict[str, str], asked: Asked, status: int = 422) -> Response:
    listed = cut_here(settings_of(visit.who), SETTING, asked, None)
    table = Table("/settings", "Settings", SETTING, listed, params_of(asked), letters="Name")
    newest, _ = chronology.head(visit.session, visit.who.school_id)
    shown = {
        "errors": errors,
        "typed": visit.typed,
        "key": visit.text("key") or secrets.token_urlsafe(12),
        "seen": visit.text("seen") if status == 422 and visit.text("seen") else newest,
    }
    if not errors:
        done = number_in(visit.request.query_params.get("done", ""))
        changed = settings_changed(visit.session, visit.who, done) if done is not None else []
        return visit.table_page("settings.html", table, changed=changed, just_done=None, **shown)
    return visit.page("settings.html", status, table=table, **shown)


@router.get("/health")
def health(visit: Annotated[Visit, Depends(area("health"))]) -> Response:
    """What `offsite doctor` says of this school and of the machine."""
    return visit.page("health.html", signs=signs(visit.session, visit.who, visit.edge.here))


@router.get("/rules")
@router.get("/rules.csv")
def rules(visit: Annotated[Visit, Depends(area("law"))], asked: Annotated[Asked, Query()]) -> Response:
    """The rule book, and the duties of a day."""
    on = day_asked(visit, "What was law on")
    listed = cut_here(rules_of_the_book(), RULES, asked, visit.page_size)
    params = params_of(asked) | on.params
    table = Table("/rules", "Every rule", RULES, listed, params, letters="Rule, title or source", kept=on.params)
    return visit.table_page("rules.html", table, on=on, law=law_view(visit.who, on.day))


@router.get("/rules/{name}")
def one_rule(visit: Annotated[Visit, Depends(area("law"))], name: str) -> Response:
    """One rule: what it says, by what right, whom it tells, what clears it."""
    found = rule_view(name)
    if found is None:
        raise Refuse(404, "There is no such rule")
    return visit.page("rule.html", rule=found)
