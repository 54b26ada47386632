"""A token bucket, in parts, on the caller's monotonic clock. Pure.

In no stretch of ``t`` seconds more than ``rate * t + burst`` parts leave; a message that is larger
than the bucket leaves when the bucket is full, and what follows waits for all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import Final

_TOLERANCE: Final = 1e-6
"""Parts by which a bucket may be short: what floating point loses must not make anybody wait."""


@dataclass(slots=True)
class Bucket:
    """Fills at a rate that its caller gives each time, so that a new one holds at once.

    A rate is in parts a second; None is no limit.
    """

    burst: float = 1.0
    """Parts that may leave at once after a pause. One: they leave evenly, never in bursts that
    operators notice."""
    _level: float = field(init=False, default=0.0)
    _at: float = field(init=False, default=-inf)

    def level(self, now: float, per_second: float) -> float:
        """Return what would be in it at ``now`` if nothing ever overflowed."""
        return self._level + (now - self._at) * per_second

    def wait(
        self, now: float, per_second: float | None, parts: int = 1, *, beyond: float = 0.0
    ) -> float:
        """Return the seconds until so many parts may leave; 0.0 when they may now.

        Args:
            now: the caller's monotonic clock, in seconds.
            per_second: the rate that holds now.
            parts: that leave together.
            beyond: what has to be in the bucket beside them; it may fill so much higher.
        """
        if per_second is None:
            return 0.0
        lacking = min(parts, self.burst) + beyond - self.level(now, per_second)
        return lacking / per_second if lacking > _TOLERANCE else 0.0

    def take(
        self, now: float, per_second: float | None, parts: int = 1, *, beyond: float = 0.0
    ) -> None:
        """Count parts that leave at ``now``; see `wait`, which the caller has asked before."""
        full = self.burst + beyond
        level = full if per_second is None else min(full, self.level(now, per_second))
        self._level, self._at = level - parts, now
