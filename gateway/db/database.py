"""The database as the rest of the house sees it: open, write, read, close."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import NoReturn, TypeVar

from gateway.db.counts import keep_counts, write_counts
from gateway.db.engine import reading_engine, sqlite_path, writing_engine
from gateway.db.integrity import require_sound
from gateway.db.lock import hold_lock
from gateway.db.migrate import migrate
from gateway.db.noting import Told, keep_notes
from gateway.db.reader import Query, Reader
from gateway.db.space import Room, Space
from gateway.db.streaming import streamed
from gateway.db.writer import Change, Guard, Writer

T = TypeVar("T")


class Database:
    """One writer, a few readers, and an eye on the room that is left."""

    def __init__(self, writer: Writer, reader: Reader, space: Space | None) -> None:
        self._writer = writer
        self._reader = reader
        self._space = space

    @classmethod
    @asynccontextmanager
    async def open(
        cls, url: str, *, node: str = "", driver: ModuleType | None = None
    ) -> AsyncIterator[Database]:
        """Open a database as its only writer, making or migrating it where needed.

        Args:
            url: ``sqlite:///path`` (absolute, or relative to the working directory) or
                ``postgresql+psycopg://…``.
            node: the gateway, in whose name jobs are counted (`gateway.db.counts`).
            driver: a DB-API module to take the place of `sqlite3`, such as one that cuts the power.

        Raises:
            DatabaseInUseError: another process has it; the error names the PID.
            DatabaseCorruptError: it is damaged.
            StorageError: it is a newer version's or another program's, or cannot be opened.
        """
        path = sqlite_path(url)
        with nullcontext() if path is None else hold_lock(path):
            await asyncio.to_thread(_prepare, url, path, driver)
            engine = writing_engine(url, driver)
            keep_counts(engine)
            keep_notes(engine)
            database = cls(
                Writer(engine, finish=partial(write_counts, node=node)),
                Reader(reading_engine(url, driver)),
                None if path is None else Space(path),
            )
            try:
                yield database
            finally:
                await database.close()

    @property
    def exclusive(self) -> bool:
        """Whether no other gateway can be at work on it, as the lock of a SQLite file has it."""
        return self._space is not None

    def guard_by(self, guard: Guard) -> None:
        """Have each transaction begin with a guard, which raises where this process may not write.

        It is for what a gateway writes from then on; a database of one's own needs none.
        """
        self._writer.guard = guard

    def tell(self, told: Told) -> None:
        """Have what is noted in transactions (`gateway.db.noting`) told once it is committed."""
        self._writer.told = told

    async def write(self, change: Change[T]) -> T:
        """Commit a change and return what it returned; see `gateway.db.writer`.

        ``change`` may be run again after a rollback, and shares its transaction with others'.

        Raises:
            StorageFullError: there is no room; nothing was kept.
            StorageError: the storage failed; nothing was kept.
            Exception: what ``change`` raised; nothing of it was kept.
        """
        return await self._writer.write(change)

    async def read(self, query: Query[T]) -> T:
        """Run a query on a connection that cannot change anything, and return what it returned.

        Raises:
            StorageError: the storage failed.
            Exception: what ``query`` raised.
        """
        return await self._reader.read(query)

    def stream(
        self, query: Query[Iterator[T]], size: int
    ) -> AbstractAsyncContextManager[AsyncIterator[list[T]]]:
        """Give what a query yields in lots of a size, without holding it all; as `read` does.

        Raises:
            StorageError: the storage failed.
        """
        return streamed(self.read, query, size)

    def require_space(self) -> None:
        """Pass while there is room for new jobs; ask before taking any. It costs next to nothing.

        Raises:
            StorageFullError: what is left is for the outcomes of those taken already.
        """
        if self._space is not None:
            self._space.require()

    def busy_for(self) -> float:
        """Return for how many seconds the writer has been at one transaction; 0 when at none."""
        return self._writer.busy_for()

    def log_size(self) -> int:
        """Return the octets of SQLite's log; 0 where there is none."""
        return 0 if self._space is None else self._space.log_size()

    def room(self) -> Room | None:
        """Return how much room there is on its disk; None where that is a server's."""
        return None if self._space is None else self._space.room()

    @property
    def alive(self) -> bool:
        """Whether the writer is at work, or could be."""
        return self._writer.alive

    async def watch(self) -> NoReturn:
        """Wait for the writer to fail for good; run it beside all else, so that the process ends.

        A gateway that can record nothing must not go on, and a new process finds all it needs.

        Raises:
            StorageError: the writer died.
        """
        await self._writer.watch()

    async def close(self) -> None:
        """Commit what was handed over and close; the writer last, so that it empties the log."""
        await self._reader.close()
        await self._writer.close()


def _prepare(url: str, path: Path | None, driver: ModuleType | None) -> None:
    engine = writing_engine(url, driver, enforce_keys=False)
    if path is not None:
        require_sound(engine, path)
    migrate(engine)
