"""Two providers of OpenID Connect on loopback: a complete one, and one that can be made to answer wrongly.

The first is oidc-provider-mock; it checks no PKCE. The second checks it, and signs whatever a test tells it to.
"""

import json
import logging
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

import httpx
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from offsite.accounts.settings import OidcProvider

CLIENT, SECRET = "offsite-client", "invented-secret"


class Walk:
    """Somebody's way from the sign-in page to a provider and back, in one browser."""

    def __init__(self, pages, name):
        self.pages, self.name, self.browser = pages, name, pages.nobody()

    def leave(self, onward="/"):
        """Off to the provider: where the browser is sent."""
        answer = self.browser.get(f"/sign-in/with/{self.name}?next={quote(onward)}")
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def arrive(self, location):
        """Back with the provider's answer."""
        back = urlsplit(location)
        assert f"{back.scheme}://{back.netloc}" == self.pages.here.settings.messages.base_url
        return self.browser.get(f"{back.path}?{back.query}")


class Whole:
    """The complete provider."""

    def __init__(self, issuer, pages):
        self.issuer, self.pages = issuer, pages

    def knows(self, subject, **claims):
        """Somebody it knows. Its tokens run by the test's clock, since ours does."""
        now = int(self.pages.clock.at.timestamp())
        answer = httpx.put(f"{self.issuer}/users/{subject}", json={"iat": now, "exp": now + 3600, **claims})
        assert answer.status_code == 204, answer.text

    def consent(self, location, subject):
        """Sign in there; where it then sends the browser."""
        return httpx.post(location, data={"sub": subject}).headers["location"]

    def deny(self, location):
        return httpx.post(location, data={"action": "deny"}).headers["location"]


class Crooked:
    """A provider that does as told. `about`, `claims` and `header` go over what is right."""

    def __init__(self, server, pages):
        self.issuer, self.pages = f"http://127.0.0.1:{server.server_port}", pages
        self.key = RSAKey.generate_key(2048, {"kid": "first"})
        self.straight()

    def straight(self):
        """From now on everything is right."""
        self.published = self.signer = self.key
        self.about, self.claims, self.header, self.user, self.codes, self.status, self.asked = {}, {}, {}, {}, {}, {}, []

    def consent(self, location, subject):
        asked = dict(parse_qsl(urlsplit(location).query))
        now, code = int(self.pages.clock.at.timestamp()), secrets.token_urlsafe(16)
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": subject, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims = {name: value for name, value in (claims | self.claims).items() if value is not None}
        header = {"alg": "RS256", "kid": self.signer.kid} | self.header
        token = jwt.encode(header, claims, self.signer, [header["alg"]])
        self.codes[code] = {"token": token, "subject": subject, **asked}
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def answer(self, method, path, typed, headers):
        """Status and JSON of one request."""
        self.asked.append(path)
        if path in self.status:
            return self.status[path], {}
        if path == "/.well-known/openid-configuration":
            places = {f"{p}_endpoint": f"{self.issuer}/{p}" for p in ("authorization", "token", "userinfo")}
            right = {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks", **places}
            return 200, right | {"token_endpoint_auth_methods_supported": ["client_secret_post"]} | self.about
        if path == "/jwks":
            return 200, KeySet([self.published]).as_dict(private=False)
        if path == "/userinfo":
            return 200, self.user if headers.get("authorization") == "Bearer invented-access" else {}
        code = self.codes.pop(typed.get("code"), None)
        proven = code and create_s256_code_challenge(typed["code_verifier"]) == code["code_challenge"]
        ours = (typed.get("client_id"), typed.get("client_secret")) == (CLIENT, SECRET)
        if method != "POST" or not proven or not ours or typed["redirect_uri"] != code["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "invented-access", "token_type": "Bearer", "id_token": code["token"]}


@pytest.fixture(scope="module")
def whole(pages):
    """The complete provider, running."""
    import oidc_provider_mock  # it warns of its own old imports, and only once

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with oidc_provider_mock.run_server_in_thread(require_nonce=True) as server:
        yield Whole(f"http://localhost:{server.server_port}", pages)


@pytest.fixture(scope="module")
def _crooked(pages):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            length = int(self.headers.get("content-length", 0))
            typed = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
            status, body = provider.answer(self.command, urlsplit(self.path).path, typed, self.headers)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        do_POST = do_GET

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Crooked(server, pages)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield provider
    server.shutdown()
    server.server_close()


@pytest.fixture
def crooked(_crooked):
    """The other provider, running and straight."""
    _crooked.straight()
    return _crooked


@pytest.fixture
def allowed(pages):
    """Lets people in by a provider, and gives somebody's way there and back."""
    settings = pages.here.settings.pages
    before = settings.oidc

    def allow(provider, name="known", **more):
        given = {"title": "Invented Provider", "client_id": CLIENT, "client_secret": SECRET, "issuer": provider.issuer}
        settings.oidc = {**settings.oidc, name: OidcProvider(**given | more)}
        return Walk(pages, name)

    yield allow
    settings.oidc = before


@pytest.fixture
def wrong_key():
    """A key that is not the provider's, under the same name."""
    return RSAKey.generate_key(2048, {"kid": "first"})


@pytest.fixture
def shared_key():
    """The client's secret as a key: what a provider never signs with here."""
    return OctKey.import_key(SECRET.ljust(32, "-"), {"kid": "first"})
