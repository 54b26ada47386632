"""Watches the gateway from inside: how late its loop is, and what the pictures are drawn of."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, NoReturn

import structlog
from sqlalchemy import Connection

from gateway.control import Operation
from gateway.db.console.depths import jobs_by_purpose, read_depths
from gateway.db.console.samples import note_samples, prune_samples, roll_up
from gateway.dispatch import Context
from gateway.domain.errors import ShopbellError
from gateway.domain.measures import Timed
from gateway.domain.sample import ALL, MINUTE, Sample, Series, span_of
from gateway.meter import Tally
from gateway.meter.sampling import Sampler, looked_at
from gateway.modem import ModemState

log = structlog.get_logger(__name__)

TICK: Final = 0.5
"""Seconds between two appointments of the loop with itself."""

MOST_UNWRITTEN: Final = 60
"""Minutes that are kept in memory while nothing can be written."""

LAST_WORDS: Final = 2.0
"""Seconds that the end of the gateway waits for the last of them."""


async def watch(tally: Tally, context: Context, operations: Mapping[str, Operation]) -> None:
    """Watch until cancelled.

    Args:
        tally: what is counted and timed.
        context: the database and the time.
        operations: what the gateway can be asked, for how its modems are.
    """
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(keep_appointments(tally), name="loop-lag")
        tasks.create_task(Watcher(tally, context, operations).run(), name="samples")


async def keep_appointments(tally: Tally) -> NoReturn:
    """Note how late the loop is for what it has to do, until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + TICK
        await asyncio.sleep(TICK)
        tally.time(Timed.LOOP_LAG, loop.time() - due)


class Watcher:
    """Writes the samples of each minute, once it is over.

    What cannot be written is written later, of the minute that it belongs to.

    Args:
        tally: what is counted and timed.
        context: the database and the time.
        operations: what the gateway can be asked.
    """

    def __init__(self, tally: Tally, context: Context, operations: Mapping[str, Operation]) -> None:
        self._sampler = Sampler(tally)
        self._context = context
        self._operations = operations
        self._since = context.now()
        self._unwritten: deque[tuple[datetime, Sequence[Sample]]] = deque(maxlen=MOST_UNWRITTEN)

    async def run(self) -> NoReturn:
        """Write at each turn of the minute until cancelled, and then what is left."""
        try:
            while True:
                await asyncio.sleep(MINUTE - self._context.now().timestamp() % MINUTE)
                await self._turn_whatever_comes()
        finally:
            self._unwritten.append((span_of(self._since, MINUTE), self._sampler.take()))
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_WORDS):
                    await self._write()

    async def _turn_whatever_comes(self) -> None:
        """Take the samples; a fault in that costs a picture and not the gateway."""
        try:
            await self.turn()
        except Exception:
            log.exception("samples_failed")

    async def turn(self) -> None:
        """Take the samples of the time since the last call, and write what is not written."""
        minute, self._since = span_of(self._since, MINUTE), self._context.now()
        taken = self._sampler.take()
        try:
            taken += await self._look()
        except ShopbellError as error:
            log.warning("samples_incomplete", reason=str(error))
        self._unwritten.append((minute, taken))
        await self._write()

    async def _look(self) -> list[Sample]:
        """Look at what has no sum: what waits, and how strong the signals are."""
        depths = await self._context.database.read(read_depths)
        waiting = {each.value: float(jobs) for each, jobs in jobs_by_purpose(depths).items()}
        waiting[ALL] = sum(waiting.values())
        modems: Any = await self._operations["modems"]({})
        ready = {
            str(modem["name"]): float(modem["signal_dbm"])
            for modem in modems
            if modem["signal_dbm"] is not None and modem["state"] == ModemState.READY
        }
        return looked_at(Series.QUEUE, waiting) + looked_at(Series.SIGNAL, ready)

    async def _write(self) -> None:
        now, node, unwritten = self._context.now(), self._context.node, list(self._unwritten)

        def write(connection: Connection) -> None:
            for minute, samples in unwritten:
                note_samples(connection, node, samples, minute)
            if roll_up(connection, node, now):
                prune_samples(connection, now)

        try:
            await self._context.database.write(write)
        except ShopbellError as error:
            log.warning("samples_not_written", reason=str(error), minutes=len(unwritten))
        else:
            self._unwritten.clear()
