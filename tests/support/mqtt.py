"""Stand-ins for what the bridge talks to: a connection, an admission, and a database."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, StaticPool, create_engine, insert

from gateway.db.outbox import Letter, post, read_letters
from gateway.db.tables import Outgoing, Table
from gateway.dispatch.entries import Entry, Refusal
from gateway.domain.errors import RejectedError, StorageError
from gateway.domain.ids import StoreName
from gateway.domain.outward import Outward
from gateway.mqtt.errors import BrokerLostError
from gateway.mqtt.ports import AckTicket, Received

ACME = StoreName("acme")
LOST = BrokerLostError("the cable was pulled")


class FakeSession:
    """A connection whose other end is the test.

    Attributes:
        published: (topic, payload, retain) in the order of the calls.
        acknowledged: the messages that were, in order.
        journal: what happened, shared with other stand-ins to see the order among them.
        answering: whether publications are answered at once, with `code`.
    """

    def __init__(self, journal: list[str] | None = None) -> None:
        self.published: list[tuple[str, str, bool]] = []
        self.acknowledged: list[Received] = []
        self.subscribed: list[str] = []
        self.unsubscribed: list[str] = []
        self.journal = journal if journal is not None else []
        self.answering = True
        self.code = 0
        self.resumed = True
        self._mids = itertools.count(1)
        self._waiting: deque[Received] = deque()
        self._arrived = asyncio.Event()
        self._ended = False
        self._lost = asyncio.Event()
        self._unanswered: deque[asyncio.Future[int]] = deque()

    def arrive(self, topic: str, payload: bytes, *, retain: bool = False) -> Received:
        """Have the broker bring a message."""
        message = Received(
            topic=topic, payload=payload, retain=retain, ticket=AckTicket(1, next(self._mids))
        )
        self._waiting.append(message)
        self._arrived.set()
        return message

    def answer(self, count: int, code: int = 0) -> None:
        """Answer the oldest publications."""
        for _ in range(count):
            self._unanswered.popleft().set_result(code)

    def lose(self) -> None:
        """End the connection."""
        self._lost.set()
        self._arrived.set()
        while self._unanswered:
            self._unanswered.popleft().set_exception(LOST)

    def publish(self, topic: str, payload: str, *, retain: bool = False) -> asyncio.Future[int]:
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.published.append((topic, payload, retain))
        self.journal.append(f"publish {topic}")
        if self._lost.is_set():
            answer.set_exception(LOST)
        elif self.answering:
            answer.set_result(self.code)
        else:
            self._unanswered.append(answer)
        return answer

    async def receive(self, limit: int) -> list[Received]:
        while not (self._waiting or self._ended or self._lost.is_set()):
            self._arrived.clear()
            await self._arrived.wait()
        if self._lost.is_set():
            raise LOST
        if self._ended:
            return []
        return [self._waiting.popleft() for _ in range(min(limit, len(self._waiting)))]

    def stop_receiving(self) -> None:
        self._ended = True
        self._arrived.set()

    def acknowledge(self, messages: Sequence[Received]) -> None:
        self.acknowledged += messages
        self.journal += [f"ack {message.ticket.mid}" for message in messages if message.ticket]

    async def subscribe(self, topics: Sequence[str]) -> None:
        self.subscribed += topics

    async def unsubscribe(self, topics: Sequence[str]) -> None:
        self.unsubscribed += topics

    async def wait_lost(self) -> None:
        await self._lost.wait()
        raise LOST


@dataclass
class FakeAdmission:
    """Takes everything, until it is told otherwise."""

    journal: list[str] = field(default_factory=list)
    batches: list[list[Entry]] = field(default_factory=list)
    failure: Exception | None = None
    """Raised at each call while it is set."""
    poison: Callable[[Entry], bool] = lambda _entry: False
    """Entries over which it stumbles with an error of its own."""
    gate: asyncio.Event | None = None
    """When set, a batch is committed only once this is."""

    async def admit(self, entries: Sequence[Entry]) -> list[RejectedError | None]:
        if self.gate is not None:
            await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        if any(self.poison(entry) for entry in entries):
            raise LookupError("+447700900123 is in these words")
        self.batches.append(list(entries))
        self.journal.append(f"commit {len(entries)}")
        return [entry.error if isinstance(entry, Refusal) else None for entry in entries]

    @property
    def entries(self) -> list[Entry]:
        """Everything that was taken, in order."""
        return [entry for batch in self.batches for entry in batch]


class FakeDatabase:
    """An outbox in memory, without threads.

    Attributes:
        reads: how often it was read.
        failures: how many of the next operations fail.
    """

    def __init__(self) -> None:
        self._engine = create_engine("sqlite://", poolclass=StaticPool)
        Table.metadata.create_all(self._engine)
        self.reads = 0
        self.failures = 0

    async def read(self, query: Callable[[Connection], Any]) -> Any:
        self.reads += 1
        self._fail()
        with self._engine.connect() as connection:
            return query(connection)

    async def write(self, change: Callable[[Connection], Any]) -> Any:
        self._fail()
        with self._engine.begin() as connection:
            return change(connection)

    def post(self, *bodies: str, kind: Outward = Outward.STATUS) -> None:
        """Put payloads for acme into the outbox."""
        with self._engine.begin() as connection:
            for body in bodies:
                post(connection, ACME, kind, body)

    def post_at(self, key: int, body: str) -> None:
        """Put a payload for acme into the outbox under a key of the past."""
        row = {"key": key, "store": ACME, "kind": "status", "body": body}
        with self._engine.begin() as connection:
            connection.execute(insert(Outgoing).values(**row))

    @property
    def letters(self) -> list[Letter]:
        """What is in the outbox."""
        with self._engine.connect() as connection:
            return read_letters(connection, 0, 10_000)

    def close(self) -> None:
        """Let go of the memory."""
        self._engine.dispose()

    def _fail(self) -> None:
        if self.failures:
            self.failures -= 1
            raise StorageError("disk I/O error")
