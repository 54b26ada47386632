"""Whether the clock on the wall goes as the one that nobody sets. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

JUMP: Final = timedelta(seconds=60)
"""From which on a difference is a jump; a daemon that steers the clock corrects less at a time."""
SAID_FOR: Final = 900.0
"""Seconds for which one is said."""


class Jumps:
    """Compares both clocks at each look."""

    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None
        self._jump: tuple[timedelta, float] | None = None

    def look(self, wall: datetime, seconds: float) -> timedelta | None:
        """Return by how much the clock was set lately; below zero is back. None: it was not."""
        if self._last is not None:
            before, then = self._last
            apart = wall - before - timedelta(seconds=seconds - then)
            if abs(apart) >= JUMP:
                self._jump = apart, seconds
        self._last = wall, seconds
        if self._jump is None or seconds - self._jump[1] > SAID_FOR:
            return None
        return self._jump[0]
