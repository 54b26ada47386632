"""Instants as shops' systems write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import Final

FIRST: Final = datetime(1992, 12, 3, tzinfo=UTC)
"""The first text message. What is dated before it is a date that a program made up."""

RIGHT: Final = "an instant such as 2026-03-01T09:30:00Z"

_EPOCH: Final = re.compile(r"\d{10}(\d{3})?\Z")
_ZONE: Final = re.compile(r"\s*(?:(UTC|GMT|Z)|([+-]\d\d):?(\d\d))\Z", re.IGNORECASE)


def read_instant(text: str, zone: tzinfo) -> datetime:
    """Return an instant in UTC.

    Args:
        text: ISO 8601 with or without a zone, or seconds or milliseconds since 1970.
        zone: of a text without one.

    Raises:
        ValueError: it is none; says what would be right.
    """
    if _EPOCH.match(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    try:
        read = datetime.fromisoformat(_tidy(text))
    except ValueError:
        raise ValueError(f"is no instant; right: {RIGHT}") from None
    return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)


def _tidy(text: str) -> str:
    """Write the zone as ISO 8601 does: `` +0000`` and `` UTC`` as ``+00:00``."""
    zone = _ZONE.search(text) if len(text) > len("2026-03-01") else None
    if zone is None:
        return text
    ahead = "+00:00" if zone[1] else f"{zone[2]}:{zone[3]}"
    return text[: zone.start()] + ahead
