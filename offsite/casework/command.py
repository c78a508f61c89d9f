"""What a command is: a frozen sentence in the imperative, checked by pydantic, with one handler that carries it out.

Fields marked `Private` are free text or personal: in the chronology they stand encrypted with the pupil's key.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

if TYPE_CHECKING:
    from offsite.casework.work import Work

OPERATOR = "operator"
"""Who acts when nobody is named: whoever runs the system, who may do all."""


class Private:
    """Marks a field whose value is encrypted in the chronology: `reasons: Annotated[str, Private()]`."""


Ref = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
"""The short name of something on record."""
NewRef = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
"""A short name for something new: letters, digits, dot, dash and underscore. It is shown to Prefect: never a name."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), Private()]
"""Free text, encrypted at rest."""
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
"""Short text that names no child: a title, an address, a job."""


class Command(BaseModel):
    """Something a person or system asks for. Unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=False)

    after_close: ClassVar[bool] = False
    """Whether it may still be recorded once the placement is closed."""
    now_only: ClassVar[bool] = False
    """Whether it happens as it is recorded, so that there is no entering it late."""

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, given: Any) -> Any:
        """PostgreSQL stores no text with a NUL in it, so no text with one is taken anywhere."""
        if _holds_nul(given):
            raise ValueError("a text holds the character NUL")
        return given

    @classmethod
    def name(cls) -> str:
        """The command's name: `serve_notice` for ServeNotice."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def edits(self) -> str | None:
        """What it edits, such as "review r1", where two people's edits must not pass each other unseen."""
        return None

    @classmethod
    def asked_of_people(cls) -> frozenset[str]:
        """Fields that a person must give although a replayed history may lack them."""
        return frozenset()

    @classmethod
    def private_fields(cls) -> frozenset[str]:
        """Names, as they are written, of the fields that are encrypted in the chronology."""
        fields = cls.model_fields.items()
        return frozenset(field.alias or name for name, field in fields if any(isinstance(m, Private) for m in _marks(field)))


def _holds_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, Mapping):
        return any(_holds_nul(part) for pair in value.items() for part in pair)
    return isinstance(value, list | tuple) and any(map(_holds_nul, value))


def _marks(field: Any) -> list[Any]:
    found, queue = list(field.metadata), [field.annotation]
    while queue:
        annotation = queue.pop()
        found.extend(getattr(annotation, "__metadata__", ()))
        queue.extend(getattr(annotation, "__args__", ()))
    return found


@dataclass(frozen=True)
class Said:
    """A command as somebody said it: who, when it was recorded, when it happened if earlier."""

    command: Command
    at: datetime
    """UTC: when it is recorded."""
    by: str = OPERATOR
    """A person's reference."""
    happened: datetime | None = None
    """UTC: when it happened; left out, when it is recorded."""
    key: str | None = None
    """Idempotency key: the same command sent twice with the same key is one command."""
    seen: int | None = None
    """The newest event its sender had seen; a later edit of the same thing by another is a conflict."""


C = TypeVar("C", bound=Command)
Handler = Callable[[Any, "Work"], None]
HANDLERS: dict[type[Command], Handler] = {}


def handles(command: type[C]) -> Callable[[Callable[[C, "Work"], None]], Callable[[C, "Work"], None]]:
    """Name the function that carries out a command; exactly one each."""

    def register(handler: Callable[[C, "Work"], None]) -> Callable[[C, "Work"], None]:
        if command in HANDLERS:
            raise TypeError(f"{command.__name__} has a handler already")
        HANDLERS[command] = handler
        return handler

    return register


def commands() -> Mapping[str, type[Command]]:
    """Every command by its name."""
    import offsite.casework.commands  # noqa: F401  (the handlers register as they are imported)

    return {command.name(): command for command in HANDLERS}
