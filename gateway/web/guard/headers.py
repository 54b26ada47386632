"""What every answer tells the browser to do, and not to do, with what it gets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.datastructures import MutableHeaders

CONTENT_SECURITY: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""Scripts and styles are our files alone: what a customer writes runs nowhere, were it ever to get
into a page as more than text."""

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With `no-referrer` browsers would send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex",
}

UNLESS_SAID: Final[Mapping[str, str]] = {"Cache-Control": "no-store"}
"""What an answer may say otherwise: files with a hash in their name may be kept."""

TRANSPORT: Final[Mapping[str, str]] = {"Strict-Transport-Security": "max-age=31536000"}
"""Where the console is reached over TLS: never without it again, for a year."""


def add_headers(headers: MutableHeaders, *, secure: bool) -> None:
    """Give an answer what goes with every one."""
    headers.update(HEADERS)
    if secure:
        headers.update(TRANSPORT)
    for name, value in UNLESS_SAID.items():
        headers.setdefault(name, value)
