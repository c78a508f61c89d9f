"""The caller of the JSON interface: a token that acts for one person, with that person's roles and nothing more."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session

from models.encrypted_text import Texts
from offsite.access.areas import may_open
from offsite.access.viewer import Viewer, viewer_for
from offsite.accounts import tokens
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


def area(name: str, command: str | None = None) -> Any:
    """What a route depends on: a caller whose roles may open an area and, where one is named, say a command."""

    def opened(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Iterator[Caller]:
        here: Edge = request.app.state.edge
        at = here.now()
        with here.database.reading() as session:
            person = tokens.person_of(session, given.credentials, at) if given else None
            viewer = viewer_for(session, person, at) if person is not None else None
            if viewer is None:
                raise Refuse(401, "No valid token", "Send one as: Authorization: Bearer offsite_...")
            if not may_open(viewer.roles, name) or (command is not None and not viewer.may(command)):
                raise Refuse(403, "Not allowed", f"The token's roles do not include {command or name}.")
            yield Caller(here, session, viewer, at)

    opened.area = name  # type: ignore[attr-defined]  # for the test that walks every route
    return Depends(opened, scope="function")  # the snapshot ends before the answer is sent
