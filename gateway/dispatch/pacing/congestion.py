"""Slowing down when the network says that it has too much: half at once, back in steps. Pure.

Additive increase and multiplicative decrease, as TCP has it: many lines that share a network come
to share it evenly, without knowing of each other. Which answers mean congestion is
`gateway.domain.failures`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Final

FLOOR: Final = 1 / 16
"""The share of its rate that a line always keeps: one message must go for the end to be seen."""

STEP: Final = 1 / 16
"""What comes back of the rate in `EVERY`: all of it 8 minutes after one answer, and within a
quarter of an hour from the floor, which is as long as a line is held at most."""

EVERY: Final = 60.0
"""Seconds without such an answer after which a line is a step faster."""


@dataclass(slots=True)
class Congestion:
    """What share of its rate a line may use."""

    _low: float = 1.0
    _since: float = -inf

    def share(self, now: float) -> float:
        """Return it at ``now``, on the caller's monotonic clock in seconds; 1.0 is all."""
        if self._low == 1.0:
            return 1.0
        return min(1.0, self._low + STEP * ((now - self._since) // EVERY))

    def answered(self, now: float) -> None:
        """Halve it: the network had too much."""
        self._low = max(FLOOR, self.share(now) / 2)
        self._since = now
