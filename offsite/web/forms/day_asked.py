"""A day somebody asks a page for, typed in three fields or named in the address: ?day=2026-11-25."""

from datetime import date
from typing import NamedTuple

from starlette.datastructures import FormData

from offsite.web.forms.controls import MISSING, DayOf, spread_all
from offsite.web.visit import Visit


class DayAsked(NamedTuple):
    """What was asked for, and how to ask again."""

    day: date
    """The day asked for; today where none was, or where it does not exist."""
    control: DayOf
    typed: FormData
    errors: dict[str, str]

    @property
    def params(self) -> dict[str, str]:
        """The day as it stands in an address."""
        return {"day": self.day.isoformat()}


def day_asked(visit: Visit, label: str, sent: str = "") -> DayAsked:
    """The day a page is asked for; `sent`: as a form carried it along, in ISO form."""
    control, today = DayOf("day", label, "day", required=True), visit.who.today
    params = visit.request.query_params
    typed = FormData(list(params.multi_items()))
    given = sent or params.get("day") or control.read(typed)
    if given is MISSING:
        return DayAsked(today, control, spread_all([control], {"day": today}), {})
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return DayAsked(today, control, typed, {"day": f"{label}: type a day that exists, such as 25 11 2026"})
    return DayAsked(day, control, spread_all([control], {"day": day}), {})
