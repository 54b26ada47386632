"""How long to wait before the next try: longer each time, and never all at the same moment."""

from __future__ import annotations

import random
from collections.abc import Callable


class Backoff:
    """Pauses that double, each shortened by chance to between a half and the whole of it."""

    def __init__(
        self, *, first: float, longest: float, chance: Callable[[], float] = random.random
    ) -> None:
        """Begin with the shortest.

        Args:
            first: seconds of the first pause, before chance shortens it.
            longest: seconds that no pause exceeds.
            chance: gives from 0.0, for the half, to 1.0, for the whole; another one in tests.
        """
        self._first = first
        self._longest = longest
        self._chance = chance
        self._next = first

    def pause(self) -> float:
        """Return the seconds to wait now."""
        whole = self._next
        self._next = min(whole * 2, self._longest)
        return whole * (0.5 + self._chance() / 2)

    def longest(self) -> float:
        """Return the longest pause, for a fault that only a person can mend."""
        self._next = self._longest
        return self.pause()

    def reset(self) -> None:
        """Begin again with the shortest, after a success that lasted."""
        self._next = self._first
