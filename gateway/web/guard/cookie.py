"""The cookie of a session: read by no script, sent by no other site's form."""

from __future__ import annotations

from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response

from gateway.access.sessions import LIFE
from gateway.settings import Settings

SECURE: Final = "__Host-shopbell"
"""Over TLS: a browser takes it from this host alone, whole, and never over plain HTTP."""

PLAIN: Final = "shopbell"


def is_secure(settings: Settings) -> bool:
    """Whether browsers reach the console over TLS."""
    console = settings.console
    return console is not None and console.url is not None and console.url.scheme == "https"


def cookie_name(settings: Settings) -> str:
    """Return what the cookie is called."""
    return SECURE if is_secure(settings) else PLAIN


def read_cookie(request: HTTPConnection, settings: Settings) -> str | None:
    """Return the secret that a browser shows."""
    return request.cookies.get(cookie_name(settings)) or None


def set_cookie(response: Response, settings: Settings, secret: str) -> None:
    """Have a browser show a secret from now on."""
    response.set_cookie(
        cookie_name(settings),
        secret,
        max_age=int(LIFE.total_seconds()),
        path="/",
        secure=is_secure(settings),
        httponly=True,
        samesite="lax",
    )


def clear_cookie(response: Response, settings: Settings) -> None:
    """Have a browser forget it."""
    response.delete_cookie(
        cookie_name(settings),
        path="/",
        secure=is_secure(settings),
        httponly=True,
        samesite="lax",
    )
