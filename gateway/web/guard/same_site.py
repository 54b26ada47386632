"""Whether a request that changes something comes from our own pages. Pure.

A browser sends the cookie of a session also when another site's page makes it ask; with that it
says where the page was from: ``Sec-Fetch-Site`` over TLS and on this machine, ``Origin`` always.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing; a page answers them to whoever may look."""

_OURS: Final = frozenset({"same-origin", "none"})
"""``none``: a person asked, and no page."""

_PORTS: Final = {"http": 80, "https": 443}


def is_ours(method: str, headers: Mapping[str, str], *, has_cookie: bool, own: str | None) -> bool:
    """Whether a request may change something by the cookie that it carries.

    Args:
        method: of HTTP.
        headers: of the request, by their names in small letters.
        has_cookie: whether it shows a session; a program without any has nothing to be misused.
        own: the address under which browsers reach us, where it is configured.
    """
    if method in SAFE or is_program(headers):
        return True
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in _OURS
    origin = headers.get("origin")
    if origin is not None:
        return _is_own_origin(origin, headers.get("host", ""), own)
    return not has_cookie


def is_program(headers: Mapping[str, str]) -> bool:
    """Whether a token is shown, which no page of another site can have a browser do."""
    return headers.get("authorization", "").lower().startswith("bearer ")


def _is_own_origin(origin: str, host: str, own: str | None) -> bool:
    if own is not None and origin.lower() == own:
        return True
    if own is not None and own.startswith("https://") and not origin.startswith("https://"):
        return False
    scheme, _, netloc = origin.partition("://")
    return _place(scheme, netloc) is not None and _place(scheme, netloc) == _place(scheme, host)


def _place(scheme: str, netloc: str) -> tuple[str, int | None] | None:
    """Return the host and the port; None where it is none, or goes on."""
    try:
        split = urlsplit(f"//{netloc}")
        port = split.port or _PORTS.get(scheme)
    except ValueError:
        return None
    return (split.hostname, port) if split.hostname and split.netloc == netloc else None
