"""Errors of the JSON interface: one shape, whatever went wrong, from a missing token to a fault of ours."""

from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

from models.encrypted_text import TextErased, TextUnreadable
from offsite.casework.on_behalf import NotTheirs
from offsite.casework.refusals import Conflict, Refused
from offsite.casework.replay.play import in_words
from offsite.web.visit import Refuse


class Problem(BaseModel):
    """What went wrong. Nothing was saved."""

    error: str
    """A few words, the same for the same kind of error."""
    why: str = ""
    """One sentence: field, value, what is allowed."""
    field: str | None = None
    """The field it turns on, where there is one."""


TITLES = {
    400: "Not understood",
    401: "No valid token",
    403: "Not allowed",
    404: "Not on record, or not yours to see",
    405: "That cannot be done here",
    409: "Somebody else changed it",
    410: "The record was erased",
    422: "Refused, nothing changed",
    429: "Too many attempts",
    500: "A fault of Offsite's own",
    503: "A text cannot be read",
}
CHALLENGE = {"WWW-Authenticate": "Bearer"}
_SHAPE = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {"content": _SHAPE, "description": TITLES[code]} for code in (400, 401, 403, 404, 410, 429, 503)
}
"""What any route may answer with. (A method a route does not have is answered by 405, with the methods it has.)"""
PROBLEMS[422] = {"model": Problem, "description": TITLES[422]}  # as a model but once: FastAPI makes a validator of each
PROBLEMS[401]["headers"] = {"WWW-Authenticate": {"description": "Bearer", "required": True, "schema": {"type": "string"}}}
CONFLICT: dict[int | str, dict[str, Any]] = {409: {"content": _SHAPE, "description": TITLES[409]}}
"""What a command may answer with besides."""


def problem(status: int, why: str = "", field: str | None = None, headers: dict[str, str] | None = None) -> Response:
    """An error as JSON."""
    shown = Problem(error=TITLES.get(status, TITLES[400]), why=why, field=field)
    more = {**(headers or {}), **(CHALLENGE if status == 401 else {})}
    return JSONResponse(shown.model_dump(), status, more)


def as_problem(error: Exception) -> Response:
    """Any error that a route, or what stands before it, may raise."""
    match error:
        case Conflict():
            return problem(409, str(error), error.field)
        case NotTheirs():
            return problem(404, str(error), error.field)
        case Refused():
            return problem(422, str(error), error.field)
        case Refuse():
            return problem(error.status, error.why or error.title)
        case ValidationError():
            return problem(422, in_words(error))
        case RequestValidationError():
            return _misunderstood(error)
        case TextErased():
            return problem(410, str(error))
        case TextUnreadable():
            return problem(503, str(error))
        case HTTPException():
            return problem(error.status_code, headers=dict(error.headers or {}))
    return problem(500, "Nothing was saved. Whoever runs Offsite finds the reason in its log.")


def _misunderstood(error: RequestValidationError) -> Response:
    """The first thing that was wrong with what was sent, by its place in it."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return problem(422, f"the body is not JSON: {first['ctx']['error']}")
    where = [str(part) for part in first["loc"][1:]]
    field = ".".join(where) or None
    return problem(422, f"{field or 'the body'}: {first['msg'].removeprefix('Value error, ')}", field)
