"""Controls: one field of a command as something to fill in. Each reads what was typed, and spreads a value out again.

What is typed stays text under the control's name (`start-day`, `objectives-0-text`) until the command itself checks it, so
that nothing typed is ever lost.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from starlette.datastructures import FormData

from offsite.case.case import SESSIONS, WEEKDAYS
from offsite.web.numbers import number_in

Typed = Mapping[str, Any]
Choice = tuple[str, str]
"""A value and its words."""
MISSING = object()
"""Nothing was typed: the field is left out of the command."""
NOT_HERE = "nobody-on-record"
"""A choice that is none of those on record: the field is left out of the command, and a text says who or what it is."""

MOST_ROWS = 400
"""More days are closed in no year, and nobody types as many rows of anything else."""
CLOSED = ("radios", "select", "checkboxes")
"""Kinds of controls in which nothing else can be chosen than what is offered."""


@dataclass(frozen=True)
class Control:
    """A field to fill in. `kind` names its macro in templates/controls.html."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    required: bool = False
    choices: tuple[Choice, ...] = ()
    parts: tuple["Control", ...] = field(default=())
    key: str = ""
    """What the command calls it, where that is no name for a control: a criterion in words of the plan."""

    def read(self, typed: Typed) -> Any:
        """What was typed, as the command takes it; MISSING for nothing."""
        given = _text(typed, self.name)
        return MISSING if given in ("", NOT_HERE) else given

    def stray(self, typed: Typed) -> bool:
        """Whether something was sent that is not among the choices offered."""
        return self.kind in CLOSED and not {v for v in _all(typed, self.name) if v} <= {v for v, _ in self.choices}

    def spread(self, value: Any) -> Iterator[tuple[str, str]]:
        """A value as it would have been typed."""
        yield self.name, str(value)

    def inner(self, part: str | int, typed: Typed) -> "Control | None":
        """The control within this one in which a part of its value was typed."""
        return None

    def under(self, prefix: str) -> "Control":
        """The same within a group or row."""
        return replace(self, name=f"{prefix}-{self.name}", parts=tuple(part.under(prefix) for part in self.parts))

    def said(self, typed: Typed) -> str:
        """What was typed, in words, to be checked."""
        words = dict(self.choices)
        given = self.read(typed)
        if given is MISSING:
            return words.get(_text(typed, self.name), "")
        values = given if isinstance(given, list) else [given]
        return ", ".join(words.get(str(v), str(v)) for v in values)


class Number(Control):
    """A whole number."""


class YesNo(Control):
    """Yes or no; nothing chosen leaves it out."""

    def read(self, typed: Typed) -> Any:
        """True, False or MISSING."""
        return {"yes": True, "no": False}.get(_text(typed, self.name), MISSING)

    def spread(self, value: Any) -> Iterator[tuple[str, str]]:
        """yes or no."""
        yield self.name, "yes" if value else "no"

    def said(self, typed: Typed) -> str:
        """Yes or no."""
        return _text(typed, self.name)


class Many(Control):
    """Any number of choices, or of lines: there what is usual may be written in its words, and anything else."""

    def read(self, typed: Typed) -> Any:
        """A list of what was ticked, or of the lines."""
        given = _all(typed, self.name)
        if self.kind == "lines":
            usual = {words.casefold(): value for value, words in self.choices}
            lines = [line.strip() for text in given for line in text.splitlines()]
            given = [usual.get(line.casefold(), line) for line in lines]
        return [value for value in given if value] or MISSING

    def spread(self, value: Any) -> Iterator[tuple[str, str]]:
        """One a choice; lines in one."""
        values = [str(v) for v in ([value] if isinstance(value, str) else value)]
        if self.kind == "lines":
            words = dict(self.choices)
            yield self.name, "\n".join(words.get(v, v) for v in values)
        else:
            yield from ((self.name, v) for v in values)


class DayOf(Control):
    """A day in three fields."""

    def read(self, typed: Typed) -> Any:
        """ISO text, also of a day that does not exist: the command says so."""
        day, month, year = (_text(typed, f"{self.name}-{part}") for part in ("day", "month", "year"))
        if not (day or month or year):
            return MISSING
        return f"{year.zfill(4)}-{month.zfill(2)}-{day.zfill(2)}"

    def spread(self, value: Any) -> Iterator[tuple[str, str]]:
        """Three fields."""
        if isinstance(value, Mapping):
            value = value["on"]
        found = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
        yield from ((f"{self.name}-{p}", str(v)) for p, v in (("day", found.day), ("month", found.month), ("year", found.year)))

    def said(self, typed: Typed) -> str:
        """In words, where it exists."""
        given = self.read(typed)
        if given is MISSING:
            return ""
        try:
            found = date.fromisoformat(given)
        except ValueError:
            return str(given)
        return f"{found:%A} {found.day} {found:%B %Y}"


class Moment(DayOf):
    """A day and, if known, a London time."""

    def read(self, typed: Typed) -> Any:
        """Day and time as one text."""
        day, at = super().read(typed), _text(typed, f"{self.name}-time")
        return day if day is MISSING or not at else f"{day} {at.zfill(5)}"

    def spread(self, value: Any) -> Iterator[tuple[str, str]]:
        """Four fields."""
        yield from super().spread(value)
        at = value.get("at") if isinstance(value, Mapping) else str(value)[11:16]
        if at:
            yield f"{self.name}-time", str(at)[:5]

    def said(self, typed: Typed) -> str:
        """Day and time."""
        day = replace(self, kind="day")
        words = DayOf.said(DayOf(day.name, day.label), typed)
        at = _text(typed, f"{self.name}-time")
        return f"{words}, {at}" if words and at else words


class Week(Control):
    """Sessions of a week: a tick a session."""

    def read(self, typed: Typed) -> Any:
        """{"mon": ["am", "pm"], ...}."""
        ticked = set(_all(typed, self.name))
        found = {day: [s for s in SESSIONS if f"{day}-{s}" in ticked] for day in WEEKDAYS[:5]}
        return {day: sessions for day, sessions in found.items() if sessions} or MISSING

    def spread(self, value: Any) -> Iterator[tuple[str, str]]:
        """A tick a session."""
        days = {day: SESSIONS for day in WEEKDAYS[:5]} if value == "full_time" else value
        yield from ((self.name, f"{day}-{s}") for day, sessions in days.items() for s in sessions)

    def said(self, typed: Typed) -> str:
        """mon morning and afternoon, ..."""
        given = self.read(typed)
        words = {"am": "morning", "pm": "afternoon"}
        return "" if given is MISSING else "; ".join(f"{d}: {' and '.join(words[s] for s in given[d])}" for d in given)


class Times(Control):
    """Start and end of the morning and the afternoon session, London times."""

    def read(self, typed: Typed) -> Any:
        """{"am": ["08:45", "12:15"]}."""
        found = {s: [_text(typed, f"{self.name}-{s}-{end}") for end in ("starts", "ends")] for s in SESSIONS}
        return {s: [t.zfill(5) for t in times] for s, times in found.items() if any(times)} or MISSING

    def spread(self, value: Any) -> Iterator[tuple[str, str]]:
        """Four fields."""
        for s, (starts, ends) in value.items():
            yield f"{self.name}-{s}-starts", str(starts)[:5]
            yield f"{self.name}-{s}-ends", str(ends)[:5]

    def said(self, typed: Typed) -> str:
        """morning 08:45 to 12:15, ..."""
        given = self.read(typed)
        return "" if given is MISSING else "; ".join(f"{s}: {' to '.join(times)}" for s, times in given.items())


class Group(Control):
    """Several fields that belong together."""

    def read(self, typed: Typed) -> Any:
        """A mapping, or MISSING where nothing in it was typed."""
        found = {self._key(part): part.read(typed) for part in self.parts}
        return {name: value for name, value in found.items() if value is not MISSING} or MISSING

    def spread(self, value: Any) -> Iterator[tuple[str, str]]:
        """Each part."""
        for part in self.parts:
            if value.get(self._key(part)) is not None:
                yield from part.spread(value[self._key(part)])

    def inner(self, part: str | int, typed: Typed) -> Control | None:
        """The field the command calls so."""
        return next((within for within in self.parts if self._key(within) == part), None)

    def _key(self, part: Control) -> str:
        """What the command calls a part: an objective may have a dash in its name."""
        return part.key or part.name.removeprefix(f"{self.name}-")

    def said(self, typed: Typed) -> str:
        """label: words; ..."""
        return "; ".join(f"{part.label}: {part.said(typed)}" for part in self.parts if part.said(typed))


class Rated(Group):
    """One choice for each of several named things. Without any there is nothing to choose, and the form says why."""


class Rows(Control):
    """The same group several times over."""

    def shown(self, typed: Typed, at_least: int = 1) -> list[Control]:
        """As many rows as were typed, or one to fill in."""
        found = [_row_of(name, self.name) for name in typed]
        numbers = [number for number in found if number is not None]
        return [self.row(number) for number in range(max([*numbers, at_least - 1]) + 1)]

    def row(self, number: int) -> Control:
        """One row."""
        parts = tuple(part.under(f"{self.name}-{number}") for part in self.parts)
        return Group(f"{self.name}-{number}", f"{self.label} {number + 1}", "group", parts=parts)

    def read(self, typed: Typed) -> Any:
        """A list of the rows in which something was typed."""
        found = [row.read(typed) for row in self.shown(typed)]
        return [row for row in found if row is not MISSING] or MISSING

    def inner(self, part: str | int, typed: Typed) -> Control | None:
        """The row that is the so-manieth of those in which something was typed."""
        filled = [row for row in self.shown(typed) if row.read(typed) is not MISSING]
        return filled[part] if isinstance(part, int) and part < len(filled) else None

    def spread(self, value: Any) -> Iterator[tuple[str, str]]:
        """Row by row."""
        for number, entry in enumerate(value):
            yield from self.row(number).spread(entry)

    def said(self, typed: Typed) -> str:
        """Row by row, a line each."""
        return "\n".join(row.said(typed) for row in self.shown(typed) if row.said(typed))


class Days(Rows):
    """Several days, each in three fields."""

    def row(self, number: int) -> Control:
        """One day."""
        return DayOf(f"{self.name}-{number}", f"{self.label} {number + 1}", "day")


def read_all(controls: Iterable[Control], typed: Typed) -> dict[str, Any]:
    """Everything that was typed, as the command takes it."""
    found = {control.name: control.read(typed) for control in controls}
    return {name: value for name, value in found.items() if value is not MISSING}


def spread_all(controls: Sequence[Control], values: Mapping[str, Any]) -> FormData:
    """Values as they would have been typed."""
    given = [(control, values[control.name]) for control in controls if values.get(control.name) is not None]
    return FormData([pair for control, value in given for pair in control.spread(value)])


def _text(typed: Typed, name: str) -> str:
    value = typed.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _all(typed: Any, name: str) -> list[str]:
    found = typed.getlist(name) if hasattr(typed, "getlist") else [typed[name]] if name in typed else []
    return [value for value in found if isinstance(value, str)]


def _row_of(name: str, rows: str) -> int | None:
    return number_in(name[len(rows) + 1 :].split("-")[0], MOST_ROWS) if name.startswith(f"{rows}-") else None
