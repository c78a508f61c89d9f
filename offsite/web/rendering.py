"""Turning views into HTML: one Jinja environment, GOV.UK components, and how days, instants and words are shown."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader
from sqlalchemy import func, select

from models.chronology import Event
from models.runs import JobRun
from offsite.access.areas import homes, may_open
from offsite.law.codes import codes_on
from offsite.law.london import LONDON
from offsite.letters.charts import attendance_chart
from offsite.letters.words import day_in_words
from offsite.messages.reach import SAFEGUARDING, Unreached, unreachable
from offsite.web.numbers import number_in
from offsite.web.wording import AREA_WORDS, CHANNELS, command_words, done_words, word_for
from rules.rule import ROLES

AWAKE_WITHIN = timedelta(minutes=5)
"""Messages are dispatched every minute."""

if TYPE_CHECKING:
    from offsite.web.visit import Visit


def render(template: str, visit: "Visit", shown: Mapping[str, Any]) -> str:
    """A page as HTML. Warnings, and what was just done, are for who is signed in: whoever holds a signed link is not."""
    viewer = visit.viewer
    signed_in = viewer is not None and visit.signed_in is not None
    frame = {
        "visit": visit,
        "viewer": viewer,
        "csrf": visit.csrf,
        "homes": homes(viewer.roles) if viewer else [],
        "may_open": (lambda area: may_open(viewer.roles, area)) if viewer else (lambda area: False),
        "unreachable": unreachable_now(visit) if signed_in else [],
        "work": work_of_offsite(visit) if signed_in else None,
        "just_done": just_done(visit) if signed_in else None,
    }
    return environment().get_template(template).render(frame | dict(shown))


def unreachable_now(visit: "Visit") -> list[Unreached]:
    """The safeguarding roles in which nobody can be reached, and why, as every page warns."""
    return unreachable(visit.session, visit.who.school, SAFEGUARDING, visit.at, visit.edge.here.channels)


class Work(NamedTuple):
    """How Offsite's own work goes: the rules by the clock, the messages."""

    last: datetime | None
    asleep: bool
    """Prefect is down, or the worker is, or neither has run yet."""


def work_of_offsite(visit: "Visit") -> Work:
    """When Offsite's own work last ran, and whether that is too long ago."""
    last = visit.session.scalar(select(func.max(JobRun.finished_at)))
    return Work(last, last is None or visit.at - last > AWAKE_WITHIN)


def just_done(visit: "Visit") -> str | None:
    """What the viewer has just recorded with one tap, as the address says (`done=NUMBER`)."""
    number = number_in(visit.request.query_params.get("done", ""))
    if number is None:
        return None
    wanted = select(Event.kind).where(Event.school_id == visit.who.school_id, Event.number == number, Event.by == visit.who.ref)
    kind = visit.session.scalar(wanted)
    return done_words(kind) if kind else None


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
    made.globals.update(roles=ROLES, area_words=AREA_WORDS, channels=CHANNELS, chart=attendance_chart, day_typed=_day_typed)
    made.filters.update(day=_day, short_day=_short_day, instant=_instant, words=word_for, command=command_words, code=_code,
                        value=_value)  # fmt: skip
    return made


def _day(day: date | str | None) -> str:
    """Wednesday 25 November 2026."""
    if not day:
        return "not known"
    return day_in_words(date.fromisoformat(day) if isinstance(day, str) else day)


def _code(code: str, day: date) -> str:
    """A mark of a day as people read it: present, morning (/)."""
    found = codes_on(day).get(code)
    return f"{found.meaning} ({code})" if found else code


def _value(value: object) -> str:
    """A setting's value as people read it: 15 and 30."""
    return " and ".join(map(str, value)) if isinstance(value, list) else str(value)


def _day_typed(day: date, name: str = "day") -> str:
    """A day as a form's three fields hold it, for a link to a form that is filled in that far."""
    return f"{name}-day={day.day}&{name}-month={day.month}&{name}-year={day.year}"


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
