"""Jobs of one shelf as a round sees them: fetched a few at a time, the nearest deadline first."""

from __future__ import annotations

from collections.abc import Collection, Container
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from gateway.db.claims import Filter, Waiting, look, next_place
from gateway.db.stock import Stock, stock_of
from gateway.domain.ids import JobKey, LineId
from gateway.domain.lane import Lane, Shelf


@dataclass(eq=False, kw_only=True, slots=True)
class Tray:
    """A shelf, and those who may take from it; for one line alone where recipients decide."""

    lane: Lane
    shelf: Shelf
    head: datetime
    """Nothing that is left on it expires before this instant."""
    takers: list[LineId]
    """Lines that have nothing yet, best first."""
    only: Filter | None = None
    """What of the shelf the one taker may send; None for all of it."""
    ended: bool = False
    """Whether all that the shelf has was fetched."""
    _jobs: dict[JobKey, Waiting] = field(default_factory=dict)
    _fetched: int = 0

    def fetch(
        self, connection: Connection, now: datetime, limit: int, taken: Container[JobKey]
    ) -> None:
        """Look at so many more of the shelf, and leave out what was taken in this round."""
        more = self._look(connection, now, limit)
        self._fetched += len(more)
        for waiting in more:
            if (key := waiting.key) not in taken:
                self._jobs[key] = waiting
        self.ended = len(more) < limit
        self._look_at_head()

    def _look(self, connection: Connection, now: datetime, limit: int) -> list[Waiting]:
        """Return more of the shelf; where few of it are meant and none is here, go on from there.

        A round so looks at a bounded number of jobs, and some later one comes to each.
        """
        if self.only is None:
            return look(connection, self.shelf, now=now, limit=limit, skip=self._fetched)
        shelf, places, name = self.shelf, stock_of(connection).places, (self.shelf, self.only)
        behind = places.get(name)
        more = look(
            connection,
            shelf,
            now=now,
            limit=limit,
            skip=self._fetched,
            only=self.only,
            behind=behind,
        )
        if not more and not self._fetched:
            places[name] = next_place(connection, shelf, now=now, behind=behind)
        return more

    @property
    def jobs(self) -> Collection[Waiting]:
        """What was fetched and is left, in order."""
        return self._jobs.values()

    def take(self, taken: Waiting) -> None:
        """Take a job away, if it is there."""
        if self._jobs.pop(taken.key, None) is not None:
            self._look_at_head()

    def _look_at_head(self) -> None:
        for first in self._jobs.values():
            self.head = first.expires_at
            return

    def tell(self, stock: Stock) -> None:
        """Have the stock know what is left; a look at some of it proves nothing."""
        if self.only is not None:
            return
        if self.ended and not self._jobs:
            stock.drop(self.shelf)
        else:
            stock.correct(self.shelf, self.head)
