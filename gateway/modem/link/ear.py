"""What somebody waits for to be said: lines of one name, until the link is lost."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

from gateway.domain.errors import LinkLostError

CAPACITY: Final = 64
"""Lines; an answer has a few. Of a mad modem the oldest are dropped."""


class Ear:
    """Filled from the reading callback, emptied by the one who opened it (`Link.overhear`)."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=CAPACITY)
        self._changed = asyncio.Event()
        self._loss: LinkLostError | None = None

    def hear(self, line: str) -> None:
        """Keep a line."""
        self._lines.append(line)
        self._changed.set()

    def lose(self, loss: LinkLostError) -> None:
        """Say that nothing more will come."""
        self._loss = loss
        self._changed.set()

    def clear(self) -> list[str]:
        """Return what was kept, and forget it."""
        lines = list(self._lines)
        self._lines.clear()
        return lines

    async def next(self) -> str:
        """Wait for a line.

        Raises:
            LinkLostError: the link was lost.
        """
        while not self._lines:
            if self._loss is not None:
                raise LinkLostError(str(self._loss)) from self._loss
            self._changed.clear()
            await self._changed.wait()
        return self._lines.popleft()
