"""The caller of the JSON interface: a token that acts for one person, with that person's roles and nothing more."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, NoReturn

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session

from models.account import ApiToken
from models.encrypted_text import Texts
from offsite.access.areas import may_open
from offsite.access.sight import reads_concerns
from offsite.access.viewer import Viewer, viewer_for
from offsite.accounts import attempts, tokens
from offsite.accounts.refusals import TryLater
from offsite.web.visit import Edge, Refuse

bearer = HTTPBearer(auto_error=False, description="A token of `offsite token make`.")


@dataclass
class Caller:
    """One call."""

    edge: Edge
    session: Session
    viewer: Viewer
    at: datetime

    @property
    def texts(self) -> Texts:
        """Opens the texts of the caller's school."""
        return Texts(self.session, self.edge.here.key_file, self.viewer.school_id)


def refuse(here: Edge, request: Request, at: datetime, *, tried: bool) -> NoReturn:
    """Refuse a call without a token that stands. One that was tried counts against the network address it came from; a token
    that stands is taken from there all the same, since nobody can guess one."""
    network = f"token:{request.client.host if request.client else ''}"
    if tried:
        with here.database.writing() as session:
            try:
                attempts.refuse_too_many(session, at, network=network)
            except TryLater as refused:
                raise Refuse(429, "Too many attempts", str(refused)) from None
            attempts.remember(session, at, network=network, succeeded=False)
    raise Refuse(401, "No valid token", "Send one as: Authorization: Bearer offsite_...")


def _acting(session: Session, token: ApiToken, at: datetime) -> Viewer | None:
    """Whom a token acts for. Nobody gives a one-time code with one: it is handed the text of concerns only where it was made
    for that, and while its person's roles read them, so never by breaking the glass."""
    found = viewer_for(session, token.person_id, at, coded=token.reads_concerns)
    return replace(found, coded=False) if found is not None and not reads_concerns(found.roles) else found


def area(name: str, command: str | None = None) -> Any:
    """What a route depends on: a caller whose roles may open an area and, where one is named, say a command."""

    def opened(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Iterator[Caller]:
        here: Edge = request.app.state.edge
        at = here.now()
        with here.database.reading() as session:
            token = tokens.current(session, given.credentials, at) if given else None
            viewer = _acting(session, token, at) if token else None
            if token is None or viewer is None:
                refuse(here, request, at, tried=given is not None)
            if not may_open(viewer.roles, name) or (command is not None and not viewer.may(command)):
                raise Refuse(403, "Not allowed", f"The token's roles do not include {command or name}.")
            used = token.id if token.used_at is None or at - token.used_at >= tokens.USED_EVERY else None
            yield Caller(here, session, viewer, at)
        if used is not None:
            with here.database.writing() as session:
                tokens.use(session, used, at)

    opened.area = name  # type: ignore[attr-defined]  # for the test that walks every route
    return Depends(opened, scope="function")  # the snapshot ends before the answer is sent
