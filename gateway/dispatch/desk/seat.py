"""A line's place at the desk: there it waits until it is given something."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from gateway.dispatch.desk.offer import Offer
from gateway.dispatch.desk.work import Work


class Asker(Protocol):
    """A line that may ask."""

    def offer(self) -> Offer:
        """Return how it stands now."""
        ...


class Seat:
    """What the desk knows of a line that may ask; the line alone calls `next`.

    Attributes:
        asker: the line.
        served: whether a round is being written that may give it something.
        asked_at: seconds on the loop's clock at which it asked last.
    """

    def __init__(self, asker: Asker, ring: Callable[[], None]) -> None:
        self.asker = asker
        self.served = False
        self.asked_at = float("-inf")
        self._ring = ring
        self._halted = False
        self._answer: asyncio.Future[Work | None] | None = None
        self._unseen: Work | None = None

    async def next(self) -> Work | None:
        """Return what the line is to send next, as soon as there is something.

        None when it was halted before there was anything.

        Raises:
            Exception: what went wrong in our own code; the line may ask again.
        """
        if self._halted:
            return None
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Work | None] = loop.create_future()
        self._answer, self.asked_at = answer, loop.time()
        self._ring()
        try:
            return await answer
        except asyncio.CancelledError:
            if answer.done() and not answer.cancelled() and answer.exception() is None:
                self._unseen = answer.result()
            raise
        finally:
            self._answer = None

    @property
    def asks(self) -> bool:
        """Whether the line waits."""
        return self._answer is not None and not self._answer.done()

    def give(self, work: Work) -> bool:
        """Give the line what it is to send; return False when it is gone."""
        if self._answer is None or self._answer.done():
            return False
        self._answer.set_result(work)
        return True

    def fail(self, error: Exception) -> None:
        """Tell the line what went wrong."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)

    def halt(self) -> None:
        """Let the line wait no more; what is being given to it right now it still gets."""
        self._halted = True
        self._end_wait()

    def go(self) -> None:
        """Take note that the round is over."""
        self.served = False
        self._end_wait()

    def _end_wait(self) -> None:
        answer = self._answer
        if self._halted and not self.served and answer is not None and not answer.done():
            answer.set_result(None)

    def take_back(self) -> Work | None:
        """Return what was given to a line that ended before it saw it."""
        work, self._unseen = self._unseen, None
        return work
