"""What a modem said by itself and what of it is worth keeping, until somebody has time for it.

Filled from the reading callback, emptied by one task (`gateway.modem.receive.inbox`). It survives
the link, so that what was read before an unplugging is still handed over.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

import structlog

from gateway.at import Stored, Unsolicited
from gateway.domain.errors import LinkLostError
from gateway.modem.link.notices import CALLS, KEPT, tells_full

log = structlog.get_logger(__name__)

CAPACITY: Final = 4096
"""Events. While the database is down nothing is sent, so that what comes in is bounded by what was
sent before; a line has far fewer reports under way."""


class Order(Enum):
    """What the driver asks of the same task."""

    SWEEP = "sweep"
    """Look through the storages."""
    HANG_UP = "hang_up"
    """End the call that rings."""


@dataclass(eq=False, kw_only=True, slots=True)
class Forget:
    """Somebody is to be forgotten: what is stored of them is looked for and deleted."""

    is_meant: Callable[[Stored], bool]
    """Tells whether a stored PDU is of them."""
    deleted: asyncio.Future[int]
    """How many were; or why that cannot be told."""


Letter = Unsolicited | Order | Forget


class Mailbox:
    """A bounded queue that can be closed; what is in it can still be taken then."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._letters: deque[Letter] = deque()
        self._full = False
        self._arrived = asyncio.Event()
        self._closed = False

    def __len__(self) -> int:
        return len(self._letters)

    def put(self, letter: Letter) -> None:
        """Keep a letter, an order once; a full mailbox drops it and says so."""
        if isinstance(letter, Order) and letter in self._letters:
            return
        if len(self._letters) >= CAPACITY:
            self._drop()
            return
        self._full = False
        self._letters.append(letter)
        self._arrived.set()

    def put_back(self, letter: Letter) -> None:
        """Return a letter that could not be handled to the end; it is the next again."""
        self._letters.appendleft(letter)
        self._arrived.set()

    def hear(self, said: Unsolicited) -> None:
        """Keep what a modem says if it is worth it; signal bars and their like are not."""
        if said.name in KEPT:
            self.put(said)
        elif said.name in CALLS:
            self.put(Order.HANG_UP)
        elif tells_full(said):
            self.put(Order.SWEEP)

    def open(self) -> None:
        """Begin with another connection; what the last one left is still there."""
        self._closed = False

    def close(self) -> None:
        """Say that no more will come."""
        self._closed = True
        self._arrived.set()

    async def get(self) -> Letter:
        """Return the oldest letter.

        Raises:
            LinkLostError: there is none, and none will come.
        """
        while not self._letters:
            if self._closed:
                raise LinkLostError("the mailbox is empty and closed")
            self._arrived.clear()
            await self._arrived.wait()
        return self._letters.popleft()

    def _drop(self) -> None:
        if not self._full:
            log.error("unsolicited_dropped", modem=self._name, kept=CAPACITY)
        self._full = True
