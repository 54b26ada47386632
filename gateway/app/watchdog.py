"""The watchdog: the service manager hears that we go on for as long as we do.

A timer alone would hide a hang. So the word is given from the loop, which cannot while it stands
still, and only while the writer and the desk of the lines get on with what they are at. A modem
that hangs is no reason: it has a ladder of its own (`gateway.modem.recover`), and to start anew
would take all the others out of service.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Final, NoReturn, Self

import structlog

from gateway.app.service import ServiceManager

log = structlog.get_logger(__name__)

WRITER_LIMIT: Final = 90.0
"""Seconds for one transaction: the writer's own rules give up after sixty, and then one wait of
SQLite's may follow (`gateway.db.retrial`). What lasts longer is a disk that hangs."""

DESK_LIMIT: Final = 120.0
"""Seconds for one round of the desk while the writer is not what it waits for."""

SHARE: Final = 3
"""Words in the time that the manager gives us, so that one may be late."""

UNWATCHED: Final = 30.0
"""Seconds between two looks where nobody waits for our word."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pulse:
    """What tells whether the gateway goes on."""

    writer: float
    """Seconds that the writer has been at one transaction; 0 when at none."""
    desk: float
    """Seconds that the desk has been at one round; 0 when at none."""


def judge(pulse: Pulse) -> str:
    """Return what hangs, in a few words; empty when all goes on."""
    if pulse.writer > WRITER_LIMIT:
        return f"the database has not answered for {pulse.writer:.0f} s"
    if pulse.desk > DESK_LIMIT and not pulse.writer:
        return f"the lines have not been served for {pulse.desk:.0f} s"
    return ""


class Watchdog:
    """Looks after the gateway inside of an `async with`.

    Args:
        manager: who is told.
        look: returns what tells whether the gateway goes on.
        summary: returns how it stands, in a line.
        within: seconds within which the manager wants to hear; None: it does not.
    """

    def __init__(
        self,
        manager: ServiceManager,
        look: Callable[[], Pulse],
        summary: Callable[[], str],
        within: float | None,
    ) -> None:
        self._manager = manager
        self._look = look
        self._summary = summary
        self._within = within
        self._task: asyncio.Task[NoReturn] | None = None

    async def __aenter__(self) -> Self:
        """Begin to look."""
        self._task = asyncio.create_task(self._run(), name="watchdog")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it; what is left to do at the end has the manager's own time limit."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _run(self) -> NoReturn:
        every = UNWATCHED if self._within is None else self._within / SHARE
        while True:
            self._beat()
            await asyncio.sleep(every)

    def _beat(self) -> None:
        hangs = judge(self._look())
        if hangs:
            log.error("watchdog_not_told", reason=hangs)
        elif self._within is not None:
            self._manager.alive()
        self._manager.status(hangs or self._summary())
