"""OpenID Connect, authorisation code flow with PKCE: sending somebody to a provider, and checking what comes back.

Signature and claims are checked by joserfc and authlib. Nothing here opens a database or decides who may come in. The
provider's description and keys are fetched anew for each sign-in: they are few, and keys may change at any hour.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote_plus, urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from itsdangerous import BadSignature, URLSafeSerializer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from models.encrypted_text import KeyFile
from offsite.accounts.refusals import NoAnswer, NotTrusted, RunOut, Stopped
from offsite.accounts.settings import OidcProvider, loopback

GOOD_FOR = timedelta(minutes=10)
"""How long somebody may take at the provider."""
TIMEOUT = httpx.Timeout(5.0, connect=3.0)
LEEWAY_SECONDS = 120
"""By which a provider's clock may differ from ours."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures with a key that only the provider has; never "none", never our own secret."""


class Begun(NamedTuple):
    """A sign-in that was begun: kept by the browser, sealed, until the provider answers."""

    provider: str
    """Name in the settings."""
    state: str
    nonce: str
    verifier: str
    next: str
    """Page to go on to."""
    at: datetime


class Identity(NamedTuple):
    """Who the provider says has come."""

    issuer: str
    subject: str
    email: str | None
    """Lower case; None where nobody vouches that it is theirs."""


def begin(name: str, provider: OidcProvider, back: str, next_page: str, at: datetime) -> tuple[str, Begun]:
    """The provider's address to go to, and what to keep till the answer comes to `back`. Raises NoAnswer, NotTrusted."""
    about = _description(provider)
    begun = Begun(name, secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(64), next_page, at)
    url = prepare_grant_uri(
        _endpoint(provider, about, "authorization_endpoint"),
        provider.client_id,
        "code",
        redirect_uri=back,
        scope="openid email",
        state=begun.state,
        nonce=begun.nonce,
        code_challenge=create_s256_code_challenge(begun.verifier),
        code_challenge_method="S256",
        prompt="select_account",  # a computer in a staff room is shared: nobody comes in as whoever was there before
    )
    return url, begun


def finish(provider: OidcProvider, begun: Begun, back: str, answer: Mapping[str, str], at: datetime) -> Identity:
    """Who has come, by the answer the provider sent the browser back with; its state was checked before.

    Raises Stopped, NoAnswer, NotTrusted.
    """
    if "error" in answer or "code" not in answer:
        raise Stopped(provider.title, answer.get("error", "no code"))
    if answer.get("iss", provider.issuer) != provider.issuer:
        raise NotTrusted(provider.title, "iss of the answer")
    about = _description(provider)
    tokens = _tokens(provider, about, begun, back, answer["code"])
    claims = _claims(provider, about, tokens, begun.nonce, at)
    if "email" not in claims and "userinfo_endpoint" in about:
        claims = _more(provider, about, tokens, claims)
    return Identity(provider.issuer, claims["sub"], _own_address(provider, claims))


def seal(key_file: KeyFile, begun: Begun) -> str:
    """What the browser keeps: signed, so that it cannot be made up."""
    return str(_signer(key_file).dumps([*begun[:-1], begun.at.isoformat()]))


def unseal(key_file: KeyFile, kept: str, name: str, state: str, at: datetime) -> Begun:
    """The sign-in a browser kept, if it is the one the provider answers. Raises RunOut."""
    try:
        provider, state_sent, nonce, verifier, next_page, began = _signer(key_file).loads(kept)
    except BadSignature:
        raise RunOut("nothing kept") from None
    begun = Begun(provider, state_sent, nonce, verifier, next_page, datetime.fromisoformat(began))
    if begun.provider != name or not secrets.compare_digest(begun.state.encode(), state.encode()):
        raise RunOut("state")
    if at - begun.at > GOOD_FOR:
        raise RunOut("time")
    return begun


def _signer(key_file: KeyFile) -> URLSafeSerializer:
    return URLSafeSerializer(key_file.derived("open id").hex(), salt="begun")


def _description(provider: OidcProvider) -> dict[str, Any]:
    """What the provider says of itself, which must be of the issuer that was asked."""
    about = _asked(provider, "GET", get_well_known_url(provider.issuer, external=True))
    if about.get("issuer") != provider.issuer:
        raise NotTrusted(provider.title, "issuer of the description")
    return about


def _endpoint(provider: OidcProvider, about: Mapping[str, Any], name: str) -> str:
    """One of its addresses: https, unless provider and address are both on this machine."""
    address = about.get(name)
    if not isinstance(address, str):
        raise NotTrusted(provider.title, f"no {name}")
    if urlsplit(address).scheme != "https" and not (loopback(provider.issuer) and loopback(address)):
        raise NotTrusted(provider.title, f"{name} is not https")
    return address


def _tokens(provider: OidcProvider, about: Mapping[str, Any], begun: Begun, back: str, code: str) -> dict[str, Any]:
    """The tokens for a code, for which we prove that we are who asked for it."""
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": begun.verifier}
    who = None
    if provider.secret and "client_secret_post" not in about.get("token_endpoint_auth_methods_supported", ()):
        who = httpx.BasicAuth(quote_plus(provider.client_id), quote_plus(provider.secret))
    else:
        sent |= {"client_id": provider.client_id} | ({"client_secret": provider.secret} if provider.secret else {})
    return _asked(provider, "POST", _endpoint(provider, about, "token_endpoint"), data=sent, auth=who)


def _claims(
    provider: OidcProvider, about: Mapping[str, Any], tokens: Mapping[str, Any], nonce: str, at: datetime
) -> CodeIDToken:
    """The claims of the id token: signed by the provider, for us, in answer to this sign-in, not run out."""
    keys = _asked(provider, "GET", _endpoint(provider, about, "jwks_uri"))
    asked_for = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "sub": {"essential": True},
    }
    known = {"nonce": nonce, "client_id": provider.client_id, "access_token": tokens.get("access_token")}
    try:
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        token = jwt.decode(tokens["id_token"], KeySet.import_key_set(keys), registry=registry)  # type: ignore[arg-type]
        claims = CodeIDToken(token.claims, token.header, asked_for, known)
        claims.validate(now=int(at.timestamp()), leeway=LEEWAY_SECONDS)
    except JoseError as wrong:
        raise NotTrusted(provider.title, f"{wrong.error} {getattr(wrong, 'claim', '')}".strip()) from None
    except (LookupError, TypeError, ValueError, AttributeError) as wrong:
        raise NotTrusted(provider.title, f"malformed: {type(wrong).__name__}") from None
    return claims


def _more(
    provider: OidcProvider, about: Mapping[str, Any], tokens: Mapping[str, Any], claims: Mapping[str, Any]
) -> dict[str, Any]:
    """The claims with those the provider gives only when asked, where they are of the same person."""
    bearer = {"authorization": f"Bearer {tokens.get('access_token', '')}"}
    found = _asked(provider, "GET", _endpoint(provider, about, "userinfo_endpoint"), headers=bearer)
    if found.get("sub") != claims["sub"]:
        raise NotTrusted(provider.title, "sub of the user's information")
    return {**found, **claims}


def _own_address(provider: OidcProvider, claims: Mapping[str, Any]) -> str | None:
    """The address, where it is vouched for; a provider that denies it is believed whatever the setting."""
    email = claims.get("email")
    # Only ASCII: among other letters are some that become one of ours in lower case (K, the sign of the kelvin).
    if not isinstance(email, str) or not email.isascii() or "@" not in email:
        return None
    if claims.get("email_verified", True) not in (True, "true", "1"):
        return None
    if provider.vouched_by != "operator" and claims.get(provider.vouched_by) not in (True, "true", "1"):
        return None
    return email.strip().lower()


def _asked(provider: OidcProvider, method: str, address: str, **sent: Any) -> dict[str, Any]:
    """What the provider answers, which is a JSON object. Refusing a code is an answer; any other failure is none."""
    where = urlsplit(address).path
    try:
        answer = httpx.request(method, address, timeout=TIMEOUT, follow_redirects=False, **sent)
    except (httpx.HTTPError, httpx.InvalidURL) as failure:
        raise NoAnswer(provider.title, f"{where}: {type(failure).__name__}") from None
    if method == "POST" and answer.is_client_error:
        raise NotTrusted(provider.title, f"{where}: {answer.status_code}")
    if not answer.is_success:
        raise NoAnswer(provider.title, f"{where}: {answer.status_code}")
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise NotTrusted(provider.title, f"{where}: not a JSON object")
    return found
