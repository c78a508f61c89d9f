"""Closing a day, of the school or of a provider, in two taps: open the page, tap the reason.

Sessions of that day stop being expected there, so nobody is looked for in vain. What was closed by mistake is corrected.
"""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import ValidationError

from offsite.casework.command import Said
from offsite.casework.commands.school.details import CloseDay
from offsite.casework.refusals import Refused
from offsite.views.school.providers import name_of, own_provider
from offsite.web.forms.day_asked import DayAsked, day_asked
from offsite.web.forms.pages import record
from offsite.web.refusals import sentence
from offsite.web.visit import Refuse, Visit, area, posted

router = APIRouter()
Visiting = Annotated[Visit, Depends(area("commands"))]
REASONS = ("No heating or water", "Snow, ice or flood", "Too few staff", "Power or network failure", "Planned closure")


@router.get("/close-day")
def page(visit: Visiting) -> Response:
    """What is closed, which day, and a button a reason."""
    _allowed(visit)
    return _page(visit, visit.request.query_params.get("provider", ""), day_asked(visit, "Day"), {})


@router.post("/close-day", dependencies=[Depends(posted)])
def close(visit: Visiting) -> Response:
    """Close the day; all of it is recorded, or nothing."""
    _allowed(visit)
    provider, day, reason = visit.text("provider"), visit.text("day"), visit.text("reason") or visit.text("other")
    try:
        command = CloseDay.model_validate({"provider": provider or None, "day": day, "reason": reason})
        done = record(visit, Said(command, visit.at, visit.who.ref, None, visit.text("key") or None))
    except Refused as refused:
        return _page(visit, provider, day_asked(visit, "Day", day), {"other": sentence(refused, "close_day")}, 422)
    except ValidationError:
        why = "Another reason: say in a few words why it is closed"
        return _page(visit, provider, day_asked(visit, "Day", day), {"other": why}, 422)
    return visit.to(f"/done/{done.event}")


def _page(visit: Visit, provider: str, on: DayAsked, errors: dict[str, str], status: int = 200) -> Response:
    chosen = provider or own_provider(visit.session, visit.who) or ""
    name = name_of(visit.session, visit.who, chosen) if chosen else visit.who.school.details_on(visit.who.today).name
    if name is None:
        raise Refuse(404, "That provider is not on record")
    shown = {"provider": chosen, "name": name, "on": on, "errors": on.errors | errors, "today": on.day == visit.who.today}
    return visit.page("close_day.html", status, **shown, reasons=REASONS, key=secrets.token_urlsafe(9), typed=visit.typed)


def _allowed(visit: Visit) -> None:
    if not visit.who.may("close_day"):
        raise Refuse(403, "You cannot do this", "Your role does not include it.")
