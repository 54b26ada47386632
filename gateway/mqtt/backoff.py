"""How long to wait before the next try: longer each time, and never all at the same moment."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

FIRST_S: Final = 0.5
"""A broker that is restarted is back within a second."""

LONGEST_S: Final = 30.0
"""A broker that was down for hours is noticed to be back within half a minute."""


class Backoff:
    """Pauses that double, each shortened by chance to between a half and the whole of it."""

    def __init__(self, chance: Callable[[], float] = random.random) -> None:
        self._chance = chance
        self._next = FIRST_S

    def pause(self) -> float:
        """Return the seconds to wait now."""
        whole = self._next
        self._next = min(whole * 2, LONGEST_S)
        return whole * (0.5 + self._chance() / 2)

    def longest(self) -> float:
        """Return the longest pause, for a fault that only a person can mend."""
        self._next = LONGEST_S
        return self.pause()

    def reset(self) -> None:
        """Begin again with the shortest, after a success that lasted."""
        self._next = FIRST_S
