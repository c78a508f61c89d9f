"""The application: every route, in one list of rooms, wrapped by the guard."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from models.encrypted_text import TextErased, TextUnreadable
from offsite.casework.refusals import Refused
from offsite.casework.replay.play import in_words
from offsite.web.api import routes as api
from offsite.web.api.problems import as_problem
from offsite.web.assets import AssetsMissing, fetched
from offsite.web.forms import correcting, kept
from offsite.web.forms import pages as forms
from offsite.web.pages import ROOMS
from offsite.web.security import Guard
from offsite.web.signing_in import codes, invitations, open_id
from offsite.web.signing_in import pages as signing_in
from offsite.web.visit import Edge, Refuse, SignInFirst, Visit, begin, edge

STATIC = Path(__file__).parent / "static"


def create(given: Edge | None = None) -> Guard:
    """The pages of one installation; left out, of the one OFFSITE_DATA names. Raises AssetsMissing."""
    if not fetched():
        raise AssetsMissing("the styles of the pages are missing: run make install, or python -m offsite.web.assets")
    here = given or edge()
    app = FastAPI(title="Offsite", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json", lifespan=_warm)
    app.state.edge = here
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for room in (signing_in, codes, invitations, open_id, forms, correcting, kept):
        app.include_router(room.router, include_in_schema=False)
    for router in ROOMS:
        app.include_router(router, include_in_schema=False)
    for router in api.ROOMS:
        app.include_router(router)
    _answer_errors(app)
    return Guard(app, lambda: here)


@asynccontextmanager
async def _warm(app: FastAPI) -> AsyncIterator[None]:
    """Define the rule book beside the first pages, not before them."""
    threading.Thread(target=lambda: app.state.edge.here.rules, name="rule book", daemon=True).start()
    yield


def _answer_errors(app: FastAPI) -> None:
    """Say what went wrong: at /api always in one shape, on the pages as a page."""
    kinds = (SignInFirst, Refuse, Refused, ValidationError, RequestValidationError, TextUnreadable, HTTPException, Exception)
    for kind in kinds:
        app.add_exception_handler(kind, _answer)


def _answer(request: Request, error: Exception) -> Response:
    if request.url.path.startswith("/api/"):
        return as_problem(error)
    match error:
        case SignInFirst():
            return RedirectResponse(error.to, 303)
        case Refuse():
            return _error_page(request, error.status, error.title, error.why)
        case Refused():
            return _error_page(request, 404, "That is not on record", "Check the address, or look for it in a list.")
        case RequestValidationError():
            first = error.errors()[0]
            field = str(first["loc"][-1]) if first["loc"] else "address"
            why = f"{field}: {first['msg']}. Go back, and choose from the page."
            return _error_page(request, 422, "The address is not understood", why)
        case ValidationError():
            return _error_page(request, 422, "That was not understood", in_words(error))
        case TextErased():
            return _error_page(request, 410, "The record was erased", "Its texts cannot be read, nor any be added.")
        case TextUnreadable():
            return _error_page(request, 503, "A text cannot be read", str(error))
        case HTTPException():
            titles = {404: "Page not found", 405: "That cannot be done here"}
            return _error_page(request, error.status_code, titles.get(error.status_code, "Something went wrong"), "")
    visit = Visit(request, request.app.state.edge, None, request.app.state.edge.now(), "")  # type: ignore[arg-type]
    why = "Nothing was saved. Try again, then tell whoever runs Offsite."
    return visit.page("error.html", 500, title="Something went wrong", why=why)  # asks nothing of a database that may be gone


def _error_page(request: Request, status: int, title: str, why: str) -> Response:
    """What went wrong, to whoever is signed in with the navigation and the warnings of every page."""
    with contextmanager(begin)(request) as visit:
        return visit.page("error.html", status, title=title, why=why)
