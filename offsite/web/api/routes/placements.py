"""The JSON interface's routes."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Body, Depends, FastAPI, Path, Query
from fastapi.requests import Request
from fastapi.responses import JSONResponse, Response
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from offsite.casework.command import Said, commands
from offsite.casework.on_behalf import NotTheirs, perform_for
from offsite.casework.refusals import Conflict, Refused
from offsite.casework.replay.play import in_words
from offsite.messages.dispatch import send_critical_now
from offsite.views.alerts import AlertRow, AlertsAsked, alert_why, open_alerts
from offsite.views.listed import Listed
from offsite.views.placement import PlacementView, placement_view
from offsite.views.placements import PlacementRow, PlacementsAsked, placements
from offsite.views.search import Hit, search
from offsite.web.api.caller import Caller, area
from offsite.web.visit import Refuse

Ref = Annotated[str, Path(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9._-]+$")]
LARGEST = 2**53 - 1


class Problem(BaseModel):
    """What went wrong. Nothing was saved."""

    error: str
    why: str = ""
    field: str | None = None


class Recorded(BaseModel):
    """What came of a command."""

    event: int
    repeated: bool
    placement: str | None
    raised: list[str]
    cleared: list[str]


class Envelope(BaseModel):
    """A command with what belongs to its sending."""

    fields: dict[str, Any] = Field(default={}, description="the command's own fields; see /api/commands")
    happened: AwareDatetime | None = Field(default=None, description="when it happened, if earlier than now")
    key: str | None = Field(default=None, max_length=200, description="idempotency key: the same key is done once")
    seen: int | None = Field(default=None, ge=0, le=LARGEST, description="newest event seen: a later edit is a conflict")


PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {"model": Problem, "description": words}
    for code, words in (
        (400, "Not understood"),
        (401, "No valid token"),
        (403, "Not allowed"),
        (404, "Not on record, or not theirs to see"),
        (422, "Refused"),
    )
}
router = APIRouter(prefix="/api", responses=PROBLEMS)


@router.get("/placements")
def list_placements(
    caller: Annotated[Caller, Depends(area("placements"))], asked: Annotated[PlacementsAsked, Query()]
) -> Listed[PlacementRow]:
    """The placements the token's person may see, a page at a time."""
    return placements(caller.session, caller.viewer, asked)


@router.get("/placements/{ref}")
def one_placement(caller: Annotated[Caller, Depends(area("placements"))], ref: Ref) -> PlacementView:
    """One placement, cut to what the token's person may see."""
    found = placement_view(caller.session, caller.viewer, ref, caller.texts)
    if found is None:
        raise Refuse(404, "That placement is not on record")
    return found[0]


@router.get("/alerts")
def list_alerts(caller: Annotated[Caller, Depends(area("alerts"))], asked: Annotated[AlertsAsked, Query()]) -> Listed[AlertRow]:
    """Open alerts, those nobody acknowledged first."""
    return open_alerts(caller.session, caller.viewer, asked)


@router.get("/alerts/{ref}")
def one_alert(caller: Annotated[Caller, Depends(area("alerts"))], ref: Ref) -> dict[str, Any]:
    """Why an alert was raised, by what right, and what became of it."""
    found = alert_why(caller.session, caller.viewer, ref)
    if found is None:
        raise Refuse(404, "That alert is not on record")
    return found


@router.get("/search")
def find(caller: Annotated[Caller, Depends(area("search"))], q: Annotated[str, Query(max_length=100)]) -> list[Hit]:
    """What answers a few letters."""
    return search(caller.session, caller.viewer, q)


@router.get("/commands")
def list_commands(caller: Annotated[Caller, Depends(area("commands"))]) -> dict[str, Any]:
    """The commands the token's person may say, each with the JSON schema of its fields."""
    return {name: command.model_json_schema() for name, command in sorted(commands().items()) if caller.viewer.may(name)}


@router.post("/do/{command}", status_code=201, responses={409: {"model": Problem, "description": "Somebody else changed it"}})
def do(
    caller: Annotated[Caller, Depends(area("commands"))],
    command: Annotated[str, Path(pattern=r"^[a-z_]{1,40}$")],
    sent: Annotated[Envelope, Body()],
    later: BackgroundTasks,
) -> Recorded:
    """Say a command; all of it is recorded, or nothing."""
    kind = commands().get(command)
    if kind is None:
        raise Refuse(404, "There is no such command", ", ".join(sorted(commands())))
    if not caller.viewer.may(command):
        raise Refuse(403, "Not allowed", "The token's roles do not include this command.")
    said = Said(kind.model_validate(sent.fields), caller.at, caller.viewer.ref, _utc(sent.happened), sent.key, sent.seen)
    here = caller.edge.here
    done = perform_for(here.database, here.key_file, caller.viewer, said, here.rules)
    later.add_task(send_critical_now, here.database, here.channels, caller.at)
    return Recorded(**(done._asdict() | {"raised": list(done.raised), "cleared": list(done.cleared)}))


def _utc(at: datetime | None) -> datetime | None:
    """In UTC, as everything is kept."""
    return None if at is None else at.astimezone(UTC)


def answer_errors(app: FastAPI) -> None:
    """The same errors as everywhere, as JSON."""

    @app.exception_handler(ValidationError)
    def _invalid(request: Request, error: ValidationError) -> Response:
        return JSONResponse({"error": "Refused, nothing changed", "why": in_words(error), "field": None}, 422)


def refused_as_json(error: Refused) -> Response:
    """A refusal as JSON; a conflict is told apart."""
    status = 409 if isinstance(error, Conflict) else 404 if isinstance(error, NotTheirs) else 422
    return JSONResponse({"error": "Refused, nothing changed", "why": str(error), "field": error.field}, status)
