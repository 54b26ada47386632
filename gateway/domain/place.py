"""Where a number belongs, as far as it tells: a country and time zones, by phonenumbers' tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import timezone

BLOCK: Final = 5
"""Last digits of a number that tell neither country nor zone: where countries share a calling code,
mobile numbers are theirs by blocks of a hundred thousand and more."""

REMEMBERED: Final = 1 << 17
"""Results that are kept of what is asked again: some ten megabytes."""

_UNKNOWN: Final = "Etc/Unknown"
_NOWHERE: Final = "ZZ"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a number belongs, as far as it tells."""

    country: str | None
    """ISO 3166 alpha-2."""
    timezones: tuple[str, ...]
    """Every zone that it may be in; empty when nothing is known."""


def place_of(number: str) -> Place:
    """Return where a number belongs; E.164."""
    return _place_of_block(number[:-BLOCK], len(number))


@lru_cache(maxsize=REMEMBERED)
def _place_of_block(start: str, length: int) -> Place:
    try:
        parsed = phonenumbers.parse(start.ljust(length, "0"))
    except phonenumbers.NumberParseException:
        return Place(country=None, timezones=())
    country = phonenumbers.region_code_for_number(parsed)
    if country is None and parsed.country_code is not None:
        # Given to nobody, as the numbers for films are.
        country = phonenumbers.region_code_for_country_code(parsed.country_code)
    zones = timezone.time_zones_for_number(parsed)
    return Place(
        country=country if country and country.isalpha() and country != _NOWHERE else None,
        timezones=tuple(zone for zone in zones if zone != _UNKNOWN),
    )
