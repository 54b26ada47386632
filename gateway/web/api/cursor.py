"""Cursors: where the next page begins, in a form that nobody reads anything into."""

from __future__ import annotations

import base64
import binascii
from typing import Final

from gateway.web.errors import ProblemError

_MOST: Final = 2**63 - 1


def write_cursor(kind: str, key: int) -> str:
    """Return the cursor of a list behind the row of a key."""
    return base64.urlsafe_b64encode(f"{kind}:{key}".encode()).decode().rstrip("=")


def read_cursor(kind: str, cursor: str | None) -> int | None:
    """Return the key behind which a page begins; None: at the newest.

    Raises:
        ProblemError: it is no cursor of this list.
    """
    if cursor is None:
        return None
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        text = ""
    of, _, key = text.partition(":")
    if of != kind or not (key.isascii() and key.isdecimal()) or not 0 < int(key) <= _MOST:
        detail = "cursor must be what `next` of the page before said"
        raise ProblemError(422, "invalid_value", detail, field="cursor")
    return int(key)
