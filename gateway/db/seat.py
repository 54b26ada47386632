"""A node's seat at a shared database: one session that lives as long as the node does.

What is locked on it is the node's, and the server frees it when the session ends. A session does
not end by itself when the network is cut: the server would wait for hours. Here it is the server
that keeps the time, by its own clock: it ends a session on which nothing was said for the length of
the lease (``idle_session_timeout``). Nothing that stands between the two, no proxy that still
answers for the dead and no router that forgets, can keep a lock alive.

Questions run in a thread of the seat's own, one at a time, each as one transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, bindparam, func, select

from gateway.db.cutting import cut
from gateway.db.engine import writing_engine
from gateway.db.failures import storage_errors
from gateway.db.sessions import SEAT, session_name
from gateway.domain.errors import StorageError

T = TypeVar("T")

IDLE_SINCE: Final = 140_000
"""The server's version that first ends idle sessions. An older one notices a cut network by the
silence of TCP alone, and a proxy in between can hide that."""


class SeatLostError(StorageError):
    """The session is gone, or does not answer: nothing is locked any more."""


class Seat:
    """One session. It is not opened again; who lost it takes another."""

    def __init__(self, url: str, owner: str, lease: float) -> None:
        """Prepare a session.

        Args:
            url: of the database, ``postgresql+psycopg://…``.
            owner: the instance that it is for; the server shows the session under its name.
            lease: seconds of silence after which the server ends it.
        """
        self._owner = owner
        self._lease = lease
        self._engine = writing_engine(url)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="db-seat")
        self._connection: Connection | None = None
        self._driver: Any = None
        self.lost = False
        """Whether it is gone for good."""

    async def open(self) -> None:
        """Connect.

        Raises:
            SeatLostError: the server does not let us, or does not answer in time.
        """
        await self._in_thread(self._connect, self._lease)

    async def ask(self, query: Callable[[Connection], T], seconds: float) -> T:
        """Run a query as one transaction and return what it returned.

        Args:
            query: what to run.
            seconds: until when an answer must be there.

        Raises:
            SeatLostError: it is not; the session is given up.
            Exception: what ``query`` raised.
        """
        return await self._in_thread(lambda: self._run(query), seconds)

    async def close(self) -> None:
        """End the session."""
        self._give_up()
        await asyncio.to_thread(self._thread.shutdown)
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
        self._engine.dispose()

    async def _in_thread(self, work: Callable[[], T], seconds: float) -> T:
        if self.lost:
            raise SeatLostError("the session with the database is gone")
        answer = asyncio.get_running_loop().run_in_executor(self._thread, work)
        answer.add_done_callback(_heed)
        done, _ = await asyncio.wait({answer}, timeout=seconds)
        if not done:
            self._give_up()
            raise SeatLostError(f"the database did not answer within {seconds:g} s")
        try:
            return answer.result()
        except StorageError as error:
            self._give_up()
            raise SeatLostError(str(error)) from error

    def _give_up(self) -> None:
        """Cut the line, so that a thread that waits for an answer need not wait any more."""
        self.lost = True
        cut(self._driver)

    # Everything below runs in the thread.

    def _connect(self) -> None:
        with storage_errors():
            connection = self._connection = self._engine.connect()
            driver: Any = connection.connection.driver_connection
            self._driver = driver
            limits = ["idle_in_transaction_session_timeout"]
            if driver.info.server_version >= IDLE_SINCE:
                limits.append("idle_session_timeout")
            settings = dict.fromkeys(limits, f"{round(self._lease * 1000)}ms")
            settings["application_name"] = session_name(SEAT, self._owner)
            for name, value in settings.items():
                connection.execute(_SET, {"name": name, "value": value})
            connection.commit()

    def _run(self, query: Callable[[Connection], T]) -> T:
        connection = self._connection
        assert connection is not None  # noqa: S101 -- nobody asks before `open`
        with storage_errors(), connection.begin():
            return query(connection)


def _heed(answer: asyncio.Future[Any]) -> None:
    """Look at what nobody waits for any more, so that nobody is warned of it."""
    if not answer.cancelled():
        answer.exception()


_SET: Final = select(func.set_config(bindparam("name"), bindparam("value"), False))
