"""How fast a disk fills, by a line through what was free at times. Pure."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import Final

EVERY: Final = 300.0
"""Seconds between two points."""
KEPT: Final = 144
"""Points: twelve hours, so that the night's backup does not look like the rest of the day."""
ENOUGH: Final = 13
"""Points, an hour, before which nothing is said."""


class Filling:
    """What was free lately."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, int]] = deque(maxlen=KEPT)

    def note(self, now: float, free: int) -> None:
        """Note how many octets are free; what comes too soon after the last is let pass."""
        if not self._points or now - self._points[-1][0] >= EVERY:
            self._points.append((now, free))

    def lasts(self, reserve: int) -> timedelta | None:
        """Return how long until no more than the reserve is free; None: it does not fill."""
        slope = self._slope()
        if slope is None or slope >= 0:
            return None
        seconds = max(0, self._points[-1][1] - reserve) / -slope
        return timedelta(seconds=min(seconds, timedelta(days=3650).total_seconds()))

    def _slope(self) -> float | None:
        """Octets a second by least squares: one large file that comes and goes tilts it little."""
        count = len(self._points)
        if count < ENOUGH:
            return None
        mean_at = sum(at for at, _ in self._points) / count
        mean_free = sum(free for _, free in self._points) / count
        spread = sum((at - mean_at) ** 2 for at, _ in self._points)
        tilt = sum((at - mean_at) * (free - mean_free) for at, free in self._points)
        return tilt / spread if spread else None
