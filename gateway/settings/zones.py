"""The time zone of a country that has only one."""

from __future__ import annotations

from importlib import resources
from typing import Final
from zoneinfo import ZoneInfo

_UNKNOWN: Final = ZoneInfo("UTC")


def zone_of_country(country: str) -> ZoneInfo:
    """Return the zone of a country with exactly one, by the tz database's zone.tab; else UTC.

    Args:
        country: ISO 3166 code.
    """
    names = [name for code, name in _zone_table() if code == country]
    return ZoneInfo(names[0]) if len(names) == 1 else _UNKNOWN


def _zone_table() -> list[tuple[str, str]]:
    text = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return [(row[0], row[2]) for row in rows]
