"""What every response carries, and what every unsafe request must: a strict content policy, and our own origin."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from offsite.web import cookies
from offsite.web.api.problems import problem
from offsite.web.visit import Edge

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'none'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
}
SAFE = ("GET", "HEAD", "OPTIONS")


class Guard:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, edge: Callable[[], Edge]) -> None:
        """`edge` is asked for at each request, so that a test may hand in its own."""
        self.app, self.edge = app, edge

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what another site sent; add the headers to what goes out."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await self._answer(scope)(scope, receive, self._with_headers(scope, send))

    def _answer(self, scope: Scope) -> ASGIApp:
        if b"%00" in scope["raw_path"] + scope["query_string"]:  # PostgreSQL looks for no text with a NUL in it
            return problem(400, "the address holds the character NUL")
        if scope["method"] not in SAFE and not scope["path"].startswith("/api/") and _foreign(scope):
            return PlainTextResponse("This form was sent from another site. Nothing was saved.\n", 403)
        return self.app

    def _with_headers(self, scope: Scope, send: Send) -> Callable[[Any], Awaitable[None]]:
        secure, static = self.edge().secure, scope["path"].startswith("/static/")

        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                headers.append((b"cache-control", b"public, max-age=3600" if static else b"no-store"))
                if secure:
                    headers.append((b"strict-transport-security", b"max-age=31536000"))
                if "offsite_new_visitor" in scope:
                    name = cookies.named(cookies.VISITOR, secure)
                    made = f"{name}={scope['offsite_new_visitor']}; Path=/; HttpOnly; SameSite=Lax"
                    headers.append((b"set-cookie", (made + ("; Secure" if secure else "")).encode()))
                message["headers"] = [*message["headers"], *headers]
            await send(message)

        return sending


def _foreign(scope: Scope) -> bool:
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")
