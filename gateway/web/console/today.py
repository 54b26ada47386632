"""What happened since midnight, of what the box measured of itself; and where midnight was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from sqlalchemy import Connection

from gateway.db.console.sums import sum_samples
from gateway.domain.sample import ALL, MINUTE, Series
from gateway.web.house import House

Sums = Mapping[tuple[str, str], float]
"""By series and subject."""


def midnight(house: House) -> datetime:
    """Return when the day of the box began."""
    zone = house.settings().gateway.zone
    return datetime.combine(house.clock.now().astimezone(zone).date(), time(), zone)


def sums_of_today(connection: Connection, since: datetime) -> Sums:
    """Return what was counted since midnight."""
    return sum_samples(connection, MINUTE, since)


def all_of(sums: Sums, series: Series) -> int:
    """Return what was counted of all together."""
    return round(sums.get((series, ALL), 0))


def of(sums: Sums, series: Series, subject: str) -> int:
    """Return what was counted of one."""
    return round(sums.get((series, subject), 0))
