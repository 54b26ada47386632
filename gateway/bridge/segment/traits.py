"""Segment's traits of a person."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from gateway.bridge.hook import Json
from gateway.bridge.reading import country, instant, locale, part, phone, text, words
from gateway.domain.job import format_instant

_DAY: Final = re.compile(r"(?:\d{4}-)?(\d{2}-\d{2})(?:T.*)?\Z")
_MILLISECONDS_FROM: Final = 10**11
"""Seconds of this size are in the year 5138."""


def properties_of(traits: Json, home: str) -> Json:
    """Return the properties of a ``shop.customer.updated.v1``.

    Args:
        traits: as they came, in Segment's spelling or ours.
        home: the store's country.
    """
    address = part(traits, "address")
    where = country(traits.get("country")) or country(address.get("country"))
    birthday = _DAY.match(text(traits, "birthday") or "")
    postal = text(traits, "postal_code") or text(address, "postalCode", "postal_code")
    name = text(traits, "first_name", "firstName")
    return {
        "phone": phone([(traits.get("phone"), where)], home),
        "first_name": None if name is None else name[:64],
        "birthday": birthday[1] if birthday else None,
        "joined_at": _joined(traits.get("joined_at", traits.get("createdAt"))),
        "country": where,
        "postal_code": None if postal is None else postal[:16],
        "preferences": words(traits["preferences"]) if "preferences" in traits else None,
        "tags": words(traits["tags"]) if "tags" in traits else None,
        "locale": locale(text(traits, "locale", "language")),
    }


def _joined(value: object) -> str | None:
    """Return since when; Segment has it as ISO 8601, as seconds and as milliseconds."""
    if isinstance(value, int) and not isinstance(value, bool):
        seconds = value / 1000 if value >= _MILLISECONDS_FROM else value
        try:
            return format_instant(datetime.fromtimestamp(seconds, UTC))
        except (ValueError, OverflowError, OSError):
            return None
    return instant(value)
