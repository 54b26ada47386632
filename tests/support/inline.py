"""A real database without threads, so that a test's clock stands still while it is at work."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from gateway.db import Database
from gateway.db.engine import reading_engine, writing_engine
from gateway.db.migrate import migrate
from gateway.db.noting import Told

T = TypeVar("T")


class InlineDatabase(Database):
    """Does at once what is asked of it."""

    def __init__(self, path: Path) -> None:
        """Open a file that has our tables; see `make_file`."""
        url = f"sqlite:///{path}"
        self._engine = writing_engine(url)
        self._reading = reading_engine(url)

    @property
    def exclusive(self) -> bool:
        return True

    async def write(self, change: Callable[[Connection], T]) -> T:
        with self._engine.begin() as connection:
            return change(connection)

    async def read(self, query: Callable[[Connection], T]) -> T:
        with self._reading.connect() as connection:
            return query(connection)

    @asynccontextmanager
    async def stream(
        self, query: Callable[[Connection], Iterator[T]], size: int
    ) -> AsyncIterator[AsyncIterator[list[T]]]:
        with self._reading.connect() as connection:
            rows = query(connection)

            async def lots() -> AsyncIterator[list[T]]:
                while lot := list(islice(rows, size)):
                    yield lot

            yield lots()

    def require_space(self) -> None:
        """There is room."""

    def tell(self, told: Told) -> None:
        """Nothing is told: what is noted is for the writer to tell, and there is none."""

    async def close(self) -> None:
        self._engine.dispose()
        self._reading.dispose()


def make_file(path: Path) -> Path:
    """Make a file with our tables and nothing in them, which tests may copy."""
    engine = writing_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path
