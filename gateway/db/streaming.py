"""Reads very much without holding it all: a reader's thread is never far ahead of who takes it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import asynccontextmanager, suppress
from itertools import islice
from typing import Final, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")

_AHEAD: Final = 2
"""Lots that are read before they are asked for."""


@asynccontextmanager
async def streamed(
    run: Callable[[Callable[[Connection], None]], Awaitable[None]],
    query: Callable[[Connection], Iterator[T]],
    size: int,
) -> AsyncIterator[AsyncIterator[list[T]]]:
    """Give what a query yields in lots, all of one state of the database.

    A connection that is lost begins again from the first: who takes a row twice must not mind.

    Args:
        run: runs a query in another thread.
        query: yields rows.
        size: of a lot, the last one aside.

    Raises:
        StorageError: the storage failed.
    """
    loop, left = asyncio.get_running_loop(), threading.Event()
    lots: asyncio.Queue[list[T] | None] = asyncio.Queue(_AHEAD)

    def read(connection: Connection) -> None:
        rows = query(connection)
        while not left.is_set() and (lot := list(islice(rows, size))):
            asyncio.run_coroutine_threadsafe(lots.put(lot), loop).result()

    async def produce() -> None:
        try:
            await run(read)
        finally:
            await lots.put(None)

    producing = asyncio.create_task(produce(), name="streamed")
    try:
        yield _until_none(lots)
        await producing
    finally:
        left.set()
        await _let_go(producing, lots)


async def _until_none(lots: asyncio.Queue[list[T] | None]) -> AsyncIterator[list[T]]:
    while (lot := await lots.get()) is not None:
        yield lot


async def _let_go(producing: asyncio.Task[None], lots: asyncio.Queue[list[T] | None]) -> None:
    """Take what a thread still holds out to nobody, until it has ended."""
    while not producing.done():
        while not lots.empty():
            lots.get_nowait()
        await asyncio.wait({producing}, timeout=0.01)
    with suppress(Exception, CancelledError):
        producing.result()
