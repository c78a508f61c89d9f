"""Account links: setting a password by one, or adding a school to the account one has already."""

from fastapi import APIRouter
from fastapi.responses import Response

from models.people import Person
from offsite.accounts import attempts, directory
from offsite.accounts.refusals import NotAccepted
from offsite.case.loading import load_school
from offsite.law.london import day_of
from offsite.web.signing_in.pages import Anybody, Posted, keep_known, new_browser
from offsite.web.visit import Visit

router = APIRouter()


@router.get("/invitation/{token}")
def invitation_page(visit: Anybody, token: str) -> Response:
    """What the link is for."""
    return _page(visit, token)


@router.post("/invitation/{token}", dependencies=[Posted])
def take_up(visit: Anybody, token: str) -> Response:
    """Set the password, then sign in with it; or add the school to the account that is signed in."""
    browser = visit.browser() or new_browser()
    found = directory.invited(visit.session, token, visit.at)
    joining = found is not None and found[0].joins is not None
    if joining and not _holds(visit, token):
        return visit.to(f"/sign-in?next=/invitation/{token}")
    try:
        with visit.edge.database.writing() as session:
            if joining and visit.account is not None:
                directory.join(session, token, visit.account.id, visit.at)
            else:
                account = directory.take_up(session, token, str(visit.typed.get("password", "")), visit.at)
                attempts.know(session, visit.at, account.email, browser)
    except NotAccepted as refused:
        return _page(visit, token, refused)
    if joining:
        return visit.to("/sign-in/as")
    answer = visit.to("/sign-in")
    keep_known(visit, answer, browser)
    return answer


def _page(visit: Visit, token: str, refused: NotAccepted | None = None) -> Response:
    found = directory.invited(visit.session, token, visit.at)
    if found is None:
        return visit.page("invitation.html", 404, email=None, token=token, refused=None)
    invitation, account = found
    school = None
    if invitation.joins is not None:
        theirs = load_school(visit.session, visit.session.get_one(Person, invitation.joins).school_id)
        school = theirs.details_on(day_of(visit.at)).name
    shown = {"email": account.email, "school": school, "holds": _holds(visit, token), "token": token, "refused": refused}
    return visit.page("invitation.html", 422 if refused else 200, **shown)


def _holds(visit: Visit, token: str) -> bool:
    """Whether the holder of the link's account is signed in, as far as that account asks."""
    found = directory.invited(visit.session, token, visit.at)
    return found is not None and visit.account is not None and visit.account.id == found[1].id and not visit.code_due
