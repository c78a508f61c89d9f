"""Commands as JSON: one address a command, each described by the very model that checks it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import BackgroundTasks
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from offsite.casework.command import Command, Said, commands
from offsite.casework.on_behalf import perform_for
from offsite.messages.dispatch import send_critical_now
from offsite.web.api.caller import Caller, area
from offsite.web.api.problems import CONFLICT
from offsite.web.api.room import room

router = room("commands")
C = TypeVar("C", bound=Command)


class Recorded(BaseModel):
    """What came of a command."""

    event: int
    """The event's number in the school's chronology."""
    repeated: bool
    """Whether it had been done before, under the same key: nothing was done again."""
    placement: str | None
    raised: list[str]
    """References of the alerts it raised."""
    cleared: list[str]


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("a time that people live through") from None


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class Sent(BaseModel, Generic[C]):
    """A command with what belongs to its sending."""

    model_config = ConfigDict(extra="forbid")

    fields: C
    happened: Moment | None = Field(default=None, description="when it happened, if earlier than now")
    key: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        pattern=r"^[ -~]*$",
        description="idempotency key: the same key is done once",
    )
    seen: int | None = Field(default=None, ge=0, le=2**31 - 1, description="newest event seen: a later edit is a conflict")


@router.get("/commands")
def list_commands(caller: Annotated[Caller, area("commands")]) -> list[str]:
    """The commands the token's person may say; each is sent to /api/do/COMMAND."""
    return [name for name in sorted(commands()) if caller.viewer.may(name)]


def _say(caller: Caller, sent: Sent[Any], later: BackgroundTasks) -> Recorded:
    """Carry a command out; what it raised that is critical leaves at once."""
    said = Said(sent.fields, caller.at, caller.viewer.ref, sent.happened, sent.key, sent.seen)
    here = caller.edge.here
    done = perform_for(here.database, here.key_file, caller.viewer, said, here.rules)
    later.add_task(send_critical_now, here.database, here.channels, caller.at)
    return Recorded(**(done._asdict() | {"raised": list(done.raised), "cleared": list(done.cleared)}))


def _route(command: type[Command]) -> Callable[..., Recorded]:
    """What answers one command's address."""
    allowed = area("commands", command.name())

    def say(caller: Annotated[Caller, allowed], sent: Sent[command], later: BackgroundTasks) -> Recorded:  # type: ignore[valid-type]
        return _say(caller, sent, later)

    say.__name__, say.__doc__ = command.name(), command.__doc__
    return say


for _name, _command in sorted(commands().items()):
    router.add_api_route(
        f"/do/{_name}",
        _route(_command),
        methods=["POST"],
        status_code=201,
        responses=CONFLICT,
    )
