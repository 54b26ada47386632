"""Gathers the facts that the rules look at.

What costs nothing is asked at each look; what costs a query or the disk, once in a while. What is
the same for all gateways on a database is asked by the one that has the duty.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from gateway.alarms.condition import Name
from gateway.alarms.facts import (
    DiskFact,
    Facts,
    LineFact,
    LoopFact,
    QueueFact,
    Reports,
    Trend,
)
from gateway.alarms.filling import Filling
from gateway.alarms.jumps import Jumps
from gateway.db.console.epochs import restored
from gateway.db.console.waiting import Backlog, read_backlog
from gateway.db.ratios import ReportRatio, report_trends
from gateway.dispatch import Context
from gateway.dispatch.desk import Offer
from gateway.dispatch.routing.load import capacity
from gateway.domain.errors import StorageError
from gateway.domain.ids import LineId, ModemName

SELDOM: Final = 30.0
"""Seconds between two looks at the database and the disk: the queries take some 30 ms."""
RECENT: Final = timedelta(hours=2)
"""What is lately, of delivery reports: a small shop sends some twenty messages in it."""
REPORTED_WITHIN: Final = timedelta(minutes=10)
"""How long a part may take to be reported before it is counted as one that was not."""
HORIZON: Final = timedelta(hours=1)
"""Within which deadlines are compared with what the lines can send."""


async def _nothing() -> None:
    return None


async def _no_loops() -> Sequence[LoopFact]:
    return ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """Whom the facts are asked of; filled by `gateway.app`."""

    lines: Callable[[], Sequence[LineFact]]
    offers: Callable[[], Mapping[LineId, Offer]]
    names: Callable[[], Mapping[LineId, ModemName]]
    """Tells which modem holds a line."""
    broker: Callable[[], str | None] = lambda: None
    """Says what is wrong with the broker."""
    backup: Callable[[], Awaitable[str | None]] = _nothing
    """Says what is wrong with the backups."""
    loops: Callable[[], Awaitable[Sequence[LoopFact]]] = _no_loops
    """Tells what came of the loop tests."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seldom:
    """What was asked a while ago."""

    queue: QueueFact | None = None
    trends: Mapping[str, Trend] = field(default_factory=dict)
    copy: str | None = None
    disk: DiskFact | None = None
    backup: str | None = None
    loops: Sequence[LoopFact] = ()


@dataclass(kw_only=True, slots=True)
class Gathering:
    """Asks all sources.

    Attributes:
        leading: whether this gateway asks what is the same for all on its database.
    """

    context: Context
    sources: Sources
    leading: bool = True
    _seldom: _Seldom = field(default_factory=_Seldom)
    _asked_at: float = float("-inf")
    _filling: Filling = field(default_factory=Filling)
    _jumps: Jumps = field(default_factory=Jumps)
    _trouble: str | None = None
    """What is wrong with the database, until it was read and written again."""

    def note_trouble(self, reason: str) -> None:
        """Take note that the database could not be read or written."""
        self._trouble = reason
        self._asked_at = float("-inf")  # so that it is tried again at the next look

    async def gather(self, on: frozenset[Name]) -> Facts:
        """Return how everything stands.

        Args:
            on: the alarms that are on.
        """
        now = asyncio.get_running_loop().time()
        if now - self._asked_at >= SELDOM:
            self._asked_at = now
            await self._ask_seldom(now)
        seldom = self._seldom
        return Facts(
            lines=tuple(self.sources.lines()),
            trends=seldom.trends,
            queue=seldom.queue,
            disk=seldom.disk,
            broker=self.sources.broker(),
            database=self._trouble,
            jump=self._jumps.look(self.context.now(), now),
            backup=seldom.backup,
            copy=seldom.copy,
            loops=tuple(seldom.loops),
            on=on,
        )

    async def _ask_seldom(self, now: float) -> None:
        disk = self._disk(now)
        try:
            await self.context.database.write(lambda _connection: None)
            queue, trends, copy = await self._ask_database(now)
            self._seldom = _Seldom(
                queue=queue,
                trends=trends,
                copy=copy,
                disk=disk,
                backup=await self.sources.backup(),
                loops=await self.sources.loops(),
            )
            self._trouble = None
        except StorageError as error:
            self._seldom = replace(self._seldom, disk=disk)  # what was wrong is not over by it
            self.note_trouble(str(error))

    async def _ask_database(
        self, time: float
    ) -> tuple[QueueFact | None, Mapping[str, Trend], str | None]:
        if not self.leading:
            return None, {}, None
        now, read = self.context.now(), self.context.database.read
        backlog = await read(lambda c: read_backlog(c, now, now + HORIZON))
        since, before = now - RECENT, now - REPORTED_WITHIN
        trends = await read(lambda c: report_trends(c, since, before))
        copy = await read(restored)
        waits = None if copy is None else _COPY.format(held=copy.held)
        return self._queue(backlog, time), self._named(trends), waits

    def _queue(self, backlog: Backlog, time: float) -> QueueFact:
        waited = timedelta(0)
        if backlog.oldest is not None:
            waited = max(waited, self.context.now() - backlog.oldest)
        seconds = HORIZON.total_seconds()
        states = [offer.state for offer in self.sources.offers().values()]
        return QueueFact(
            urgent=backlog.urgent,
            waited=waited,
            due=backlog.due,
            within=HORIZON,
            capacity=sum(capacity(one, time, seconds) for one in states if not one.stopped),
        )

    def _named(
        self, trends: Mapping[LineId, tuple[ReportRatio, ReportRatio]]
    ) -> Mapping[str, Trend]:
        """Name lines by their modems; one that no modem holds is nobody's to look at."""
        names = self.sources.names()
        return {
            names[line]: Trend(recent=_reports(recent), past=_reports(past))
            for line, (recent, past) in trends.items()
            if line in names
        }

    def _disk(self, now: float) -> DiskFact | None:
        try:
            room = self.context.database.room()
        except OSError:
            return None  # the database itself will say more
        if room is None:
            return None
        self._filling.note(now, room.free)
        return DiskFact(
            free=room.free,
            total=room.disk,
            reserve=room.reserve,
            lasts=self._filling.lasts(room.reserve),
        )


_COPY: Final = (
    "this database is a restored copy, and {held} messages in it wait: `shopbell restore "
    "--release` lets them go, `--discard` cancels them"
)


def _reports(ratio: ReportRatio) -> Reports:
    return Reports(asked=ratio.asked, reported=ratio.reported)
