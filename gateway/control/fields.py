"""What goes with a request, read: over the socket, from a page or from the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from gateway.domain.errors import RejectedError
from gateway.domain.ids import STORE_NAME, StoreName


def text_of(fields: Mapping[str, Any], name: str) -> str | None:
    """Return a text; None where there is none, or an empty one.

    Raises:
        RejectedError: it is no text, or holds the character NUL.
    """
    value = fields.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or "\0" in value:
        raise RejectedError("malformed", f"{name}: right: a text without NUL", field=name)
    return value


def needed(fields: Mapping[str, Any], name: str) -> str:
    """Return a text that has to be there.

    Raises:
        RejectedError: it is not.
    """
    value = text_of(fields, name)
    if value is None:
        raise RejectedError("malformed", f"{name} is missing", field=name)
    return value


def store_of(fields: Mapping[str, Any], name: str = "store") -> StoreName | None:
    """Return the store that is named; None: none is.

    Raises:
        RejectedError: no store can have such a name.
    """
    value = text_of(fields, name)
    if value is None:
        return None
    if not STORE_NAME.match(value):
        raise RejectedError("unknown_store", f"no store has the name {value!r}", field=name)
    return StoreName(value)


def count_of(fields: Mapping[str, Any], name: str, default: int) -> int:
    """Return a number of things, from 1.

    Raises:
        RejectedError: it is none.
    """
    value = fields.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise RejectedError("malformed", f"{name}: right: a whole number from 1", field=name)
    return value


def instant_of(fields: Mapping[str, Any], name: str) -> datetime | None:
    """Return an instant, UTC; None: none is named.

    Raises:
        RejectedError: it is none, or has no zone.
    """
    value = fields.get(name)
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        right = "RFC 3339 with a zone, such as 2026-11-27T09:30:00Z"
        raise RejectedError("malformed", f"{name} is {value!r}; right: {right}", field=name)
    return at.astimezone(UTC)
