"""Which line takes from a lane? A port, filled by `gateway.app`; pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gateway.dispatch.serving import Serves, serves
from gateway.domain.ids import LineId
from gateway.domain.lane import Lane
from gateway.domain.line_state import LineState


class Router(Protocol):
    """Chooses among the lines that ask for work.

    It is asked in the database's thread, and must lean on nothing but what it is given.
    """

    def takers(
        self, lane: Lane, asking: Sequence[LineState], fleet: Sequence[LineState], now: float
    ) -> list[LineId]:
        """Return which of the asking lines take the lane's next jobs, one each, best first.

        Empty when the lane should rather wait for a better line. Jobs that are held for a line are
        not asked about: that line takes them.

        Args:
            lane: what is to be sent.
            asking: the lines that have nothing to do, none of which is pinned.
            fleet: all lines at work on this node, the asking ones among them.
            now: seconds on the loop's clock, as in `LineState.free_at`.
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
    ) -> list[LineId]:
        """Return the asking lines that may send it, in the order in which they asked."""
        return [state.line for state in asking if serves(state, lane) is not Serves.NONE]
