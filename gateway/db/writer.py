"""The one writer: a thread that owns the writing connection and commits in groups.

The event loop hands changes over; the thread takes all that wait, runs them inside one
transaction and answers each caller after the one commit. What arrives while that commit is on its
way to the disk forms the next group, so that groups grow with the load and a lone caller waits for
nobody. It knows neither tables nor what a change means.

Rules
    1. A caller is answered after its change is durable, or it is told that nothing was kept.
    2. A change may be run more than once, after a rollback: it is a function of its connection,
       and touches nothing else.
    3. One that raises takes no other with it: its group is rolled back and each runs alone.
    4. However the thread ends, nobody is left waiting.
    5. Where there is a guard, each transaction begins with it, and is nothing if it raises.
    6. A server that restarts, or another's transaction that stands in the way, is waited for.
    7. What finishes a transaction is run once at its end, for all that share it.
    8. What was noted in a transaction is told on the loop, once, after its commit.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import perf_counter
from typing import Any, Final, NoReturn, TypeVar

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from gateway.db.failures import is_lost, storage_errors
from gateway.db.noting import Deaf, Noted, Told, take_notes, tell_notes
from gateway.db.retrial import Backoff, Retrial
from gateway.db.seal import Seal, take_seal, was_kept
from gateway.domain.errors import StorageError, StorageFullError
from gateway.domain.measures import Counted, Timed

T = TypeVar("T")
Change = Callable[[Connection], T]
Guard = Callable[[Connection], None]
"""Raises a `StorageError` where this process may not write."""

GROUP: Final = 256
"""Changes in one transaction at most: beyond it a longer group saves nothing more (RELIABILITY.md
section 4.2), and only makes its callers wait."""

log = structlog.get_logger(__name__)


@dataclass(eq=False, kw_only=True, slots=True)
class _Pending:
    """A change and who waits for it. The thread sets the outcome before the loop reads it."""

    change: Change[Any]
    future: asyncio.Future[Any]
    result: Any = None
    error: Exception | None = None
    answered: bool = False
    """Its outcome is on the way to the loop and stands."""

    def run(self, connection: Connection) -> None:
        """Run the change; in the thread."""
        try:
            self.result = self.change(connection)
        except StopIteration as error:  # the one exception that a future refuses to carry
            raise RuntimeError("a change raised StopIteration") from error

    def settle(self) -> None:
        """Answer the caller, unless it has gone; on the loop."""
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class Writer:
    """Runs changes in its own thread; see the rules at the top of this module."""

    def __init__(self, engine: Engine, finish: Change[None] = lambda _: None) -> None:
        """Start the thread; call it on the loop from which changes will come.

        Args:
            engine: of the writing connection.
            finish: run at the end of each transaction, once for all that share it; when it fails,
                nothing of them is kept.
        """
        self.guard: Guard | None = None
        """Set before any change is handed over that it is about."""
        self.told: Told = Deaf()
        """Who is told what was noted (`gateway.db.noting`)."""
        self._engine = engine
        self._finish = finish
        self._loop = asyncio.get_running_loop()
        self._queue: SimpleQueue[_Pending | None] = SimpleQueue()
        self._closing = threading.Event()
        self._ended: str | None = None
        self._died = asyncio.Event()
        self._at_work: list[_Pending] = []
        self._connection: Connection | None = None
        self._trying_since: float | None = None
        # A daemon: the end of the process must not wait for another program's lock.
        self._thread = threading.Thread(target=self._run, name="db-writer", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether the thread is there to take changes."""
        return self._ended is None and self._thread.is_alive()

    async def write(self, change: Change[T]) -> T:
        """Commit a change and return what it returned.

        A caller that is cancelled before its group begins takes its change back; later, the change
        is committed all the same.

        Raises:
            StorageFullError: there is no room.
            StorageError: the storage failed, or the writer has ended.
            Exception: what ``change`` raised.
        """
        pending = _Pending(change=change, future=self._loop.create_future())
        self._queue.put(pending)
        # The thread says that it has ended before it empties the queue a last time, and here it is
        # asked after the change was put: one of the two finds what is left.
        if self._ended is not None:
            self._refuse_waiting()
        result: T = await pending.future
        return result

    def busy_for(self) -> float:
        """Return for how many seconds the thread has been at one transaction; 0 when at none.

        Its rules let it try for a minute at most; a disk that hangs holds it for longer.
        """
        since = self._trying_since
        return 0.0 if since is None else perf_counter() - since

    async def watch(self) -> NoReturn:
        """Wait for the thread to die, which it should not; no more is written once it has.

        Raises:
            StorageError: it died.
        """
        await self._died.wait()
        raise StorageError(self._ended)

    async def close(self) -> None:
        """Commit what was handed over, then end the thread."""
        self._closing.set()
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    # Everything below runs in the thread.

    def _run(self) -> None:
        try:
            self._serve()
        except BaseException as error:  # whatever it was, those who wait must hear of it
            log.critical("database_writer_died", exc_info=True)
            self._ended = f"the database writer has died: {error!r}"
            self._loop.call_soon_threadsafe(self._died.set)
        else:
            self._ended = "the database is closed"
        self._refuse_waiting()

    def _serve(self) -> None:
        try:
            while group := self._gather():
                self._commit(group)
                self._trying_since = None
        finally:
            if self._connection is not None:
                self._connection.close()

    def _gather(self) -> list[_Pending]:
        """Wait for a change and take all that are there; none at all means that it is over."""
        group = self._at_work = []
        pending = self._queue.get()
        while pending is not None:
            group.append(pending)
            if len(group) == GROUP:
                return group
            try:
                pending = self._queue.get_nowait()
            except Empty:
                return group
        if group:
            self._queue.put(None)
        return group

    def _commit(self, group: Sequence[_Pending]) -> None:
        """Commit a group and answer it; or each change alone, when that may save some of them."""
        group = [pending for pending in group if not pending.future.cancelled()]
        notes: Sequence[Noted] = ()
        try:
            with storage_errors():
                notes = self._transact(group)
        except Exception as error:
            if len(group) > 1 and _concerns_one(error):
                for pending in group:
                    self._commit([pending])
                return
            for pending in group:
                pending.error = error
        self._answer(group, notes)

    def _transact(self, group: Sequence[_Pending]) -> Sequence[Noted]:
        """Run a group in one transaction, again where that is undone by no fault of its own."""
        retrial, self._trying_since = Retrial(), perf_counter()
        while group:
            try:
                return self._try(self._connected(), group)
            except DBAPIError as error:
                pause = None if self._closing.is_set() else retrial.pause(error)
                if pause is None:
                    raise
                self._closing.wait(pause)
        return ()

    def _connected(self) -> Connection:
        """Return the one connection, which makes a new one of itself when it is lost."""
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _try(self, connection: Connection, group: Sequence[_Pending]) -> Sequence[Noted]:
        seal, began = None, 0.0
        notes: Sequence[Noted] = ()
        try:
            with connection.begin():
                if self.guard is not None:
                    self.guard(connection)
                for pending in group:
                    pending.run(connection)
                self._finish(connection)
                seal = take_seal(connection)
                notes, began = take_notes(connection), perf_counter()
        except DBAPIError as error:
            if not is_lost(error):
                raise
            connection.invalidate(error)
            if seal is None or not self._was_kept(connection, seal):
                raise
        took = perf_counter() - began
        return [*notes, (Timed.COMMIT, (), took), (Counted.DATABASE_CHANGES, (), len(group))]

    def _was_kept(self, connection: Connection, seal: Seal) -> bool:
        """Find out what became of a transaction; there is no other answer than the server's."""
        backoff = Backoff()
        while not self._closing.wait(backoff.next()):
            self._trying_since = perf_counter()  # to wait for a server is no hang
            log.warning("commit_in_doubt")
            try:
                with connection.begin():
                    kept = was_kept(connection, seal)
            except DBAPIError as error:
                connection.invalidate(error)
            else:
                if kept is not None:
                    return kept
        raise StorageError("the database was closed before it was known what had been kept")

    def _answer(self, group: Sequence[_Pending], notes: Sequence[Noted] = ()) -> None:
        """Wake the loop, once for the whole group."""
        for pending in group:
            pending.answered = True
        self._loop.call_soon_threadsafe(self._settle, group, notes)

    def _refuse_waiting(self) -> None:
        """Answer what nobody will run any more."""
        left = [pending for pending in self._at_work if not pending.answered]
        with suppress(Empty):
            while True:
                if pending := self._queue.get_nowait():
                    left.append(pending)
        for pending in left:
            pending.error = StorageError(self._ended)
        if left:
            self._answer(left)

    def _settle(self, group: Sequence[_Pending], notes: Sequence[Noted]) -> None:
        """Answer a group, and tell what was noted; on the loop."""
        for pending in group:
            pending.settle()
        tell_notes(notes, self.told)


def _concerns_one(error: Exception) -> bool:
    """Tell whether the others of a group may fare better without the one that raised.

    A full disk may have room for the smaller ones; a broken disk or a lock has none for any.
    """
    return isinstance(error, StorageFullError) or not isinstance(error, StorageError)
