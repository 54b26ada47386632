"""What waits in a play: by lane and line, the nearest deadline first. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from itertools import count

from gateway.dispatch.forecast.crowd import Crowd
from gateway.domain.ids import LineId
from gateway.domain.lane import Lane, Shelf

Expire = Callable[[Crowd], None]


class Shelves:
    """Crowds that may go, and crowds whose time is yet to come.

    Args:
        crowds: all there is.
        expire: told of each whose deadline passed while it waited.
    """

    def __init__(self, crowds: Iterable[Crowd], expire: Expire) -> None:
        self._expire = expire
        self._turn = count()
        self._lanes: dict[Shelf, Lane] = {}
        self._ready: dict[Shelf, list[tuple[float, int, Crowd]]] = {}
        self._coming: list[tuple[float, int, Crowd]] = []
        for crowd in crowds:
            self.put_off(crowd, crowd.ready_at)

    def put_off(self, crowd: Crowd, until: float) -> None:
        """Let a crowd wait until an instant; it must be on no shelf."""
        heapq.heappush(self._coming, (until, next(self._turn), crowd))

    def advance(self, now: float) -> None:
        """Put on the shelves whose time has come."""
        while self._coming and self._coming[0][0] <= now:
            _, turn, crowd = heapq.heappop(self._coming)
            shelf = Shelf(crowd.lane.key, crowd.held_for)
            self._lanes[shelf] = crowd.lane
            heapq.heappush(self._ready.setdefault(shelf, []), (crowd.expires_at, turn, crowd))

    @property
    def next_at(self) -> float | None:
        """When the next of those to come may go."""
        return self._coming[0][0] if self._coming else None

    def stocked(self, line: LineId, now: float) -> Iterator[tuple[Lane, Crowd]]:
        """Give the first crowd of each shelf that is for a line or for any."""
        for shelf in list(self._ready):
            if shelf.held_for in (None, line):
                crowd = self._head(shelf, now)
                if crowd is not None:
                    yield self._lanes[shelf], crowd

    def messages(self, lane: Lane) -> int:
        """Return how many messages of a lane may go over any line."""
        return sum(crowd.messages for _, _, crowd in self._ready.get(Shelf(lane.key, None), ()))

    def remove(self, crowd: Crowd) -> None:
        """Take the first crowd of a shelf off it."""
        heapq.heappop(self._ready[Shelf(crowd.lane.key, crowd.held_for)])

    def rest(self) -> Iterator[Crowd]:
        """Give all that are still there."""
        for waiting in (*self._ready.values(), self._coming):
            for _, _, crowd in waiting:
                yield crowd

    def _head(self, shelf: Shelf, now: float) -> Crowd | None:
        waiting = self._ready[shelf]
        while waiting:
            expires_at, _, crowd = waiting[0]
            if crowd.messages and expires_at > now:
                return crowd
            heapq.heappop(waiting)
            if crowd.messages:
                self._expire(crowd)
        del self._ready[shelf]
        return None
