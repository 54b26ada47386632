"""Words between the gateways on one database: something changed, look at it (``NOTIFY``).

A word says what to look at and who says it, and nothing else: what there is stands in the tables. A
word that gets lost, as while a connection is made anew, costs the time until the next look.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import structlog
from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.exc import DBAPIError

from gateway.db.cutting import cut
from gateway.db.engine import writing_engine

CHANNEL: Final = "shopbell"

AGAIN_S: Final = 1.0
"""Pause before another connection is tried."""

LOOK_S: Final = 5.0
"""So often a quiet connection is asked whether it still stands."""

log = structlog.get_logger(__name__)

_SAY: Final = select(func.pg_notify(CHANNEL, bindparam("word")))

Heard = Callable[[str, str], None]
"""Takes what is to be looked at, and who said so."""


def say(connection: Connection, what: str, who: str) -> None:
    """Say that something changed; it is heard once the transaction is committed."""
    connection.execute(_SAY, {"word": f"{what} {who}"})


class Listener:
    """Hears in a thread of its own, on a connection of its own, until it is closed."""

    def __init__(self, url: str, heard: Heard, missed: Callable[[], None]) -> None:
        """Begin to listen; call it on the loop that is to be told.

        Args:
            url: of the database.
            heard: called on the loop with each word.
            missed: called on the loop when words may have been missed.
        """
        self._engine = writing_engine(url)
        self._loop = asyncio.get_running_loop()
        self._heard = heard
        self._missed = missed
        self._closing = threading.Event()
        self._driver: Any = None
        self._thread = threading.Thread(target=self._run, name="db-bell", daemon=True)
        self._thread.start()

    async def close(self) -> None:
        """Hear no more."""
        self._closing.set()
        cut(self._driver)
        await asyncio.to_thread(self._thread.join)
        self._engine.dispose()

    # Everything below runs in the thread.

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                with self._engine.connect() as connection:
                    self._listen(connection)
            except DBAPIError as error:
                log.info("bell_away", reason=type(error.orig).__name__)
            self._closing.wait(AGAIN_S)

    def _listen(self, connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        self._driver = driver
        errors = connection.dialect.loaded_dbapi.Error
        driver.autocommit = True
        with suppress(errors):
            driver.execute(f"LISTEN {CHANNEL}")
            self._call(self._missed)
            while not self._closing.is_set():
                for note in driver.notifies(timeout=LOOK_S):
                    what, _, who = note.payload.partition(" ")
                    self._call(self._heard, what, who)
                driver.execute("SELECT 1")
        connection.invalidate()

    def _call(self, callback: Callable[..., None], *words: str) -> None:
        with suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(callback, *words)
