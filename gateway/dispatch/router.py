"""Which line takes from a lane? A port, filled by `gateway.app`; pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from gateway.dispatch.serving import Serves, serves
from gateway.domain.ids import LineId
from gateway.domain.lane import Lane
from gateway.domain.line_state import LineState


def _one(count: int) -> bool:
    """Tell that one job waits."""
    return count < 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """What waits in a lane for any line, as far as whoever asks knows it.

    It decides whether the better lines will be done in time.
    """

    left: float = math.inf
    """Seconds to the earliest deadline."""
    deeper: Callable[[int], bool] = _one
    """Tells whether more than so many jobs wait. To ask may cost a look at as many, so it is asked
    only where the choice hangs on it."""


SOMETHING: Final = Waiting()
"""One message that may wait."""


class Router(Protocol):
    """Chooses among the lines that ask for work.

    It is asked in the database's thread, and must lean on nothing but what it is given.
    """

    def takers(
        self,
        lane: Lane,
        asking: Sequence[LineState],
        fleet: Sequence[LineState],
        now: float,
        waiting: Waiting = SOMETHING,
    ) -> list[LineId]:
        """Return which of the asking lines take the lane's next jobs, one each, best first.

        Empty when the lane should rather wait for a better line. Jobs that are held for a line are
        not asked about: that line takes them.

        Args:
            lane: what is to be sent.
            asking: the lines that have nothing to do, none of which is pinned.
            fleet: all lines at work on this node, the asking ones among them.
            now: seconds on the loop's clock, as in `LineState.free_at`.
            waiting: what is known of how much there is, and by when it has to go.
        """
        ...


class PrefixRouter:
    """Any line takes what its routes and its bars let it send."""

    def takers(
        self,
        lane: Lane,
        asking: Sequence[LineState],
        fleet: Sequence[LineState],
        now: float,
        waiting: Waiting = SOMETHING,
    ) -> list[LineId]:
        """Return the asking lines that may send it, in the order in which they asked."""
        return [state.line for state in asking if serves(state, lane) is not Serves.NONE]
