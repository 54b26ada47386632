"""Where a person is, as far as it is known: a country, states of it, and clocks. Pure.

A time zone that was stated is believed alone; else the postal code tells; else the number. Where
several zones remain, the person may be in any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from gateway.consent.country import Geography
from gateway.domain.place import place_of
from gateway.domain.zones import zones_of_country

_US: Final = "US"


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What is on record of where a person is."""

    number: str
    """E.164."""
    timezone: ZoneInfo | None = None
    postal_code: str | None = None
    country: str | None = None
    """ISO 3166 alpha-2; None: the number's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Whereabouts:
    """Where a person may be."""

    country: str | None
    """ISO 3166 alpha-2."""
    states: frozenset[str] = frozenset()
    """States of the country whose rules may hold: a number may be from another than its person."""
    postal_code: str | None = None
    zones: tuple[ZoneInfo, ...]
    """At least one."""


def locate(known: Known, geography: Geography, fallback: ZoneInfo) -> Whereabouts:
    """Return where a person may be.

    Args:
        known: what is on record.
        geography: the states of the United States.
        fallback: the store's zone, for a number that belongs to no country.
    """
    country = known.country or place_of(known.number).country
    by_code: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    if country == _US:
        by_code = geography.states_of_postal_code(known.postal_code or "")
        states = by_code | geography.states_of_number(known.number)
    return Whereabouts(
        country=country,
        states=states,
        postal_code=known.postal_code,
        zones=_zones(known, country, by_code, geography) or (fallback,),
    )


def _zones(
    known: Known, country: str | None, by_code: frozenset[str], geography: Geography
) -> tuple[ZoneInfo, ...]:
    if known.timezone is not None:
        return (known.timezone,)
    if by_code:
        found = {zone.key: zone for state in by_code for zone in geography.zones[state]}
        return tuple(found[key] for key in sorted(found))
    place = place_of(known.number)
    if place.timezones and place.country == country:
        return tuple(map(ZoneInfo, place.timezones))
    return () if country is None else zones_of_country(country)
