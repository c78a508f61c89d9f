"""Field types that several commands share."""

import re
from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from offsite.case.case import SESSIONS, WEEKDAYS
from offsite.case.direction.terms import FULL_TIME
from offsite.casework.command import Ref

Session = Literal["am", "pm"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
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


Recipients = Annotated[
    tuple[Ref, ...], Field(min_length=1), BeforeValidator(_listed, json_schema_input_type=Ref | tuple[Ref, ...])
]
"""One or more recipients; a single one may stand alone."""


def _timetable(value: Any) -> Any:
    if value == "full_time":
        return FULL_TIME
    if isinstance(value, dict) and not set(value) <= set(WEEKDAYS):
        raise ValueError(f"days are {', '.join(WEEKDAYS)}; not {', '.join(set(value) - set(WEEKDAYS))}")
    return value


Timetable = Annotated[
    dict[str, tuple[Session, ...]],
    BeforeValidator(_timetable, json_schema_input_type=Literal["full_time"] | dict[Weekday, tuple[Session, ...]]),
]
"""`full_time`, or {mon: [am, pm], ...}."""


EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
"""No birth, order or term lies outside, and every sum of days inside stays a day."""


def _text_day(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date() if value.time() == time(0) else value
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str) or value.strip().lstrip("+-").isdigit():
        raise ValueError("a day is written 2026-11-16")  # a number would be read as seconds since 1970
    return value


def within(day: date) -> date:
    """The day, if it lies in the years Offsite counts in; raises ValueError."""
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"a day from {EARLIEST} to {LATEST}")
    return day


Day = Annotated[date, BeforeValidator(_text_day, json_schema_input_type=date), AfterValidator(within)]
"""A day: 2026-11-16."""


def _text_time(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(CLOCK, value.strip()):
        raise ValueError("a London time is written 08:45")
    if not isinstance(value, str | time):
        raise ValueError("a London time is written 08:45")  # a number would be read as seconds since midnight
    return value


CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
TimeOfDay = Annotated[time, BeforeValidator(_text_time, json_schema_input_type=Annotated[str, Field(pattern=f"^{CLOCK}$")])]
"""A London time: 08:45."""
SessionTimes = dict[Session, tuple[TimeOfDay, TimeOfDay]]


def _whole(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("a whole number")  # true would be read as 1
    return value


Whole = BeforeValidator(_whole)
"""For a number that is not to be true or false."""
SchoolDayCount = Annotated[int, Field(ge=1, le=1000), Whole]
"""A number of school days: at least one, and no more than five years of them."""
Minutes = Annotated[int, Field(ge=1, le=24 * 60), Whole]
"""A number of minutes of one day."""
Pupils = Annotated[int, Field(ge=0, le=100_000), Whole]
"""A number of pupils."""


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

    on: Day
    at: TimeOfDay | None = None


_DayAndTime = Annotated[str, Field(pattern=rf"^\d{{4}}-\d{{2}}-\d{{2}}[ T]{CLOCK}$")]
Meeting = Annotated[When, BeforeValidator(_meeting, json_schema_input_type=When | date | _DayAndTime)]
"""A date, or a date with a London time."""


def as_lists(timetable: dict[str, tuple[Session, ...]]) -> dict[str, list[str]]:
    """A timetable as it is stored."""
    return {day: [s for s in SESSIONS if s in timetable[day]] for day in WEEKDAYS if timetable.get(day)}


def times_stored(times: SessionTimes | None) -> dict[str, list[str]] | None:
    """Session times as they are stored: {"am": ["08:45", "12:15"]}."""
    if times is None:
        return None
    return {name: [begins.strftime("%H:%M"), ends.strftime("%H:%M")] for name, (begins, ends) in times.items()}
