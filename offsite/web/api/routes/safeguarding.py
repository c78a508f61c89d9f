"""What the safeguarding lead watches: who is not confirmed in place, what cannot be told, concerns, who looked."""

from typing import Annotated

from fastapi import Query

from offsite.views.listed import Asked, Listed
from offsite.views.safeguarding.alerts import Untold, cannot_tell
from offsite.views.safeguarding.concerns import ConcernView, concern_view, log_look
from offsite.views.safeguarding.looks import BrokenRow, LookRow, broken_glass, looks
from offsite.views.safeguarding.this_session import SessionAsked, ThisSession, this_session
from offsite.web.api.caller import Caller, area
from offsite.web.api.room import Ref, room
from offsite.web.visit import Refuse

router = room("safeguarding")
Watching = Annotated[Caller, area("dsl")]
Auditing = Annotated[Caller, area("looks")]


@router.get("/this-session")
def session_now(caller: Watching, asked: Annotated[SessionAsked, Query()]) -> ThisSession:
    """The session that runs or ran last today, and who is not confirmed in it: the longest past the cut-off first."""
    return this_session(caller.session, caller.viewer, asked)


@router.get("/cannot-tell")
def list_untold(caller: Watching, asked: Annotated[Asked, Query()]) -> Listed[Untold]:
    """What the rules cannot tell, the longest first."""
    return cannot_tell(caller.session, caller.viewer, asked)


@router.get("/concerns/{name}")
def one_concern(caller: Annotated[Caller, area("concerns")], name: Ref) -> ConcernView:
    """A concern. Its text is there for DSL, deputy and whoever raised it, never for whom it is against; each look is logged."""
    found = concern_view(caller.session, caller.viewer, name, caller.texts)
    if found is None:
        raise Refuse(404, "That concern is not on record")
    if found.texts:
        log_look(caller.edge.database, caller.viewer, name, "api")
    return found


@router.get("/looks")
def list_looks(caller: Auditing, asked: Annotated[Asked, Query()]) -> Listed[LookRow]:
    """Who read the text of a concern, the newest first."""
    return looks(caller.session, caller.viewer, asked)


@router.get("/broken-glass")
def list_broken_glass(caller: Auditing, asked: Annotated[Asked, Query()]) -> Listed[BrokenRow]:
    """Placements that were opened by breaking the glass, the newest first."""
    return broken_glass(caller.session, caller.viewer, caller.texts, asked)
