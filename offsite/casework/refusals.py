"""Why a command is refused. A refused command changes nothing; each refusal names the field, the value, what is
allowed and the next step."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError


class Refused(Exception):
    """The command cannot be carried out. Nothing was saved."""

    exit_code = 3

    def __init__(self, why: str, *, field: str | None = None) -> None:
        """`why` is one sentence for the person who sent the command; `field` the field it turns on."""
        super().__init__(why)
        self.field = field


class UnknownName(Refused):
    """A name that nothing on record bears."""

    def __init__(self, field: str, value: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = get_close_matches(value, names, n=3)
        names = [*near, *(name for name in names if name not in near)]
        shown = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "") if names else "none yet"
        super().__init__(f"{field} is {value!r}, which is not on record; on record: {shown}.", field=field)
        self.value, self.known = value, shown


class NameTaken(Refused):
    """A new thing was given a name that is in use."""

    def __init__(self, field: str, value: str) -> None:
        super().__init__(f"{field} is {value!r}, which is in use already; choose another name.", field=field)


class Senseless(Refused):
    """A field that is missing, or whose value makes no sense."""

    def __init__(self, field: str, value: object, allowed: str | Sequence[str]) -> None:
        """`value`: of several, a tuple. `allowed`: the values that are, or what is, in words."""
        said = ", ".join(value) if isinstance(value, tuple) else value
        may = allowed if isinstance(allowed, str) else ", ".join(allowed)
        super().__init__(f"{field} is {said!r}; allowed: {may}.", field=field)
        self.value, self.allowed = value, allowed


class NothingSaid(Senseless):
    """A command that changes something was given nothing to change."""

    def __init__(self, command: str, fields: Iterable[str]) -> None:
        self.fields = tuple(fields)
        super().__init__(command, "nothing", f"at least one of {', '.join(self.fields)}")


class WrongAsCorrected(Refused):
    """An entry would not stand as it was to be corrected. What is wrong is told of the fields that were given: the others may
    be beyond sight."""

    def __init__(self, kind: str, error: ValidationError, given: Mapping[str, Any]) -> None:
        self.errors = [found if _is_given(found["loc"], given) else found | {"input": None} for found in error.errors()]
        said = "; ".join(_said_of(found["loc"], found["msg"], found["input"], given) for found in self.errors)
        super().__init__(f"as corrected, {kind} would be wrong: {said}.", field="fields")


def _is_given(where: tuple[int | str, ...], given: Mapping[str, Any]) -> bool:
    return bool(where) and where[0] in given


def _said_of(where: tuple[int | str, ...], message: str, value: Any, given: Mapping[str, Any]) -> str:
    if not where:
        return message
    if _is_given(where, given):
        return f"{'.'.join(map(str, where))} is {value!r}: {message}"
    return f"{where[0]}: {message}"


class NotAllowed(Refused):
    """The person may not do this."""

    def __init__(self, by: str, roles: Iterable[str], what: str) -> None:
        self.roles, self.what = tuple(roles), what
        super().__init__(f"by is {by!r}, who may not {what}; that takes one of: {', '.join(self.roles)}.", field="by")


class MarkedAlready(Refused):
    """The session has a mark in that register."""

    def __init__(self, register: str, code: str, day: date, session: str) -> None:
        super().__init__(
            f"the {register} register has {code!r} for {day} {session} already; to change it use amend_mark with a reason.",
            field="session",
        )


class Closed(Refused):
    """The placement is closed, and this is not among what may still be recorded."""

    def __init__(self, placement: str, command: str, allowed: Iterable[str]) -> None:
        super().__init__(
            f"placement is {placement!r}, which is closed; {command} is not allowed any more, only: "
            f"{', '.join(sorted(allowed))}. A closed placement is never reopened: propose a new one.",
            field="placement",
        )
        self.command = command


class Conflict(Refused):
    """Somebody else changed the same thing after it was looked at."""

    exit_code = 4

    def __init__(self, what: str, by: str, number: int) -> None:
        super().__init__(
            f"conflict: {what} was changed by {by} (event {number}) after you looked at it. "
            "Look at it again, then decide whether your change still stands."
        )
        self.by, self.number = by, number
