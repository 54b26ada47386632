"""What this package needs from others, as shapes: an admission, an outbox and a session.

The first two are filled by `gateway.app`; the third by `gateway.mqtt.session`, and by fakes in
the tests.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from gateway.dispatch.entries import Entry
from gateway.domain.errors import RejectedError

T = TypeVar("T")


class Admits(Protocol):
    """Where everything that comes in is handed to; see `gateway.dispatch.Admission`."""

    async def admit(self, entries: Sequence[Entry]) -> list[RejectedError | None]:
        """Commit a batch in order; None for each entry that was taken.

        Raises:
            StorageError: nothing was committed and nothing was answered.
        """
        ...


class Stores(Protocol):
    """The database with the outbox in it; see `gateway.db.Database`."""

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run a query."""
        ...

    async def write(self, change: Callable[[Connection], T]) -> T:
        """Run a change and commit it.

        Raises:
            StorageError: nothing of it was kept.
        """
        ...


@dataclass(frozen=True, slots=True)
class AckTicket:
    """The right to acknowledge one message on the connection that it came on.

    Message ids are used again on the next connection, where the same number is another message.
    """

    connection: int
    mid: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """One message as it came."""

    topic: str
    payload: bytes
    retain: bool = False
    ticket: AckTicket | None = None
    """None where nothing is to be acknowledged, as at QoS 0."""


class Session(Protocol):
    """One connection to the broker, until it is lost."""

    def publish(self, topic: str, payload: str, *, retain: bool = False) -> asyncio.Future[int]:
        """Hand a payload over at QoS 1; the future has the reason code of its PUBACK.

        The future raises BrokerLostError when the connection ends first.
        """
        ...

    async def receive(self, limit: int) -> list[Received]:
        """Return what is waiting, at most ``limit``, waiting for the first; empty at the end.

        Raises:
            BrokerLostError: the connection is gone, and what was waiting on it will come again.
        """
        ...

    def acknowledge(self, messages: Sequence[Received]) -> None:
        """Tell the broker that these are ours now, in this order."""
        ...
