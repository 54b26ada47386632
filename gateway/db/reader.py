"""Reading: a few connections that cannot change anything, each in a thread of its own.

A read never waits for the writer, nor the writer for a read (WAL), and the loop for neither. One
read sees one state of the database, however many statements it makes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from types import ModuleType
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from gateway.db.engine import READERS, reading_engine, sqlite_path
from gateway.db.failures import is_lost, storage_errors
from gateway.db.migrate import require_current
from gateway.domain.errors import StorageError

T = TypeVar("T")
Query = Callable[[Connection], T]


class Reader:
    """Runs queries; at most `READERS` at once, the others wait their turn."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="db-reader")
        self._closed = False

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, *, driver: ModuleType | None = None) -> AsyncIterator[Reader]:
        """Open a database for reading alone, as a command does beside a running gateway.

        Raises:
            StorageError: there is none, or its schema is not the one of this version.
        """
        _require_present(url)
        reader = cls(reading_engine(url, driver))
        try:
            await reader.read(require_current)
            yield reader
        finally:
            await reader.close()

    async def read(self, query: Query[T]) -> T:
        """Run a query and return what it returned, which must not lean on the connection.

        It may be run again, on another connection, and touches nothing else.

        Raises:
            StorageError: the storage failed.
            Exception: what ``query`` raised.
        """
        if self._closed:
            raise StorageError("the database is closed")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._run, query)

    async def close(self) -> None:
        """Let the queries at work finish, then close the connections."""
        self._closed = True
        await asyncio.to_thread(self._threads.shutdown)
        self._engine.dispose()

    def _run(self, query: Query[T]) -> T:
        with storage_errors():
            try:
                return self._ask(query)
            except DBAPIError as error:
                if not is_lost(error):
                    raise
                # A server that was restarted has cut off what the pool still held, and the pool
                # has let go of all of it now.
                return self._ask(query)

    def _ask(self, query: Query[T]) -> T:
        with self._engine.connect() as connection:
            return query(connection)


def _require_present(url: str) -> None:
    path = sqlite_path(url)
    if path is not None and not path.exists():
        raise StorageError(f"there is no database at {path}; `shopbell run` makes it")
