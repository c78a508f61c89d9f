"""The application: every route, in one list of rooms, wrapped by the guard."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from models.encrypted_text import TextUnreadable
from offsite.casework.refusals import Refused
from offsite.web.api import routes as api
from offsite.web.assets import AssetsMissing, fetched
from offsite.web.forms import correcting
from offsite.web.forms import pages as forms
from offsite.web.pages import ROOMS
from offsite.web.security import Guard
from offsite.web.signing_in import codes, invitations, open_id
from offsite.web.signing_in import pages as signing_in
from offsite.web.visit import Edge, Refuse, SignInFirst, Visit, edge

STATIC = Path(__file__).parent / "static"


def create(given: Edge | None = None) -> Guard:
    """The pages of one installation; left out, of the one OFFSITE_DATA names. Raises AssetsMissing."""
    if not fetched():
        raise AssetsMissing("the styles of the pages are missing: run make install, or python -m offsite.web.assets")
    here = given or edge()
    app = FastAPI(title="Offsite", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json", lifespan=_warm)
    app.state.edge = here
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for room in (signing_in, codes, invitations, open_id, forms, correcting):
        app.include_router(room.router, include_in_schema=False)
    for router in ROOMS:
        app.include_router(router, include_in_schema=False)
    app.include_router(api.router)
    _answer_errors(app)
    api.answer_errors(app)
    return Guard(app, lambda: here)


@asynccontextmanager
async def _warm(app: FastAPI) -> AsyncIterator[None]:
    """Define the rule book beside the first pages, not before them."""
    threading.Thread(target=lambda: app.state.edge.here.rules, name="rule book", daemon=True).start()
    yield


def _answer_errors(app: FastAPI) -> None:
    @app.exception_handler(SignInFirst)
    def _sign_in(request: Request, error: SignInFirst) -> Response:
        return RedirectResponse(error.to, 303)

    @app.exception_handler(Refuse)
    def _refuse(request: Request, error: Refuse) -> Response:
        return _error_page(request, error.status, error.title, error.why)

    @app.exception_handler(Refused)
    def _refused(request: Request, error: Refused) -> Response:
        if request.url.path.startswith("/api/"):
            return api.refused_as_json(error)
        return _error_page(request, 404, "That is not on record", "Check the address, or look for it in a list.")

    @app.exception_handler(TextUnreadable)
    def _unreadable(request: Request, error: TextUnreadable) -> Response:
        return _error_page(request, 503, "A text cannot be read", str(error))

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        titles = {404: "Page not found", 405: "That cannot be done here"}
        return _error_page(request, error.status_code, titles.get(error.status_code, "Something went wrong"), "")


def _error_page(request: Request, status: int, title: str, why: str) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": title, "why": why, "field": None}, status)
    visit = Visit(request, request.app.state.edge, None, request.app.state.edge.now(), "")  # type: ignore[arg-type]
    return visit.page("error.html", status, title=title, why=why)
