"""Signing in with a password and a one-time code; choosing for whom; signing out; taking up an invitation."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from models.account import Account, SignIn
from offsite.accounts import attempts, directory, one_time_codes, sessions
from offsite.accounts.refusals import NotAccepted
from offsite.web.visit import COOKIE, Visit, begin, cookie_settings, is_ours, posted

router = APIRouter()
Anybody = Annotated[Visit, Depends(begin, scope="function")]
Posted = Depends(posted)
WRONG = "E-mail address or password is not right. Check both and try again."


@router.get("/sign-in")
def sign_in_page(visit: Anybody) -> Response:
    """The form."""
    return _form(visit)


@router.post("/sign-in", dependencies=[Posted])
def sign_in(visit: Anybody) -> Response:
    """Check the password; a right one begins a session, which for some roles waits for a one-time code."""
    email = visit.text("email")
    password = str(visit.typed.get("password", ""))
    try:
        with visit.edge.database.writing() as session:
            account = directory.check_password(session, email, password, visit.at, visit.network())
            token = sessions.begin(session, account, visit.at) if account else None
    except NotAccepted as refused:
        return _form(visit, refused)
    if token is None or account is None:
        return _form(visit, NotAccepted("email", WRONG))
    return signed_in(visit, token, "/sign-in/code" if account.code_confirmed else next_page(visit))


def signed_in(visit: Visit, token: str, to: str) -> Response:
    """Hand the session's cookie out and go on. The address to go on to is one of ours."""
    answer = visit.to(to)
    answer.set_cookie(COOKIE, token, max_age=int(sessions.ABSOLUTE.total_seconds()), **cookie_settings(visit.edge))
    return answer


def next_page(visit: Visit) -> str:
    """Where somebody wanted to go, if it is a page of ours."""
    wanted = visit.text("next") or visit.request.query_params.get("next", "")
    return wanted if is_ours(wanted) else "/"


def _form(visit: Visit, refused: NotAccepted | None = None) -> Response:
    buttons = {name: each.title for name, each in visit.edge.here.settings.pages.oidc.items()}
    shown = {"email": visit.text("email"), "next": next_page(visit), "oidc": buttons, "refused": refused}
    return visit.page("sign_in.html", 422 if refused else 200, **shown)


@router.get("/sign-in/code")
def code_page(visit: Anybody) -> Response:
    """The form for a one-time code."""
    if visit.account is None:
        return visit.to("/sign-in")
    return visit.page("code.html", refused=None, next=next_page(visit))


@router.post("/sign-in/code", dependencies=[Posted])
def code(visit: Anybody) -> Response:
    """Check a one-time code."""
    if visit.account is None or visit.signed_in is None:
        return visit.to("/sign-in")
    try:
        _use_code(visit, visit.text("code"))
    except NotAccepted as refused:
        return visit.page("code.html", 422, refused=refused, next=next_page(visit))
    return visit.to(next_page(visit))


def _use_code(visit: Visit, typed: str) -> None:
    """Pass the code of the account that is signed in. Raises NotAccepted; a wrong code counts as a failed attempt."""
    assert visit.account is not None and visit.signed_in is not None
    account_id, sign_in_id, of = visit.account.id, visit.signed_in.id, f"code:{visit.account.id}"
    failed: NotAccepted | None = None
    with visit.edge.database.writing() as session:
        attempts.refuse_too_many(session, visit.at, account=of, network=visit.network())
        account = session.get_one(Account, account_id)
        try:
            one_time_codes.use(account, visit.edge.here.key_file, typed, visit.at)
        except NotAccepted as refused:
            failed = refused
        else:
            account.code_confirmed = True
            session.get_one(SignIn, sign_in_id).code_passed = True
        attempts.remember(session, visit.at, account=of, network=visit.network(), succeeded=failed is None)
    if failed is not None:
        raise failed


@router.get("/account/codes")
def codes_page(visit: Anybody) -> Response:
    """Setting up one-time codes: a picture to scan, a code to try. Only until it is confirmed."""
    if visit.account is None:
        return visit.to("/sign-in")
    if visit.account.code_confirmed:
        return visit.to("/sign-in/code")
    return _codes(visit)


def _codes(visit: Visit, refused: NotAccepted | None = None) -> Response:
    assert visit.account is not None
    key_file, account_id = visit.edge.here.key_file, visit.account.id
    with visit.edge.database.writing() as session:
        account = session.get_one(Account, account_id)
        if account.code_secret is None:
            account.code_secret = key_file.wrap(one_time_codes.new_secret())
        secret, email = key_file.unwrap(account.code_secret), account.email
    shown = {"picture": one_time_codes.picture(secret, email), "secret": secret, "refused": refused}
    return visit.page("codes.html", 422 if refused else 200, **shown)


@router.post("/account/codes", dependencies=[Posted])
def codes(visit: Anybody) -> Response:
    """Confirm one-time codes with the first of them."""
    if visit.account is None:
        return visit.to("/sign-in")
    try:
        _use_code(visit, visit.text("code"))
    except NotAccepted as refused:
        return _codes(visit, refused)
    return visit.to("/")


@router.get("/sign-in/as")
def as_page(visit: Anybody) -> Response:
    """Choosing the school, for somebody who acts at several."""
    if visit.account is None:
        return visit.to("/sign-in")
    return visit.page("sign_in_as.html", people=_people(visit))


@router.post("/sign-in/as", dependencies=[Posted])
def choose(visit: Anybody) -> Response:
    """Act for one person from now on in this session."""
    if visit.account is None or visit.signed_in is None:
        return visit.to("/sign-in")
    wanted = next((id_ for id_, _ in _people(visit) if str(id_) == visit.text("person")), None)
    if wanted is None:
        return visit.page("sign_in_as.html", 422, people=_people(visit))
    with visit.edge.database.writing() as session:
        session.get_one(SignIn, visit.signed_in.id).person_id = wanted
    return visit.to("/")


def _people(visit: Visit) -> list[tuple[int, str]]:
    from offsite.case.loading import load_school
    from offsite.law.london import day_of

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
    answer.delete_cookie(COOKIE)
    return answer


@router.get("/invitation/{token}")
def invitation_page(visit: Anybody, token: str) -> Response:
    """The form for a first password."""
    found = directory.invited(visit.session, token, visit.at)
    email = found[1].email if found else None
    return visit.page("invitation.html", 200 if found else 404, email=email, token=token, refused=None)


@router.post("/invitation/{token}", dependencies=[Posted])
def take_up(visit: Anybody, token: str) -> Response:
    """Set the password; then sign in with it."""
    found = directory.invited(visit.session, token, visit.at)
    try:
        with visit.edge.database.writing() as session:
            directory.take_up(session, token, str(visit.typed.get("password", "")), visit.at)
    except NotAccepted as refused:
        email = found[1].email if found else None
        return visit.page("invitation.html", 422, email=email, token=token, refused=refused)
    return visit.to("/sign-in")
