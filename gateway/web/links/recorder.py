"""Clicks on their way into the database: off the path of the request, in lots, bounded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Protocol, TypeVar

import structlog
from sqlalchemy import Connection

from gateway.commerce.links.counting import count_clicks
from gateway.consent.identity import Identities
from gateway.domain.click import Opened
from gateway.domain.errors import StorageError
from gateway.domain.signal import Signal

log = structlog.get_logger(__name__)

T = TypeVar("T")

MOST_WAITING: Final = 10_000
"""Clicks that wait for a database that takes none; more are lost, and said to be."""

LOT: Final = 500
"""Clicks in one transaction."""

PAUSE: Final = 1.0
"""Seconds in which a lot is gathered, and until a refused one is tried again."""


class Writes(Protocol):
    """A database; see `gateway.db.Database`."""

    async def write(self, change: Callable[[Connection], T]) -> T:
        """Commit a change."""
        ...


class Recorder:
    """Writes clicks.

    Args:
        database: where to.
        outbox_changed: notified when stores are to be told.
        identities: who persons were under former keys; None where there are none.
    """

    def __init__(
        self, database: Writes, outbox_changed: Signal, identities: Identities | None = None
    ) -> None:
        self._database = database
        self._identities = identities
        self._changed = outbox_changed
        self._waiting: list[Opened] = []
        self._some = asyncio.Event()
        self._lost = 0

    def note(self, opened: Opened) -> None:
        """Take a click; it is written soon."""
        if len(self._waiting) >= MOST_WAITING:
            self._lost += 1
            return
        self._waiting.append(opened)
        self._some.set()

    async def run(self) -> None:
        """Write what comes until cancelled."""
        while True:
            await self._some.wait()
            await asyncio.sleep(PAUSE)
            await self.flush()

    async def flush(self) -> None:
        """Write what waits; what the database refuses goes on waiting."""
        self._some.clear()
        if self._lost:
            log.warning("clicks_lost", clicks=self._lost)
            self._lost = 0
        while self._waiting:
            lot = self._waiting[:LOT]
            try:
                await self._write(lot)
            except StorageError as error:
                log.warning("clicks_wait", clicks=len(self._waiting), reason=str(error))
                self._some.set()
                return
            del self._waiting[: len(lot)]

    async def _write(self, lot: Sequence[Opened]) -> None:
        if await self._database.write(
            lambda connection: count_clicks(connection, lot, self._identities)
        ):
            self._changed.notify()
