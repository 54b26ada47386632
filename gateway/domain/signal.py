"""Something changed: wakes whoever waits, without saying what."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Signal:
    """Wakes every waiter at once.

    A waiter takes its ticket *before* it looks at the state it waits on; a change between the look
    and the wait then still wakes it.
    """

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._callbacks: list[Callable[[], None]] = []

    def call(self, callback: Callable[[], None]) -> None:
        """Have each `notify` call something; for whoever waits on more than this."""
        self._callbacks.append(callback)

    def ticket(self) -> asyncio.Event:
        """Return an event that the next `notify` sets."""
        return self._event

    def notify(self) -> None:
        """Wake all who hold a ticket."""
        event, self._event = self._event, asyncio.Event()
        event.set()
        for callback in self._callbacks:
            callback()
