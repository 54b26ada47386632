"""The time zones of a country, by the tz database's zone.tab."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final
from zoneinfo import ZoneInfo

_UNKNOWN: Final = ZoneInfo("UTC")


def zones_of_country(country: str) -> tuple[ZoneInfo, ...]:
    """Return every zone of a country; none when there is no such country.

    Args:
        country: ISO 3166 code.
    """
    return tuple(map(ZoneInfo, _zone_table().get(country, ())))


def zone_of_country(country: str) -> ZoneInfo:
    """Return the zone of a country with exactly one; else UTC.

    Args:
        country: ISO 3166 code.
    """
    zones = zones_of_country(country)
    return zones[0] if len(zones) == 1 else _UNKNOWN


@cache
def _zone_table() -> Mapping[str, list[str]]:
    text = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    table = defaultdict(list)
    for line in text.splitlines():
        if not line.startswith("#"):
            code, _, zone, *_ = line.split("\t")
            table[code].append(zone)
    return table
