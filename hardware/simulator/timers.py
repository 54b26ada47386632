"""Time as the modems see it: something that calls back later.

The bank gives the event loop itself; unit tests give a clock that they move.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """A call that waits for its time."""

    def cancel(self) -> None:
        """Have it never come."""
        ...


class Timers(Protocol):
    """Calls back later; `asyncio.AbstractEventLoop` is one."""

    def call_later(self, delay: float, callback: Callable[[], object], /) -> Timer:
        """Call ``callback`` in ``delay`` seconds."""
        ...
