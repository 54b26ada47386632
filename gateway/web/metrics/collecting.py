"""Looks up what the metrics tell beside what is counted; one look at a time, kept some seconds.

Whatever cannot be looked up is left out and named: a scrape tells most when something is wrong.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar

import structlog

from gateway.db.console.depths import server_size
from gateway.db.space import Room
from gateway.domain.errors import ShopbellError
from gateway.meter.family import Family
from gateway.web.house import House
from gateway.web.metrics.box import box_families
from gateway.web.metrics.lines import line_families
from gateway.web.metrics.queue import queue_families, read_queue

log = structlog.get_logger(__name__)

T = TypeVar("T")

KEPT_FOR: Final = 5.0
"""Seconds: however many ask, the gateway is looked at so often at most."""

PATIENCE: Final = 4.0
"""Seconds for one thing that is looked up; Prometheus waits ten for all of it."""


class Collecting:
    """Looks for everybody.

    Args:
        house: the gateway.

    Attributes:
        modems: the names of those that were found last.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._turn = asyncio.Lock()
        self.modems: Sequence[str] = ()
        self._found: list[Family] = []
        self._at = float("-inf")
        self._failed: dict[str, bool] = {}

    async def families(self) -> list[Family]:
        """Return what is found now, or was some seconds ago."""
        loop = asyncio.get_running_loop()
        async with self._turn:
            if loop.time() - self._at >= KEPT_FOR:
                self._found = await self._look()
                self._at = loop.time()
            return self._found

    async def _look(self) -> list[Family]:
        house, began = self._house, asyncio.get_running_loop().time()
        modems = await self._try("modems", lambda: house.ask("modems")) or []
        carriers = await self._try("carriers", lambda: house.ask("carriers")) or []
        queue = await self._try("queue", lambda: house.database.read(read_queue))
        broker = await self._try("broker", lambda: house.ask("broker"))
        room = await self._try("disk", self._room)
        size = await self._try("database", self._server_size)
        self.modems = [str(one["name"]) for one in (*modems, *carriers)] or self.modems
        found = line_families(modems, carriers)
        if queue is not None:
            found += queue_families(queue, house.clock.now())
        return found + box_families(
            version=house.version,
            node=house.settings().gateway.node,
            started_at=house.started_at,
            room=room,
            server_size=size,
            broker=broker,
            failed=self._failed,
            took=asyncio.get_running_loop().time() - began,
        )

    async def _room(self) -> Room | None:
        # In a thread: a card that fails holds who asks it.
        return await asyncio.to_thread(self._house.database.room)

    async def _server_size(self) -> int | None:
        database = self._house.database
        return None if database.exclusive else await database.read(server_size)

    async def _try(self, part: str, look: Callable[[], Awaitable[Any]]) -> Any:
        try:
            async with asyncio.timeout(PATIENCE):
                found = await look()
        except (ShopbellError, OSError, TimeoutError) as error:
            if not self._failed.get(part):
                log.warning("metrics_incomplete", part=part, reason=str(error))
            self._failed[part] = True
            return None
        self._failed[part] = False
        return found
