"""Has other nodes look at once at what this one changed, and this one at what they did.

Who looks anyway once a second finds it too; the bell is what makes it quick.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, NoReturn

from gateway.db.bell import Listener, say
from gateway.dispatch.nodes.node import Node
from gateway.domain.signal import Signal

RING_EVERY: Final = 0.05
"""Seconds between two words about the same: whoever heard one is still looking."""


class Bells:
    """One signal for each kind of change, the same on every node."""

    def __init__(
        self,
        node: Node,
        url: str,
        signals: Mapping[str, Signal],
        heard: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Make bells that `run` brings to life.

        Args:
            node: this one.
            url: of the database.
            signals: by what they are about, a word without a space.
            heard: told what another node changed, before its signal is notified.
        """
        self._heard = heard
        self._node = node
        self._url = url
        self._signals = signals
        self._echoes: set[str] = set()
        """What is notified here because another node said so."""

    async def run(self) -> NoReturn:
        """Ring and hear until cancelled."""
        listener = Listener(self._url, self._hear, self._hear_all)
        try:
            async with asyncio.TaskGroup() as tasks:
                for what, signal in self._signals.items():
                    tasks.create_task(self._ring(what, signal), name=f"bell-{what}")
        finally:
            await listener.close()
        raise AssertionError

    async def _ring(self, what: str, signal: Signal) -> NoReturn:
        ticket = signal.ticket()
        while True:
            await ticket.wait()
            ticket = signal.ticket()  # what changes from here on is another word
            if what in self._echoes:
                self._echoes.discard(what)
                continue
            await self._node.tell(partial(say, what=what, who=self._node.instance))
            await asyncio.sleep(RING_EVERY)

    def _hear(self, what: str, who: str) -> None:
        if who != self._node.instance and what in self._signals:
            self._echoes.add(what)
            self._heard(what)
            self._signals[what].notify()

    def _hear_all(self) -> None:
        """Look at everything: it may have been said while nobody listened."""
        for what in self._signals:
            self._hear(what, "")
