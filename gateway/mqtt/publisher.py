"""Publishes the outbox: in order, at least once, and removes what the broker has.

Letters are read in groups; a group is published with all of it in flight, and removed in one
commit when the broker has answered for each. Because nothing is read behind a group that is not
settled, the next read always begins at the first letter that is not known to have arrived: after
a lost connection too, and after a restart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

import structlog

from gateway.db.outbox import Letter, discard_letters, read_letters
from gateway.domain.errors import StorageError
from gateway.domain.signal import Signal
from gateway.mqtt.courier import Courier, Publication
from gateway.mqtt.ports import Session, Stores
from gateway.mqtt.topics import store_topic

T = TypeVar("T")

log = structlog.get_logger(__name__)

GROUP: Final = 100
"""Letters in flight at once; they share one read and one commit."""

FALLBACK_S: Final = 15
"""The outbox is looked into so often although nobody said that it changed, for what another
gateway on the same database, or the command line, put there."""

STORAGE_RETRY_S: Final = 2
"""Pause while the database can be neither read nor relieved, as on a full disk."""


class Publisher:
    """The way out. Outlives connections; each is served by one call of `run`."""

    def __init__(self, *, database: Stores, changed: Signal, courier: Courier) -> None:
        self.progress = Signal()
        """Notified when letters were removed."""
        self._database = database
        self._changed = changed
        self._courier = courier

    async def run(self, session: Session) -> None:
        """Publish what is there and what comes, until the connection is lost.

        Raises:
            BrokerLostError: it is; the letters in flight stay in the outbox.
        """
        while True:
            ticket = self._changed.ticket()
            letters = await self._read(GROUP)
            if letters:
                await self._courier.deliver(session, [_publication(letter) for letter in letters])
                await self._discard([letter.key for letter in letters])
                self.progress.notify()
            if len(letters) < GROUP:
                await _wait(ticket, FALLBACK_S)

    async def drain(self) -> None:
        """Wait until the outbox is empty; somebody must be publishing meanwhile."""
        self._changed.notify()
        while True:
            ticket = self.progress.ticket()
            if not await self._read(1):
                return
            await ticket.wait()

    async def _read(self, limit: int) -> list[Letter]:
        return await self._insist(
            lambda: self._database.read(lambda connection: read_letters(connection, 0, limit))
        )

    async def _discard(self, keys: Sequence[int]) -> None:
        """Remove what was published; reading on before that would publish it again."""
        await self._insist(
            lambda: self._database.write(lambda connection: discard_letters(connection, keys))
        )

    async def _insist(self, operation: Callable[[], Awaitable[T]]) -> T:
        """Try until the database does it, saying once that it does not and once that it does."""
        stuck = False
        while True:
            try:
                done = await operation()
            except StorageError as error:
                if not stuck:
                    log.error("outbox_stuck", reason=str(error))
                stuck = True
                await asyncio.sleep(STORAGE_RETRY_S)
            else:
                if stuck:
                    log.info("outbox_moves_again")
                return done


def _publication(letter: Letter) -> Publication:
    return Publication(topic=store_topic(letter.store, letter.kind), body=letter.body)


async def _wait(ticket: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await ticket.wait()
    except TimeoutError:
        pass
