"""Takes in what stores publish: read, parse, have it admitted, and only then acknowledge.

What waits is taken together, so that one commit serves all of it. Nothing that a store can send
holds up what is behind it: what cannot be read becomes a refusal, and is acknowledged like the
rest, for the broker would bring it again at every connection.

The feed decides nothing about jobs; that is admission's. It makes sure that each message is
answered for exactly once: by the commit of its batch or, when nothing can be committed, by a
``rejected`` straight to its store.
"""

from __future__ import annotations

import asyncio
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog

from gateway.dispatch.entries import Entry, Refusal
from gateway.dispatch.rejection import rejection_body
from gateway.domain import failpoint
from gateway.domain.clock import Clock
from gateway.domain.errors import RejectedError, StorageError
from gateway.domain.event import StoreEvent
from gateway.domain.failpoint import Failpoint
from gateway.domain.outward import Outward
from gateway.mqtt.courier import Courier, Publication
from gateway.mqtt.entries import read_entry
from gateway.mqtt.faults import Fault
from gateway.mqtt.ports import Admits, Received, Session
from gateway.mqtt.topics import parse_topic, store_topic

log = structlog.get_logger(__name__)

BATCH: Final = 200
"""Messages that share a commit at most. Measured: beyond it nothing is gained, also on a disk
with an fsync of 10 ms (RELIABILITY.md 4.3)."""

REMEMBERED: Final = 10_000
"""Topics; where the broker keeps stores apart there are three of each store."""


@dataclass(slots=True)
class FeedCounters:
    """What came in since the start."""

    received: int = 0
    accepted: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    """By code."""
    misaddressed: int = 0
    """On a topic that no store can own."""


class Feed:
    """The way in. Outlives connections; each is served by one call of `run`.

    Attributes:
        counters: what came in.
        storing: False while nothing can be committed and everything is refused.
        busy: whether something was received and is not acknowledged yet.
    """

    def __init__(self, *, admission: Admits, courier: Courier, clock: Clock) -> None:
        self.counters = FeedCounters()
        self.storing = True
        self.busy = False
        self._admission = admission
        self._courier = courier
        self._clock = clock
        self._cleared: set[str] = set()
        """Topics from which something retained was taken away, at most `REMEMBERED`."""

    async def run(self, session: Session) -> None:
        """Serve a connection until it is to receive nothing more.

        Raises:
            BrokerLostError: the connection is gone; what was not acknowledged will come again.
        """
        self.busy = False
        while batch := await session.receive(BATCH):
            self.busy = True
            failpoint.reach(Failpoint.JOB_RECEIVED)
            await self._take(session, batch)
            await self._clear(session, batch)
            failpoint.reach(Failpoint.JOB_COMMITTED)
            session.acknowledge(batch)
            failpoint.reach(Failpoint.JOB_ACKNOWLEDGED)
            self.busy = False

    async def _take(self, session: Session, batch: Sequence[Received]) -> None:
        self.counters.received += len(batch)
        entries = [entry for entry in map(self._read, batch) if entry is not None]
        if entries:
            await self._admit(session, entries)

    async def _clear(self, session: Session, batch: Sequence[Received]) -> None:
        """Take away what stores had the broker retain: nothing about a person stays there.

        An empty retained message does that (MQTT 5, 3.3.1.3). It may come back to us.
        """
        topics = {message.topic for message in batch if message.retain and message.payload}
        owned = sorted(topic for topic in topics if parse_topic(topic))
        if owned:
            if len(self._cleared) + len(owned) > REMEMBERED:
                self._cleared.clear()
            self._cleared.update(owned)
            await self._courier.deliver_all(
                session, [Publication(topic=topic, body="", retain=True) for topic in owned]
            )

    def _is_removal(self, message: Received) -> bool:
        """Tell whether a message only took a retained one away, ours or another's."""
        return not message.payload and (message.retain or message.topic in self._cleared)

    def _read(self, message: Received) -> Entry | None:
        if self._is_removal(message):
            return None
        entry = read_entry(message)
        if entry is None:
            self._count_misaddressed()
        return entry

    def _count_misaddressed(self) -> None:
        if self.counters.misaddressed == 0:
            log.warning("mqtt_topic_of_no_store", remedy="a store's name is [a-z0-9-]{1,32}")
        self.counters.misaddressed += 1

    async def _admit(self, session: Session, entries: Sequence[Entry]) -> None:
        try:
            verdicts = await self._commit(entries)
        except StorageError as error:
            self._note_storage(error)
            await self._refuse(session, [_refusal(entry, _not_stored) for entry in entries])
        except Exception as error:  # a fault of ours with one entry must not be one with the rest
            await self._isolate(session, entries, error)
        else:
            self._note_storage(None)
            self._count(verdicts)

    async def _commit(self, entries: Sequence[Entry]) -> list[RejectedError | None]:
        """Have a batch admitted, to the end even when the connection is lost meanwhile.

        Admission commits and then wakes who waits for jobs and for letters; a cancellation between
        the two would leave both asleep.
        """
        admitting = asyncio.create_task(self._admission.admit(entries), name="mqtt admission")
        try:
            return await asyncio.shield(admitting)
        except asyncio.CancelledError:
            await asyncio.gather(admitting, return_exceptions=True)
            raise

    async def _isolate(self, session: Session, entries: Sequence[Entry], error: Exception) -> None:
        """Find the entry that admission stumbles over, and refuse that one alone."""
        if len(entries) > 1:
            for entry in entries:
                await self._admit(session, [entry])
            return
        # The error's own words may quote the entry, and with it a person.
        log.error("entry_failed", error=type(error).__name__, where=_where(error))
        await self._refuse(session, [_refusal(entries[0], _stumbled)])

    async def _refuse(self, session: Session, refusals: Sequence[Refusal]) -> None:
        """Tell stores directly, past the outbox, and wait until the broker has it."""
        now = self._clock.now()
        await self._courier.deliver_all(
            session,
            [
                Publication(
                    topic=store_topic(refusal.store, Outward.REJECTED),
                    body=rejection_body(refusal.error, now),
                )
                for refusal in refusals
            ],
        )
        self._count([refusal.error for refusal in refusals])

    def _count(self, verdicts: Sequence[RejectedError | None]) -> None:
        for verdict in verdicts:
            if verdict is None:
                self.counters.accepted += 1
            else:
                self.counters.rejected[verdict.code] += 1

    def _note_storage(self, error: StorageError | None) -> None:
        """Log when storing stops and when it works again, and only then."""
        if error is not None and self.storing:
            log.error("intake_stopped", reason=str(error), answer="rejected: storage")
        elif error is None and not self.storing:
            log.info("intake_resumed")
        self.storing = error is None


def _refusal(entry: Entry, explain: Callable[[str], RejectedError]) -> Refusal:
    """Return what a store is told of an entry that could not be committed."""
    if isinstance(entry, Refusal):
        return entry
    error = explain(entry.id)
    error.source = entry.source if isinstance(entry, StoreEvent) else None
    return Refusal(store=entry.store, error=error)


def _not_stored(job: str) -> RejectedError:
    return RejectedError(
        Fault.STORAGE,
        "the gateway cannot store anything at the moment; send it again later",
        job=job,
    )


def _stumbled(job: str) -> RejectedError:
    return RejectedError(
        Fault.INTERNAL, "the gateway failed on this; its operator finds why in the log", job=job
    )


def _where(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}"
