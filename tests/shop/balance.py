"""Events of one day that get lost, and how the shop finds out and tells of them again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

LOSES: Final = 0.4
"""Share of the day's events that never arrive."""

RECONCILES: Final = timedelta(days=1, hours=1)
"""After the day's begin, in UTC, the shop tells how many events it told of it."""

FOUND: Final = RECONCILES + timedelta(minutes=10)
"""By then what was lost has arrived."""


class Balance:
    """What the shop told of a day.

    Attributes:
        told: the day's events by id, whether they arrived or not.
        lost: the ids of those that did not.
    """

    def __init__(self, day: datetime, seed: int) -> None:
        self.begins = day.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        self.told: dict[str, dict[str, Any]] = {}
        self.lost: set[str] = set()
        self._random = Random(f"balance {seed}")

    @property
    def day(self) -> str:
        """Its date, as JSON has it."""
        return self.begins.date().isoformat()

    def note(self, event: dict[str, Any]) -> bool:
        """Note an event if it is of the day; return whether it gets lost."""
        if event.get("history") or not event["time"].startswith(self.day):
            return False
        self.told[event["id"]] = event
        if self._random.random() < LOSES:
            self.lost.add(event["id"])
        return event["id"] in self.lost

    def tallies(self) -> dict[str, dict[str, object]]:
        """Return how many of each type were told, and the sum of their ids' digests."""
        kinds = sorted({event["type"] for event in self.told.values()})
        return {kind: self._tally(kind) for kind in kinds}

    def _tally(self, kind: str) -> dict[str, object]:
        names = [name for name, event in self.told.items() if event["type"] == kind]
        return {"events": len(names), "digest": _digest(names)}


def _digest(names: Iterable[str]) -> str:
    sums = (int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") for name in names)
    return f"{sum(sums) % 2**64:016x}"
