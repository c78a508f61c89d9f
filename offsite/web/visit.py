"""A visit: one request with its clock, its installation, one snapshot of the database, and who is looking.

The one place of the pages that reads the clock. A page asks for a visit in an area; whoever may not open it is refused here.
"""

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import update
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from models.account import Account, SignIn
from models.database import Database
from models.encrypted_text import Texts
from offsite.access.areas import may_open
from offsite.access.viewer import Viewer, viewer_for
from offsite.accounts import directory, kept_forms, sessions
from offsite.casework.keeping.installation import Installation
from offsite.views.listed import A_PAGE
from offsite.web import cookies
from offsite.web.rendering import render
from offsite.web.tables import Table, as_csv

OUR_PAGE = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")
"""A path of this site: browsers drop line ends and tabs, and take a backslash for a slash."""

KEPT_FORM = "/kept-form/"
"""Where a form is shown again that was sent when its session had ended."""


@dataclass
class Edge:
    """What every request shares: the installation and the clock."""

    here: Installation
    now: Callable[[], datetime]

    @property
    def database(self) -> Database:
        """The installation's database."""
        return self.here.database

    @property
    def secure(self) -> bool:
        """Whether the pages are reached by https, so that cookies never travel without."""
        return self.here.settings.messages.base_url.startswith("https:")


def edge() -> Edge:
    """The edge of this process: the installation OFFSITE_DATA names."""
    return _edge(os.environ.get("OFFSITE_DATA", "data"))


@cache
def _edge(data: str) -> Edge:
    return Edge(Installation.open(Path(data)), lambda: datetime.now(UTC))


class Refuse(Exception):
    """The visit ends here, with this status and these words."""

    def __init__(self, status: int, title: str, why: str = "") -> None:
        super().__init__(title)
        self.status, self.title, self.why = status, title, why


class SignInFirst(Exception):
    """Nobody is signed in, or not far enough: go there."""

    def __init__(self, to: str = "/sign-in") -> None:
        super().__init__(to)
        self.to = to


@dataclass
class Visit:
    """One request."""

    request: Request
    edge: Edge
    session: Session
    at: datetime
    visitor: str
    token: str | None = None
    account: Account | None = None
    signed_in: SignIn | None = None
    viewer: Viewer | None = None
    typed: FormData = field(default_factory=FormData)

    @property
    def who(self) -> Viewer:
        """The viewer; there is one wherever an area was asked for."""
        assert self.viewer is not None
        return self.viewer

    @property
    def texts(self) -> Texts:
        """Opens the texts of the viewer's school."""
        return Texts(self.session, self.edge.here.key_file, self.who.school_id)

    @property
    def csrf(self) -> str:
        """What every form carries: bound to this browser, this session and whom it acts for, so to one school. Without the key
        a page is still shown, and its form refused (`posted`)."""
        if self.edge.here.key_file.lost:
            return ""
        return form_token(self.edge, self.visitor, self.token, self.signed_in.person_id if self.signed_in else None)

    @property
    def code_due(self) -> bool:
        """Whether a one-time code is still to be given: where codes are set up, or a role of the account asks for them."""
        if self.account is None or self.signed_in is None or self.signed_in.code_passed or self.edge.here.settings.demo:
            return False
        return self.account.code_confirmed or directory.needs_code(self.session, self.account, self.at)

    def text(self, name: str) -> str:
        """A field as it was typed, without blanks around it; empty where it is missing."""
        value = self.typed.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def page(self, template: str, status: int = 200, /, **shown: Any) -> HTMLResponse:
        """A page."""
        return HTMLResponse(render(template, self, shown), status)

    @property
    def page_size(self) -> int | None:
        """How many rows of a list are asked for: a page of them, or all for an export."""
        return None if self.request.url.path.endswith(".csv") else A_PAGE

    def table_page(self, template: str, table: Table[Any], **shown: Any) -> Response:
        """A list as a page, or as CSV where its address asks for that."""

        return as_csv(table) if self.page_size is None else self.page(template, table=table, **shown)

    def to(self, path: str) -> Response:
        """Go on to another page, as after every form."""
        return RedirectResponse(path, 303)

    def network(self) -> str:
        """The network address of whoever asks, to count attempts by."""
        return self.request.client.host if self.request.client else ""

    def browser(self) -> str:
        """The token kept in a browser in which somebody signed in before; empty in any other."""
        return cookies.read(self.request, cookies.KNOWN, self.edge.secure) or ""


def begin(request: Request) -> Iterator[Visit]:
    """A visit of anybody. Asked for with scope "function": its snapshot ends before the answer is sent, or streamed."""
    here: Edge = request.app.state.edge
    at = here.now()
    visitor = cookies.read(request, cookies.VISITOR, here.secure) or request.scope.setdefault(
        "offsite_new_visitor", secrets.token_urlsafe(16)
    )
    with here.database.reading() as session:
        visit = Visit(request, here, session, at, visitor, typed=request.scope.get("offsite_typed", FormData()))
        visit.token = cookies.read(request, cookies.SESSION, here.secure)
        if visit.token:
            visit.signed_in = sessions.current(session, visit.token, at)
        if visit.signed_in is not None:
            visit.account = session.get_one(Account, visit.signed_in.account_id)
            if visit.signed_in.person_id is not None:
                coded = visit.signed_in.code_passed or here.here.settings.demo
                visit.viewer = viewer_for(session, visit.signed_in.person_id, at, coded=coded)
        in_use = visit.signed_in is not None and at - visit.signed_in.seen_at >= sessions.SEEN_EVERY
        yield visit
    if in_use and visit.token:
        touch(here, visit.token, at)


def touch(here: Edge, token: str, at: datetime) -> None:
    """Note that a session is in use."""
    with here.database.writing() as session:
        session.execute(update(SignIn).where(SignIn.token_hash == sessions.token_hash(token)).values(seen_at=at))


def area(name: str) -> Callable[[Visit], Visit]:
    """A visit of somebody signed in whose roles may open an area."""

    def opened(visit: Visit = Depends(begin, scope="function")) -> Visit:  # noqa: B008  (FastAPI's way of asking)
        if visit.account is None:
            raise SignInFirst(_with_what_was_typed(visit) or _and_then(visit, "/sign-in"))
        if visit.code_due:
            raise SignInFirst(_and_then(visit, "/sign-in/code" if visit.account.code_confirmed else "/account/codes"))
        if visit.viewer is None:
            raise SignInFirst(_and_then(visit, "/sign-in/as"))
        if not may_open(visit.viewer.roles, name):
            raise Refuse(403, "You cannot open this page", "Your role does not include it. Ask the headteacher if it should.")
        if visit.request.scope.get("offsite_form_of", visit.who.person_id) != visit.who.person_id:
            raise Refuse(409, "This form was opened at another school", "Nothing was saved. Go back to that school to send it.")
        return visit

    opened.area = name  # type: ignore[attr-defined]  # for the test that walks every route
    return opened


def _and_then(visit: Visit, first: str) -> str:
    """An address to go to first, which leads on to the page that was asked for."""
    asked = visit.request.url
    wanted = asked.path + (f"?{asked.query}" if asked.query else "")
    return f"{first}?next={quote(wanted)}" if visit.request.method == "GET" and wanted != "/" else first


def _with_what_was_typed(visit: Visit) -> str | None:
    """An address to sign in at which leads on to the form that was sent, where its session had ended by itself."""
    path, sent = visit.request.url.path, [(k, v) for k, v in visit.typed.multi_items() if isinstance(v, str)]
    if visit.token is None or not sent or path.startswith("/account/"):
        return None
    with visit.edge.database.writing() as session:
        key = kept_forms.keep(session, visit.edge.here.key_file, visit.token, kept_forms.Typed(path, sent), visit.at)
    return f"/sign-in?next={KEPT_FORM}{key}" if key else None


async def posted(request: Request) -> None:
    """Read a posted form, and refuse one that was not sent from our own page. An area refuses one of another person."""
    typed = await request.form()
    here: Edge = request.app.state.edge
    visitor, token = (cookies.read(request, name, here.secure) for name in (cookies.VISITOR, cookies.SESSION))
    sent = typed.get("csrf")
    person = re.match(r"(\d{1,16})-", sent, re.ASCII) if isinstance(sent, str) else None
    of = int(person[1]) if person else None
    if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), form_token(here, visitor or "", token, of).encode()):
        raise Refuse(403, "This form has run out", "Go back, load the page again, and send it once more. Nothing was saved.")
    request.scope.update(offsite_typed=typed, offsite_form_of=of)


def is_ours(address: str) -> bool:
    """Whether an address to go on to is a page of ours, never one of another site."""
    return OUR_PAGE.fullmatch(address) is not None


def form_token(here: Edge, visitor: str, token: str | None, person_id: int | None = None) -> str:
    """The token of a form shown to a browser, in a session, to a person; whom it was shown to stands before the hyphen."""
    secret, of = here.here.key_file.derived("form tokens"), "" if person_id is None else f"{person_id}-"
    return of + hmac.new(secret, f"{visitor}:{token or ''}:{of}".encode(), hashlib.sha256).hexdigest()
