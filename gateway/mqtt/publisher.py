"""Publishes the outbox: in order, at least once, and removes what the broker has.

Letters are read in groups; a group is published with all of it in flight, and nothing is read
behind it until the broker has answered for each. What has arrived is removed a little later, in one
commit with what arrived meanwhile: removing is the one write that nobody waits for. After a lost
connection it goes on at the first letter that is not known to have arrived; after a crash, at the
first that was not removed, and a store sees some statuses again, under the ``seq`` they had.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NoReturn, TypeVar

import structlog

from gateway.db.outbox import Letter, discard_letters, read_letters
from gateway.domain.errors import StorageError
from gateway.domain.measures import Counted
from gateway.domain.signal import Signal
from gateway.meter import Meter, Silent
from gateway.mqtt.courier import Courier, Publication
from gateway.mqtt.ports import Session, Stores
from gateway.mqtt.topics import store_topic

T = TypeVar("T")

log = structlog.get_logger(__name__)

GROUP: Final = 100
"""Letters in flight at once; they share one read."""

GATHER_S: Final = 0.005
"""For so long more letters are waited for when there are some: on a busy line each message has two,
and to read them one by one costs more than to send them."""

REMOVE_S: Final = 0.5
"""So long letters stay that have arrived."""

REMOVE_AT: Final = 1000
"""So many that have arrived are removed at once."""

FALLBACK_S: Final = 15
"""The outbox is looked into so often although nobody said that it changed, for what the command
line put there."""

SHARED_FALLBACK_S: Final = 1
"""So often where other gateways share the database: they say when they put something there, but a
word can get lost."""

STORAGE_RETRY_S: Final = 2
"""Pause while the database can be neither read nor relieved, as on a full disk."""


class Publisher:
    """The way out. Outlives connections; each is served by one call of `run`."""

    def __init__(
        self,
        *,
        database: Stores,
        changed: Signal,
        courier: Courier,
        shared: bool = False,
        meter: Meter | None = None,
    ) -> None:
        """Make a publisher.

        Args:
            database: where the outbox is.
            changed: notified after each commit that posted letters.
            courier: hands them to the broker.
            shared: whether other gateways post letters too.
            meter: counts what has arrived.
        """
        self.at_work = False
        """Whether it is the one that publishes, and has a connection for it."""
        self.progress = Signal()
        """Notified when letters have arrived."""
        self._database = database
        self._changed = changed
        self._courier = courier
        self._meter = meter or Silent()
        self._fallback = SHARED_FALLBACK_S if shared else FALLBACK_S
        self._reached = 0
        """The key of the last letter that has arrived."""
        self._arrived: set[int] = set()
        """Keys of those that have arrived and are not removed yet."""
        self._removed_at = 0.0
        self._window = GROUP
        """Letters in the next group. After a loss it begins with one and doubles: the PUBACK that
        refuses a letter can get lost in the closing that Mosquitto 2.0.11 has follow it, and then
        only a letter that is alone in flight is told from its neighbours."""

    async def run(self, session: Session) -> None:
        """Publish what is there and what comes, until the connection is lost.

        Raises:
            BrokerLostError: it is; the letters in flight stay in the outbox.
        """
        self.at_work = True
        try:
            await self._publish(session)
        finally:
            self.at_work = False

    async def _publish(self, session: Session) -> NoReturn:
        while True:
            ticket = self._changed.ticket()
            window = self._window
            letters = await self._read(window)
            if letters:
                await self._send(session, letters)
            if self._removal_due():
                await self._remove()
            if len(letters) < window:
                await _wait(ticket, REMOVE_S if self._arrived else self._fallback)
                await asyncio.sleep(GATHER_S)

    async def drain(self) -> None:
        """Wait until the outbox is empty; somebody must be publishing meanwhile."""
        self._changed.notify()
        while True:
            ticket = self.progress.ticket()
            if not await self._read(1):
                break
            await ticket.wait()
        await self._remove()

    async def _send(self, session: Session, letters: Sequence[Letter]) -> None:
        """Publish a group and note what was answered, also when the connection is lost."""
        publications = [_publication(letter) for letter in letters]
        delivery = await self._courier.deliver(session, publications)
        if delivery.settled:
            self._note(letters[: delivery.settled])
        if delivery.lost is not None:
            self._window = 1
            raise delivery.lost
        self._window = min(2 * self._window, GROUP)

    def _note(self, letters: Sequence[Letter]) -> None:
        self._reached = letters[-1].key
        self._arrived |= {letter.key for letter in letters}
        for letter in letters:
            self._meter.count(Counted.LETTERS_PUBLISHED, letter.kind)
        self.progress.notify()

    def _removal_due(self) -> bool:
        if len(self._arrived) >= REMOVE_AT:
            return True
        now = asyncio.get_running_loop().time()
        return bool(self._arrived) and now - self._removed_at >= REMOVE_S

    async def _read(self, limit: int) -> list[Letter]:
        after, known = self._reached, tuple(self._arrived)
        return await self._insist(
            lambda: self._database.read(
                lambda connection: read_letters(connection, after, limit, known)
            )
        )

    async def _remove(self) -> None:
        """Remove what has arrived; what is cut short here is done again the next time."""
        keys = sorted(self._arrived)
        await self._insist(
            lambda: self._database.write(lambda connection: discard_letters(connection, keys))
        )
        self._arrived.difference_update(keys)
        self._removed_at = asyncio.get_running_loop().time()
        if not self._arrived:
            self._reached = 0

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
