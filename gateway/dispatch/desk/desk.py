"""The desk of a node: its lines ask it for work, and it serves all that ask at a moment together.

Lines that are free at the same time so share one transaction, and a choice between them is made
knowing all of them. While a round is being written, the next who ask gather for the one after it.

Nothing is lost with a line that is gone before its answer: what it was given goes back.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection

from gateway.dispatch.context import Context
from gateway.dispatch.desk.depth import Depths
from gateway.dispatch.desk.fairness import Fairness
from gateway.dispatch.desk.offer import Offer
from gateway.dispatch.desk.round import Result, View, serve
from gateway.dispatch.desk.seat import Asker, Seat
from gateway.dispatch.desk.work import Work
from gateway.dispatch.retry import TryAgain
from gateway.dispatch.router import PrefixRouter, Router
from gateway.dispatch.settling import put_back
from gateway.domain.errors import StorageError
from gateway.domain.ids import LineId
from gateway.domain.line_state import LineState

log = structlog.get_logger(__name__)

LOOK_EVERY: Final = 1.0
"""Seconds after which the desk looks again while something waits that nobody took, or others may
have put something into the queue: a budget may be new, a better line may not have come."""

LONGEST_IDLE: Final = 60.0
"""Seconds after which it looks again anyway."""

STORAGE_PAUSE: Final = 2.0
"""Seconds until it tries again when the database could not commit."""

PER_PART: Final = 3.0
"""Seconds that a line without a rate is taken to need for a part, as most modems do."""


class Desk:
    """Serves lines while any of them asks, in a task of its own that then ends.

    Attributes:
        router: chooses among the lines.
    """

    def __init__(self, context: Context, router: Router | None = None) -> None:
        self.router: Router = router or PrefixRouter()
        self._context = context
        self._shares: dict[int, Fairness] = {}
        self._fleet: dict[LineId, LineState] = {}
        self._seats: list[Seat] = []
        self._back: list[Work] = []
        self._bell = asyncio.Event()
        self._at_work: asyncio.Task[None] | None = None
        self._looked_at = self._looked_around_at = float("-inf")
        self._depths = Depths()
        self._serving_since: float | None = None
        context.queue_changed.call(self._bell.set)

    @asynccontextmanager
    async def seat(self, asker: Asker, halted: asyncio.Event) -> AsyncIterator[Seat]:
        """Let a line ask inside the `async with`, until it is halted.

        Args:
            asker: the line; it is asked how it stands each time that something may be for it.
            halted: set when it is to end its work.
        """
        seat, line = Seat(asker, self._ring), asker.offer().holder.line
        self._seats.append(seat)
        watch = asyncio.create_task(_halt(seat, halted), name=f"desk-{line}")
        try:
            yield seat
        finally:
            watch.cancel()
            self._seats.remove(seat)
            self._fleet.pop(line, None)
            if work := seat.take_back():
                self._back.append(work)
            self._ring()

    def look(self) -> None:
        """Look anew at what waits: another node has put something into the queue."""
        self._looked_at = float("-inf")
        self._bell.set()

    def _ring(self) -> None:
        """Have the desk look again; it comes when anybody is there."""
        self._bell.set()
        if self._at_work is None and self._wanted:
            self._at_work = asyncio.create_task(self._run(), name="desk")

    @property
    def _wanted(self) -> bool:
        return bool(self._back) or any(seat.asks for seat in self._seats)

    async def _run(self) -> None:
        """Serve until nobody asks."""
        try:
            while self._wanted:
                self._bell.clear()
                await self._rest(await self._try_to_serve())
        finally:
            self._at_work = None

    async def _rest(self, pause: float) -> None:
        if self._wanted and pause > 0:
            try:
                async with asyncio.timeout(pause):
                    await self._bell.wait()
            except TimeoutError:
                return

    def busy_for(self) -> float:
        """Return for how many seconds it has been at one round; 0 when at none."""
        since = self._serving_since
        return 0.0 if since is None else asyncio.get_running_loop().time() - since

    async def _try_to_serve(self) -> float:
        """Serve all that ask now; return for how many seconds nothing is to be done unasked."""
        self._serving_since = asyncio.get_running_loop().time()
        try:
            await self._take_back()
            asking = self._asking()
            return await self._hold_round(asking) if asking else 0.0
        except StorageError as error:
            log.warning("claims_wait_for_storage", error=str(error))
            await asyncio.sleep(STORAGE_PAUSE)
        except Exception as error:
            for seat in self._seats:
                seat.fail(error)
        finally:
            self._serving_since = None
        return 0.0

    def _asking(self) -> dict[LineId, tuple[Seat, Offer]]:
        """Return who asks, who waits longest first; so lines that are alike take turns.

        Of a line that sits there twice it is the one that asked first.
        """
        asking: dict[LineId, tuple[Seat, Offer]] = {}
        seats = [seat for seat in self._seats if seat.asks]
        for seat in sorted(seats, key=lambda one: one.asked_at):
            offer = seat.asker.offer()
            asking.setdefault(offer.holder.line, (seat, offer))
        self._fleet |= {line: offer.state for line, (_, offer) in asking.items()}
        return asking

    def offers(self) -> Mapping[LineId, Offer]:
        """Return how each line stands that is in service, whether it asks or not."""
        offers: dict[LineId, Offer] = {}
        for seat in self._seats:
            offer = seat.asker.offer()
            offers.setdefault(offer.holder.line, offer)
        return offers

    def _look_around(self, time: float) -> None:
        """Look at those who do not ask, too: one that rests for long is not worth waiting for."""
        if time - self._looked_around_at < LOOK_EVERY:
            return
        self._looked_around_at = time
        for line, offer in self.offers().items():
            known = self._fleet.get(line, offer.state)
            free_at = max(offer.state.free_at, known.free_at)
            self._fleet[line] = replace(offer.state, backlog=known.backlog, free_at=free_at)

    async def _hold_round(self, asking: Mapping[LineId, tuple[Seat, Offer]]) -> float:
        view = self._view([offer for _, offer in asking.values()])
        for seat, _ in asking.values():
            seat.served = True
        try:
            result = await self._context.database.write(lambda connection: serve(connection, view))
            self._take_up(result, asking, view.time)
        finally:
            for seat, _ in asking.values():
                seat.go()
        return self._pause(result)

    def _view(self, offers: list[Offer]) -> View:
        context, time = self._context, asyncio.get_running_loop().time()
        every = LONGEST_IDLE if context.database.exclusive else LOOK_EVERY
        refresh = time - self._looked_at >= every
        if refresh:
            self._looked_at = time
        self._look_around(time)
        return View(
            offers=offers,
            fleet=tuple(self._fleet.values()),
            router=self.router,
            depths=self._depths,
            shared=context.shared.copy(),
            shares=self._shares,
            policy=context.policy,
            now=context.now(),
            time=time,
            refresh=refresh,
        )

    def _take_up(
        self, result: Result, asking: Mapping[LineId, tuple[Seat, Offer]], time: float
    ) -> None:
        self._shares |= result.shares
        for passage, parts in result.taken:
            self._context.shared.take(passage, time, parts)
        for line, work in result.works.items():
            if not asking[line][0].give(work):
                self._back.append(work)
            elif line in self._fleet:
                self._fleet[line] = _at_work(self._fleet[line], len(work.parts), time)

    def _pause(self, result: Result) -> float:
        soon = result.left or not self._context.database.exclusive
        pause = LOOK_EVERY if soon else LONGEST_IDLE
        return pause if result.wait is None else min(pause, result.wait)

    async def _take_back(self) -> None:
        """Return to the queue what lines were given that are gone."""
        if not self._back:
            return
        now, works = self._context.now(), tuple(self._back)
        await self._context.database.write(lambda connection: _put_back(connection, works, now))
        del self._back[: len(works)]


async def _halt(seat: Seat, halted: asyncio.Event) -> None:
    await halted.wait()
    seat.halt()


def _put_back(connection: Connection, works: Iterable[Work], now: datetime) -> None:
    again = TryAgain(after=timedelta(0), counts=False)
    for work in works:
        put_back(connection, work.job.key, again, now=now, holder=work.holder)


def _at_work(state: LineState, parts: int, time: float) -> LineState:
    """Return a line as it is with so many parts to hand over."""
    seconds = parts * (PER_PART if state.per_second is None else 1 / state.per_second)
    return replace(state, backlog=parts, free_at=time + seconds)
