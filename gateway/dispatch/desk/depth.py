"""How much waits in lanes, as far as a choice hung on it: remembered for a moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from gateway.db.holding import deeper
from gateway.domain.ids import LaneKey

FRESH: Final = 1.0
"""Seconds for which an answer is good enough, at least."""

STEPS: Final = 5000
"""Jobs for each second more: to ask means to step over as many as the better lines may send in
hours (10 ms for 150,000, measured), and so many do not run out in a moment."""


@dataclass(slots=True)
class Depths:
    """The last answer of each lane: when it was given, to what, and whether there was more."""

    _known: dict[LaneKey, tuple[float, int, bool]] = field(default_factory=dict)

    def deeper(self, connection: Connection, lane: LaneKey, count: int, time: float) -> bool:
        """Tell whether more than so many jobs of a lane wait for any line.

        Args:
            connection: where the queue is.
            lane: the lane.
            count: how many.
            time: seconds on the loop's clock.
        """
        at, asked, more = self._known.get(lane, (float("-inf"), 0, False))
        if time - at < max(FRESH, asked / STEPS) and (count <= asked if more else count >= asked):
            return more
        answer = deeper(connection, lane, count)
        self._known[lane] = time, count, answer
        return answer
