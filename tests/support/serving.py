"""A modem at work on a world's queue, and waiting for what comes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from support.world import World

from gateway.domain.states import Stage
from gateway.modem import FakeModem


@asynccontextmanager
async def served(world: World, modem: FakeModem | None = None) -> AsyncIterator[FakeModem]:
    """A modem that is at work inside the `async with`."""
    modem = modem or FakeModem("m0")
    work = asyncio.create_task(world.dispatcher.serve(modem), name="serve")
    try:
        yield modem
    finally:
        modem.lose()
        await work


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(5):
        while not await condition():  # noqa: ASYNC110 -- what it waits for is in the database
            await asyncio.sleep(0.005)


async def told(world: World, state: str, job: str = "order-1") -> None:
    async def reached() -> bool:
        return state in await world.states(job)

    await until(reached)


async def put_back(world: World, job: str = "order-1") -> bool:
    """Tell whether a job that was begun waits for its line again."""
    found = await world.job(job)
    return found.stage is Stage.READY and found.line is not None
