"""A database without threads that keeps its connections, as the gateway's own writer does.

Nothing here is about what a power cut leaves, so that nothing waits for a disk.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection
from support.inline import InlineDatabase

T = TypeVar("T")


class SeasonDatabase(InlineDatabase):
    """Does at once what is asked of it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._writer = self._engine.connect()
        self._reader = self._reading.connect()
        driver = self._writer.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA synchronous = OFF")

    async def write(self, change: Callable[[Connection], T]) -> T:
        with self._writer.begin():
            return change(self._writer)

    async def read(self, query: Callable[[Connection], T]) -> T:
        with self._reader.begin():
            return query(self._reader)

    async def close(self) -> None:
        self._writer.close()
        self._reader.close()
        await super().close()

    @asynccontextmanager
    async def stream(
        self, query: Callable[[Connection], Iterator[T]], size: int
    ) -> AsyncIterator[AsyncIterator[list[T]]]:
        found = await self.read(lambda connection: list(query(connection)))

        async def lots() -> AsyncIterator[list[T]]:
            for first in range(0, len(found), size):
                yield found[first : first + size]

        yield lots()
