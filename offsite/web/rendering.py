"""Turning views into HTML: one Jinja environment, GOV.UK components, and how days, instants and words are shown."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader
from sqlalchemy import func, select

from models.runs import JobRun
from offsite.access.areas import homes, may_open
from offsite.law.london import LONDON
from offsite.letters.words import day_in_words
from offsite.web.charts import attendance_chart
from offsite.web.wording import AREA_WORDS, command_words, word_for
from rules.rule import ROLES

AWAKE_WITHIN = timedelta(minutes=5)
"""Messages are dispatched every minute."""

if TYPE_CHECKING:
    from offsite.web.visit import Visit


def render(template: str, visit: "Visit", shown: Mapping[str, Any]) -> str:
    """A page as HTML."""
    viewer = visit.viewer
    frame = {
        "visit": visit,
        "viewer": viewer,
        "csrf": visit.csrf,
        "homes": homes(viewer.roles) if viewer else [],
        "may_open": (lambda area: may_open(viewer.roles, area)) if viewer else (lambda area: False),
        "unreachable": unreachable_now(visit) if viewer else [],
        "asleep": asleep_since(visit) if viewer else None,
    }
    return environment().get_template(template).render(frame | dict(shown))


def unreachable_now(visit: "Visit") -> list[str]:
    """The safeguarding roles nobody can be told in, as every page warns."""
    from offsite.messages.addressing import unreachable

    return unreachable(visit.who.school, ("dsl", "deputy_dsl"), visit.at)


def asleep_since(visit: "Visit") -> datetime | None:
    """When Offsite's own work last ran, where that is too long ago: Prefect is down, or the worker is."""
    last = visit.session.scalar(select(func.max(JobRun.finished_at)))
    return last if last is not None and visit.at - last > AWAKE_WITHIN else None


@cache
def environment() -> Environment:
    """The one Jinja environment of the pages."""
    made = Environment(
        loader=ChoiceLoader(
            [PackageLoader("offsite.web"), PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(roles=ROLES, area_words=AREA_WORDS, chart=attendance_chart)
    made.filters.update(day=_day, short_day=_short_day, instant=_instant, words=word_for, command=command_words)
    return made


def _day(day: date | str | None) -> str:
    """Wednesday 25 November 2026."""
    if not day:
        return "not known"
    return day_in_words(date.fromisoformat(day) if isinstance(day, str) else day)


def _short_day(day: date | str | None) -> str:
    """Wed 25 Nov."""
    if not day:
        return "not known"
    found = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{found:%a} {found.day} {found:%b}"


def _instant(at: datetime | str | None) -> str:
    """Tue 24 Nov 2026, 9:45am, in London."""
    if not at:
        return "never"
    found = (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(LONDON)
    at_time = f"{found.hour % 12 or 12}:{found:%M}{'am' if found.hour < 12 else 'pm'}"
    return f"{found:%a} {found.day} {found:%b} {found.year}, {at_time}"
