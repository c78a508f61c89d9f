"""Signing in with a provider of OpenID Connect: off to it, and back. Whatever goes wrong ends on the sign-in page, with why."""

import logging

from fastapi import APIRouter
from fastapi.responses import Response

from models.account import Account
from offsite.accounts import attempts, identities, open_id, sessions
from offsite.accounts.refusals import NotAccepted, NotByProvider
from offsite.accounts.settings import OidcProvider
from offsite.web import cookies
from offsite.web.signing_in.pages import Anybody, form, next_page, signed_in
from offsite.web.visit import Refuse, Visit

router = APIRouter()
log = logging.getLogger("offsite.sign_in")


@router.get("/sign-in/with/{name}")
def go(visit: Anybody, name: str) -> Response:
    """Off to the provider; what belongs to this sign-in is kept in the browser, sealed."""
    provider = _provider(visit, name)
    try:
        with visit.edge.database.writing() as session:
            attempts.refuse_too_many(session, visit.at, network=_network(visit))
        url, begun = open_id.begin(name, provider, _back(visit, name), next_page(visit), visit.at)
    except NotAccepted as refused:
        return _refused(visit, name, refused, next_page(visit))
    answer, sealed = visit.to(url), open_id.seal(visit.edge.here.key_file, begun)
    cookies.keep(answer, cookies.OPEN_ID, sealed, visit.edge.secure, open_id.GOOD_FOR)
    return answer


@router.get("/sign-in/from/{name}")
def come_back(visit: Anybody, name: str) -> Response:
    """Back from the provider: a session begins, where somebody known has come; some roles then give a one-time code."""
    provider, who, onward = _provider(visit, name), "", "/"
    try:
        begun = _begun(visit, name)
        onward = begun.next
        identity = open_id.finish(provider, begun, _back(visit, name), visit.request.query_params, visit.at)
        who = f"open id:{identity.issuer} {identity.subject}"
        account, token = _let_in(visit, provider, identity, who)
        answer = signed_in(visit, account, token, onward)
    except NotAccepted as refused:
        answer = _refused(visit, name, refused, onward, who)
    cookies.drop(answer, cookies.OPEN_ID, visit.edge.secure)
    return answer


def _begun(visit: Visit, name: str) -> open_id.Begun:
    """The sign-in this browser began, which is spent by being answered."""
    kept = cookies.read(visit.request, cookies.OPEN_ID, visit.edge.secure) or ""
    with visit.edge.database.writing() as session:
        attempts.refuse_too_many(session, visit.at, network=_network(visit))
        state = visit.request.query_params.get("state", "")
        begun = open_id.unseal(visit.edge.here.key_file, kept, name, state, visit.at)
        identities.spend(session, begun.state, visit.at)
    return begun


def _let_in(visit: Visit, provider: OidcProvider, identity: open_id.Identity, who: str) -> tuple[Account, str]:
    with visit.edge.database.writing() as session:
        attempts.refuse_too_many(session, visit.at, account=who)
        account = identities.account_for(session, provider.title, identity, visit.at)
        attempts.remember(session, visit.at, account=who, succeeded=True)
        return account, sessions.begin(session, account, visit.at, instead_of=visit.token)


def _refused(visit: Visit, name: str, refused: NotAccepted, onward: str, who: str = "") -> Response:
    """The sign-in page, with why. A failure counts for who the provider says it was; for the network, where it says nobody."""
    if not isinstance(refused, NotByProvider):
        return form(visit, refused, 429, onward)
    log.warning("sign-in with %s refused: %s: %s", name, type(refused).__name__, refused.reason)
    if refused.counts:
        with visit.edge.database.writing() as session:
            network = "" if who else _network(visit)
            attempts.remember(session, visit.at, account=who, network=network, succeeded=False)
    return form(visit, refused, refused.status, onward)


def _provider(visit: Visit, name: str) -> OidcProvider:
    found = visit.edge.here.settings.pages.oidc.get(name)
    if found is None:
        raise Refuse(404, "Page not found")
    return found


def _back(visit: Visit, name: str) -> str:
    """Where the provider sends the browser back to: an address it was told beforehand."""
    return f"{visit.edge.here.settings.messages.base_url.rstrip('/')}/sign-in/from/{name}"


def _network(visit: Visit) -> str:
    """Counted apart from passwords: what fails here must not lock a school out of those."""
    return f"open id:{visit.network()}"
