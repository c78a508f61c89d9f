"""One's own account: where one is signed in, password, one-time codes, tokens for programs."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response

from models.account import Account
from offsite.accounts import directory, identities, sessions, tokens
from offsite.accounts.refusals import NotAccepted
from offsite.case.loading import load_school
from offsite.messages.accounts import PASSWORD_CHANGED, tell_holder
from offsite.web import cookies
from offsite.web.visit import Visit, area, posted

router = APIRouter()
Own = Annotated[Visit, Depends(area("account"))]
Number = Annotated[int, Path(ge=1, le=2**53 - 1)]
Posted = Depends(posted)


@router.get("/account")
def account(visit: Own) -> Response:
    """Everything about it, on one page."""
    return _page(visit)


@router.post("/account/password", dependencies=[Posted])
def password(visit: Own) -> Response:
    """Change the password by the present one, a wrong one of which counts as a failed attempt; every other session ends."""
    own, token, who = _own(visit), visit.token or "", visit.who
    old, new = str(visit.typed.get("old", "")), str(visit.typed.get("password", ""))
    try:
        with visit.edge.database.writing() as session:
            found = directory.check_password(session, own.email, old, visit.at, visit.network(), visit.browser())
            if found is not None:
                directory.change_password(session, found, new, visit.at, token)
                tell_holder(session, who.school, who.person_id, PASSWORD_CHANGED, who.ref, visit.at)
    except NotAccepted as refused:
        return _page(visit, refused)
    if found is None:
        return _page(visit, NotAccepted("old", "Password is not the one you have now."))
    return visit.to("/account?done=password")


@router.post("/account/end-sessions", dependencies=[Posted])
def end_sessions(visit: Own) -> Response:
    """End every other session of one's account."""
    with visit.edge.database.writing() as session:
        sessions.end_all(session, _own(visit).id, visit.at, but=visit.token)
    return visit.to("/account?done=sessions")


@router.post("/account/sessions/{number}/end", dependencies=[Posted])
def end_session(visit: Own, number: Number) -> Response:
    """End one session of one's account; of the one this page is in, that is signing out."""
    with visit.edge.database.writing() as session:
        sessions.end_one(session, _own(visit).id, number, visit.at)
    if visit.signed_in is None or visit.signed_in.id != number:
        return visit.to("/account?done=session")
    answer = visit.to("/sign-in")
    cookies.drop(answer, cookies.SESSION, visit.edge.secure)
    return answer


@router.post("/account/tokens/{number}/end", dependencies=[Posted])
def end_token(visit: Own, number: Number) -> Response:
    """End one token that acts for oneself."""
    with visit.edge.database.writing() as session:
        tokens.end(session, visit.who.person_id, number, visit.at)
    return visit.to("/account?done=token")


def _own(visit: Visit) -> Account:
    assert visit.account is not None
    return visit.account


def _page(visit: Visit, refused: NotAccepted | None = None) -> Response:
    own, titles = _own(visit), {p.issuer: p.title for p in visit.edge.here.settings.pages.oidc.values()}
    bound = [
        (titles.get(known.issuer, known.issuer), known.made_at) for known in identities.providers_of(visit.session, own.id)
    ]
    shown = {
        "own": own,
        "providers": bound,
        "sessions": sessions.standing(visit.session, own.id, visit.at),
        "schools": _schools(visit),
        "tokens": tokens.standing(visit.session, visit.who.person_id, visit.at),
        "done": visit.request.query_params.get("done", ""),
        "field": refused.field if refused and refused.field in ("old", "password") else "old",
    }
    return visit.page("account.html", 422 if refused else 200, refused=refused, **shown)


def _schools(visit: Visit) -> dict[int, str]:
    """The schools one acts at, by person; one's own, so they may stand side by side."""
    people = sessions.memberships(visit.session, _own(visit).id)
    return {p.id: load_school(visit.session, p.school_id).details_on(visit.who.today).name for p in people}
