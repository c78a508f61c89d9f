"""Field types that several commands share."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from offsite.case.case import SESSIONS, WEEKDAYS
from offsite.case.direction.terms import FULL_TIME
from offsite.casework.command import Ref

Session = Literal["am", "pm"]
SessionTimes = dict[Session, tuple[time, time]]
Register = Literal["home", "provider"]
Method = Literal["hand", "email", "portal", "post"]
ProviderKind = Literal[
    "mainstream_school",
    "special_school",
    "pru",
    "ap_academy",
    "hospital_school",
    "independent_school",
    "fe_college",
    "non_school",
    "one_to_one_tuition",
    "work_based",
]
Role = Literal[
    "dsl",
    "deputy_dsl",
    "head",
    "chair",
    "governors",
    "clerk",
    "attendance",
    "senco",
    "designated_teacher",
    "provider",
    "local_authority",
    "data_protection",
]
CheckItem = Literal["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "o", "p"]
CheckStatus = Literal["requested", "received", "verified", "rejected"]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Recipients = Annotated[tuple[Ref, ...], BeforeValidator(_listed), Field(min_length=1)]
"""One or more recipients; a single one may stand alone."""


def _timetable(value: Any) -> Any:
    if value == "full_time":
        return FULL_TIME
    if isinstance(value, dict) and not set(value) <= set(WEEKDAYS):
        raise ValueError(f"days are {', '.join(WEEKDAYS)}; not {', '.join(set(value) - set(WEEKDAYS))}")
    return value


Timetable = Annotated[dict[str, tuple[Session, ...]], BeforeValidator(_timetable)]
"""`full_time`, or {mon: [am, pm], ...}."""


def _text_day(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date() if value.time() == time(0) else value
    if isinstance(value, date):
        return value.isoformat()
    return value


Day = Annotated[date, BeforeValidator(_text_day)]
"""A day: 2026-11-16."""


def _meeting(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return {"on": value}
    if isinstance(value, datetime):
        return {"on": value.date(), "at": value.time()}
    if isinstance(value, str):
        when = value.strip().replace("T", " ")
        return {"on": when[:10], "at": when[11:] or None}
    return value


class When(BaseModel):
    """A meeting's day and, where given, its London time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    on: date
    at: time | None = None


Meeting = Annotated[When, BeforeValidator(_meeting)]
"""A date, or a date with a London time."""


def as_lists(timetable: dict[str, tuple[Session, ...]]) -> dict[str, list[str]]:
    """A timetable as it is stored."""
    return {day: [s for s in SESSIONS if s in timetable[day]] for day in WEEKDAYS if timetable.get(day)}


def times_stored(times: SessionTimes | None) -> dict[str, list[str]] | None:
    """Session times as they are stored: {"am": ["08:45", "12:15"]}."""
    if times is None:
        return None
    return {name: [begins.strftime("%H:%M"), ends.strftime("%H:%M")] for name, (begins, ends) in times.items()}
