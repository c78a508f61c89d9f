"""Cookies: what they are called, and how they are set: never read by scripts, never sent from another site's form.

Under https their names begin with __Host-: the browser then takes them from this very host only, and only over https.
"""

from datetime import timedelta

from fastapi import Request
from fastapi.responses import Response

SESSION, VISITOR, OPEN_ID = "offsite", "offsite-visitor", "offsite-open-id"
KNOWN = "offsite-known"
"""Kept after signing in, so that the browser is known there (offsite/accounts/attempts.py)."""


def named(name: str, secure: bool) -> str:
    """What a cookie is called in the browser."""
    return f"__Host-{name}" if secure else name


def read(request: Request, name: str, secure: bool) -> str | None:
    """A cookie the browser sent."""
    return request.cookies.get(named(name, secure))


def keep(answer: Response, name: str, value: str, secure: bool, lasts: timedelta) -> None:
    """Have the browser keep a cookie for a time."""
    seconds = int(lasts.total_seconds())
    answer.set_cookie(named(name, secure), value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax")


def drop(answer: Response, name: str, secure: bool) -> None:
    """Have the browser forget a cookie."""
    answer.delete_cookie(named(name, secure), path="/", secure=secure, httponly=True, samesite="lax")
