"""The one clock.

Wall time is UTC and aware, always. Time-outs and pauses use the event loop's own monotonic clock
(``asyncio.timeout``, ``asyncio.sleep``), which tests replace as a whole; this port is for instants
that are stored, compared with a store's ``send_at`` or shown.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells what time it is."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is told; for tests."""

    def __init__(self, start: datetime) -> None:
        self.instant = require_aware("start", start)

    def now(self) -> datetime:
        """The instant it was last set to."""
        return self.instant


def require_aware(name: str, value: datetime) -> datetime:
    """Return ``value`` in UTC.

    Raises:
        ValueError: ``value`` has no time zone.
    """
    if value.tzinfo is None:
        raise ValueError(f"{name} needs a time zone, got the naive {value.isoformat()}")
    return value.astimezone(UTC)
