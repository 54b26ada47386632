"""How many messages a person gets from a store: rolling windows. Pure.

What counts was delivered or may have been; `gateway.db.contact` knows which those are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_FORM: Final = re.compile(r"([1-9]\d{0,3})/([1-9]\d{0,3})([hd])")
_UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Cap:
    """At most so many messages within a length of time, wherever it begins."""

    count: int
    window: timedelta

    @classmethod
    def parse(cls, text: object) -> Cap:
        """Read ``2/24h`` or ``6/7d``.

        Raises:
            ValueError: it is no cap.
        """
        found = _FORM.fullmatch(text) if isinstance(text, str) else None
        if found is None:
            raise ValueError('is no cap; write one such as "2/24h" or "6/7d"')
        return cls(count=int(found[1]), window=int(found[2]) * _UNITS[found[3]])

    def __str__(self) -> str:
        hours = self.window // _UNITS["h"]
        days, rest = divmod(hours, 24)
        return f"{self.count}/{hours}h" if rest or days == 1 else f"{self.count}/{days}d"

    def free_at(self, sent: Sequence[datetime], now: datetime) -> datetime:
        """Return from when on another message keeps to it; ``now`` when it does already.

        Args:
            sent: when the others went out, UTC; those that are older do no harm.
            now: UTC.
        """
        inside = sorted(instant for instant in sent if instant > now - self.window)
        if len(inside) < self.count:
            return now
        return inside[-self.count] + self.window


DEFAULT_CAPS: Final = (Cap.parse("2/24h"), Cap.parse("6/7d"))
"""Of a store that states none. Our choice; no law but Florida's names a number."""


def free_at(caps: Sequence[Cap], sent: Sequence[datetime], now: datetime) -> datetime:
    """Return from when on another message keeps to every cap."""
    return max((cap.free_at(sent, now) for cap in caps), default=now)


def longest(caps: Sequence[Cap]) -> timedelta:
    """Return how far back they look."""
    return max((cap.window for cap in caps), default=timedelta())
