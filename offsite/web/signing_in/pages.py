"""Signing in with a password; choosing for whom; signing out."""

import secrets
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from models.account import Account, SignIn
from offsite.accounts import attempts, directory, kept_forms, sessions
from offsite.accounts.refusals import NotAccepted
from offsite.case.loading import load_school
from offsite.law.london import day_of
from offsite.web import cookies
from offsite.web.visit import KEPT_FORM, Visit, begin, is_ours, posted

router = APIRouter()
Anybody = Annotated[Visit, Depends(begin, scope="function")]
Posted = Depends(posted)
WRONG = "E-mail address or password is not right. Check both and try again."


@router.get("/sign-in")
def sign_in_page(visit: Anybody) -> Response:
    """The form."""
    return form(visit)


@router.post("/sign-in", dependencies=[Posted])
def sign_in(visit: Anybody) -> Response:
    """Check the password; a right one begins a session, which for some roles waits for a one-time code."""
    email = visit.text("email")
    password, browser = str(visit.typed.get("password", "")), visit.browser() or new_browser()
    try:
        with visit.edge.database.writing() as session:
            account = directory.check_password(session, email, password, visit.at, visit.network(), browser)
            token = sessions.begin(session, account, visit.at, instead_of=visit.token) if account else None
    except NotAccepted as refused:
        return form(visit, refused)
    if token is None or account is None:
        return form(visit, NotAccepted("email", WRONG))
    answer = signed_in(visit, account, token, next_page(visit))
    keep_known(visit, answer, browser)
    return answer


def new_browser() -> str:
    """A token by which a browser may come to be known."""
    return secrets.token_urlsafe(16)


def keep_known(visit: Visit, answer: Response, browser: str) -> None:
    """Have a browser keep the token by which it is known."""
    cookies.keep(answer, cookies.KNOWN, browser, visit.edge.secure, attempts.KNOWN_FOR)


def signed_in(visit: Visit, account: Account, token: str, to: str) -> Response:
    """Hand the session's cookie out and go on to a page of ours; by way of the one-time code, where codes are set up.

    The cookie outlives the session by as long as a form is kept: what was typed at its end still says whose it is.
    """
    by_way_of = "/sign-in/code" + (f"?next={quote(to)}" if to != "/" else "")
    answer = visit.to(by_way_of if account.code_confirmed else to)
    cookies.keep(answer, cookies.SESSION, token, visit.edge.secure, sessions.ABSOLUTE + kept_forms.KEPT_FOR)
    return answer


def next_page(visit: Visit) -> str:
    """Where somebody wanted to go, if it is a page of ours."""
    wanted = visit.text("next") or visit.request.query_params.get("next", "")
    return wanted if is_ours(wanted) else "/"


def form(visit: Visit, refused: NotAccepted | None = None, status: int = 422, onward: str | None = None) -> Response:
    """The form, with why it came to nothing. `onward`: the page of ours to go on to, where the request does not name it."""
    buttons = {name: each.title for name, each in visit.edge.here.settings.pages.oidc.items()}
    to = onward or next_page(visit)
    shown = {"email": visit.text("email"), "next": to, "kept": to.startswith(KEPT_FORM), "oidc": buttons, "refused": refused}
    return visit.page("sign_in.html", status if refused else 200, **shown)


@router.get("/sign-in/as")
def as_page(visit: Anybody) -> Response:
    """Choosing the school, for somebody who acts at several."""
    if visit.account is None:
        return visit.to("/sign-in")
    return visit.page("sign_in_as.html", people=_people(visit), next=next_page(visit))


@router.post("/sign-in/as", dependencies=[Posted])
def choose(visit: Anybody) -> Response:
    """Act for one person from now on in this session, and go on to a page of ours: to what is that school's, from a list."""
    if visit.account is None or visit.signed_in is None:
        return visit.to("/sign-in")
    wanted = next((id_ for id_, _ in _people(visit) if str(id_) == visit.text("person")), None)
    if wanted is None:
        return visit.page("sign_in_as.html", 422, people=_people(visit), next=next_page(visit))
    with visit.edge.database.writing() as session:
        session.get_one(SignIn, visit.signed_in.id).person_id = wanted
    return visit.to(next_page(visit))


def _people(visit: Visit) -> list[tuple[int, str]]:
    assert visit.account is not None
    found = []
    for person in sessions.memberships(visit.session, visit.account.id):
        school = load_school(visit.session, person.school_id)
        found.append((person.id, f"{school.details_on(day_of(visit.at)).name} ({person.ref})"))
    return found


@router.post("/sign-out", dependencies=[Posted])
def sign_out(visit: Anybody) -> Response:
    """End the session, here and on the server."""
    if visit.token:
        with visit.edge.database.writing() as session:
            sessions.end(session, visit.token, visit.at)
    answer = visit.to("/sign-in")
    cookies.drop(answer, cookies.SESSION, visit.edge.secure)
    return answer
