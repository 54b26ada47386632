"""A person in the lake: a pseudonym, a country and a wall clock, from a number alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Final
from zoneinfo import ZoneInfo

from gateway.domain.place import BLOCK, REMEMBERED, place_of
from scoring.pseudonym import pseudonym

_SECOND: Final = 1_000_000
_QUARTER: Final = 900 * _SECOND
"""Microseconds of a quarter of an hour, within which no clock on a wall changes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """Where a store is."""

    country: str
    """ISO 3166 alpha-2."""
    timezone: str
    currency: str | None = None
    """ISO 4217; None: that of most of its orders."""


class Persons:
    """Turns numbers into what the lake may hold of them.

    Args:
        key: of the pseudonyms.
        homes: where each store is.
    """

    def __init__(self, key: bytes, homes: Mapping[str, Home]) -> None:
        self._key = key
        self._homes = homes
        # Campaigns write to the same persons over the same lines again and again.
        self._pseudonym = lru_cache(maxsize=REMEMBERED)(partial(pseudonym, key))
        self._clock = lru_cache(maxsize=REMEMBERED)(self._wall_clock)

    @property
    def currencies(self) -> dict[str, str]:
        """The currency of each store that has one of its own."""
        told = {store: home.currency for store, home in self._homes.items()}
        return {store: currency for store, currency in told.items() if currency is not None}

    def person_id(self, number: str) -> str:
        """Return the pseudonym of a number in E.164."""
        return self._pseudonym("person", number)

    def message_id(self, store: str, job: str) -> str:
        """Return the pseudonym of a store's job."""
        return pseudonym(self._key, "message", f"{store}/{job}")

    def reply_id(self, inbound: str) -> str:
        """Return the pseudonym of a message that came in."""
        return pseudonym(self._key, "reply", inbound)

    def order_id(self, store: str, order: str, kind: str) -> str:
        """Return the pseudonym of a store's order, or of what came back of it."""
        return pseudonym(self._key, kind, f"{store}/{order}")

    def click_id(self, key: int) -> str:
        """Return the pseudonym of a click."""
        return pseudonym(self._key, "click", str(key))

    def draw_id(self, key: int) -> str:
        """Return the pseudonym of a decision."""
        return pseudonym(self._key, "decision", str(key))

    def line_id(self, line: str) -> str:
        """Return the pseudonym of a SIM."""
        return self._pseudonym("line", line)

    def country(self, number: str) -> str | None:
        """Return the country of a number, ISO 3166 alpha-2."""
        return place_of(number).country

    def timezone(self, number: str, store: str) -> str | None:
        """Return the zone of a number; else the store's in its country."""
        place = place_of(number)
        if len(place.timezones) == 1:
            return place.timezones[0]
        home = self._homes.get(store)
        return home.timezone if home is not None and home.country == place.country else None

    def local(self, instant: int, number: str, store: str) -> int | None:
        """Return an instant on the person's wall clock, else on the store's.

        Args:
            instant: microseconds since 1970, UTC.
            number: the person's.
            store: whose clock it is where the person's is unknown.
        """
        zone = self._clock(number[:-BLOCK], len(number), store)
        return None if zone is None else instant + _ahead(zone, instant // _QUARTER)

    def _wall_clock(self, start: str, length: int, store: str) -> ZoneInfo | None:
        home = self._homes.get(store)
        name = self.timezone(start.ljust(length, "0"), store)
        if name is None and home is not None:
            name = home.timezone
        return None if name is None else ZoneInfo(name)


@lru_cache(maxsize=REMEMBERED)
def _ahead(zone: ZoneInfo, quarter: int) -> int:
    """Return by how many microseconds a zone is ahead of UTC in a quarter of an hour."""
    start = datetime.fromtimestamp(quarter * _QUARTER // _SECOND, zone)
    return (start.utcoffset() or timedelta()) // timedelta(microseconds=1)
