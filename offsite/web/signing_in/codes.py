"""One-time codes: giving one when signing in, setting them up, renewing them. A wrong code counts as a failed attempt."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from models.account import Account, SignIn
from offsite.accounts import attempts, one_time_codes, sessions
from offsite.accounts.refusals import NotAccepted
from offsite.messages.accounts import CODES_RENEWED, tell_holder
from offsite.web.signing_in.pages import Anybody, Posted, next_page
from offsite.web.visit import Visit, area

router = APIRouter()
Own = Annotated[Visit, Depends(area("account"))]


@router.get("/sign-in/code")
def code_page(visit: Anybody) -> Response:
    """The form for a one-time code."""
    if visit.account is None:
        return visit.to("/sign-in")
    return visit.page("code.html", refused=None, next=next_page(visit))


@router.post("/sign-in/code", dependencies=[Posted])
def code(visit: Anybody) -> Response:
    """Check a one-time code."""
    if visit.account is None:
        return visit.to("/sign-in")
    try:
        _passed(visit, lambda account: _use(visit, account))
    except NotAccepted as refused:
        return visit.page("code.html", 422, refused=refused, next=next_page(visit))
    return visit.to(next_page(visit))


@router.get("/account/codes")
def codes_page(visit: Anybody) -> Response:
    """Setting up one-time codes: a picture to scan, a code to try. Only until it is confirmed."""
    if visit.account is None:
        return visit.to("/sign-in")
    if visit.account.code_confirmed:
        return visit.to("/sign-in/code")
    return _codes(visit)


@router.post("/account/codes", dependencies=[Posted])
def codes(visit: Anybody) -> Response:
    """Confirm one-time codes with the first of them."""
    if visit.account is None:
        return visit.to("/sign-in")
    try:
        _passed(visit, lambda account: _use(visit, account))
    except NotAccepted as refused:
        return _codes(visit, refused)
    return visit.to(next_page(visit))


def _codes(visit: Visit, refused: NotAccepted | None = None) -> Response:
    assert visit.account is not None
    key_file, account_id, needed = visit.edge.here.key_file, visit.account.id, visit.code_due
    with visit.edge.database.writing() as session:
        account = session.get_one(Account, account_id)
        if account.code_secret is None:
            account.code_secret = key_file.wrap(one_time_codes.new_secret())
        secret, email = key_file.unwrap(account.code_secret), account.email
    shown = {"picture": one_time_codes.picture(secret, email), "secret": secret, "needed": needed, "next": next_page(visit)}
    return visit.page("codes.html", 422 if refused else 200, refused=refused, **shown)


@router.get("/account/codes/renew")
def renew_page(visit: Own) -> Response:
    """One-time codes on another phone: a new picture to scan."""
    assert visit.account is not None
    if not visit.account.code_confirmed:
        return visit.to("/account/codes")
    return _renew(visit, one_time_codes.offer(visit.edge.here.key_file, visit.account))


@router.post("/account/codes/renew", dependencies=[Posted])
def renew(visit: Own) -> Response:
    """Take the new codes in place of the present ones, by a code of each; every other session ends."""
    assert visit.account is not None
    if not visit.account.code_confirmed:
        return visit.to("/account/codes")
    key_file, sealed, at = visit.edge.here.key_file, visit.text("sealed"), visit.at
    present, fresh = visit.text("code"), visit.text("new_code")
    try:
        _passed(visit, lambda account: one_time_codes.renew(account, key_file, present, sealed, fresh, at))
    except NotAccepted as refused:
        return _renew(visit, sealed, refused)
    with visit.edge.database.writing() as session:
        sessions.end_all(session, visit.account.id, at, but=visit.token)
        tell_holder(session, visit.who.school, visit.who.person_id, CODES_RENEWED, visit.who.ref, at)
    return visit.to("/account?done=codes")


def _renew(visit: Visit, sealed: str, refused: NotAccepted | None = None) -> Response:
    assert visit.account is not None
    key_file = visit.edge.here.key_file
    try:
        secret = one_time_codes.offered(key_file, visit.account, sealed)
    except NotAccepted:
        sealed = one_time_codes.offer(key_file, visit.account)
        secret = one_time_codes.offered(key_file, visit.account, sealed)
    picture = one_time_codes.picture(secret, visit.account.email)
    shown = {"picture": picture, "secret": secret, "sealed": sealed}
    return visit.page("renew_codes.html", 422 if refused else 200, refused=refused, **shown)


def _use(visit: Visit, account: Account) -> None:
    one_time_codes.use(account, visit.edge.here.key_file, visit.text("code"), visit.at)
    account.code_confirmed = True


def _passed(visit: Visit, check: Callable[[Account], None]) -> None:
    """Pass a check of the account that is signed in, which then gave a code in this session.

    Raises NotAccepted; what is wrong counts as a failed attempt of the account. Who comes this far has given its password, so
    what others do behind the same network address is not asked about.
    """
    assert visit.account is not None and visit.signed_in is not None
    account_id, sign_in_id, of = visit.account.id, visit.signed_in.id, f"code:{visit.account.id}"
    failed: NotAccepted | None = None
    with visit.edge.database.writing() as session:
        attempts.refuse_too_many(session, visit.at, account=of)
        account = session.get_one(Account, account_id)
        try:
            check(account)
        except NotAccepted as refused:
            failed = refused
        else:
            session.get_one(SignIn, sign_in_id).code_passed = True
        attempts.remember(session, visit.at, account=of, succeeded=failed is None)
    if failed is not None:
        raise failed
