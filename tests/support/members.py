"""A node of several on one PostgreSQL, in the process of the test."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final

from support.world import World

from gateway.db import Database
from gateway.dispatch.nodes import Node
from gateway.dispatch.nodes.succession import Succession

LEASE: Final = 1.0
"""Seconds; the server ends a session in milliseconds, so that no test waits for more than that."""


@dataclass
class Member:
    """A node with the database that it writes to."""

    node: Node
    database: Database
    beating: asyncio.Task[None] | None = None

    async def start(self) -> Member:
        """Join and beat."""
        await self.node.join()
        self.beating = asyncio.create_task(self.node.run())
        return self

    async def stop_beating(self) -> None:
        """Fall silent, with the seat still taken."""
        assert self.beating is not None
        self.beating.cancel()
        await asyncio.wait({self.beating})

    async def die(self) -> None:
        """End without a word, as a crash does: the server sees the connection close."""
        await self.stop_beating()
        await self.node._seat.close()

    def succession(self, world: World) -> Succession:
        """Return what takes over in this node's name."""
        return Succession(replace(world.context, database=self.database), self.node)


Join = Callable[[str], Awaitable[Member]]


async def eventually(condition: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait until something is true."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 -- whatever it is
            await asyncio.sleep(0.01)
