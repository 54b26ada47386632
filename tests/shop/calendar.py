"""What is going to happen, in order of time."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta

from shop.acts import Act

Do = Callable[[datetime], Act | None]


class Calendar:
    """Things that are to be done at their time; two at the same instant in the order of entry."""

    def __init__(self) -> None:
        self._order = itertools.count()
        self._due: list[tuple[datetime, int, Do]] = []

    @property
    def next_at(self) -> datetime | None:
        """When the next thing is due."""
        return self._due[0][0] if self._due else None

    def enter(self, at: datetime, do: Do) -> None:
        """Have something done; it may return what others get to see of it."""
        heapq.heappush(self._due, (at, next(self._order), do))

    def after(self, at: datetime, hours: float, do: Do) -> None:
        """Have something done so many hours after an instant."""
        self.enter(at + timedelta(hours=hours), do)

    def until(self, now: datetime) -> list[Act]:
        """Do all that is due, and return what others get to see."""
        acts = []
        while self._due and self._due[0][0] <= now:
            at, _, do = heapq.heappop(self._due)
            act = do(at)
            if act is not None:
                acts.append(act)
        return acts
