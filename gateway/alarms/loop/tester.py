"""Sends the test messages, and finds out what became of them."""

from __future__ import annotations

import asyncio
import secrets
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, NoReturn

import structlog
from sqlalchemy import Connection

from gateway.alarms.facts import LoopFact
from gateway.alarms.loop.plan import OwnLine, next_pair
from gateway.alarms.loop.verdict import loop_facts
from gateway.db.console.loop_tests import (
    LoopRecord,
    drop_test,
    find_test,
    give_up,
    insert_test,
    loops_since,
    note_sent,
)
from gateway.db.console.waiting import any_ready
from gateway.dispatch import Context
from gateway.dispatch.housework import Own, came_of, write_own
from gateway.dispatch.inbound.loop import TEXT
from gateway.domain.consent import Scope
from gateway.domain.errors import StorageError
from gateway.domain.ids import JobId, LineId, ModemName
from gateway.domain.measures import UNKNOWN, Counted, Timed

log = structlog.get_logger(__name__)

LOOK: Final = 10.0
"""Seconds between two looks; the delay itself is taken from what was written when."""
BEHIND: Final = timedelta(seconds=30)
"""A queue in which something has waited for so long has more to do than tests."""
STARTS_WITHIN: Final = timedelta(minutes=5)
"""How long a test waits for its line; then it is given up, and says nothing."""
PERIODS: Final = 3
"""Of history that are looked at."""
CODE: Final = 16
"""Signs of a code: 82 bits, that nobody guesses."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LoopPlan:
    """What the operator sets."""

    every: timedelta | None = None
    """None: nothing is tested."""
    lost_after: timedelta = timedelta(minutes=30)


@dataclass(kw_only=True, slots=True)
class LoopTester:
    """Tests the lines of one gateway.

    Attributes:
        plan: replaced when the configuration is read again.
    """

    context: Context
    lines: Callable[[], Sequence[OwnLine]]
    """Those in service that have nothing else to do."""
    names: Callable[[], Mapping[LineId, ModemName]]
    plan: LoopPlan = field(default_factory=LoopPlan)
    _open: dict[str, LoopRecord] = field(default_factory=dict)
    """What was sent, or is to be, and has not come."""
    _sent: set[str] = field(default_factory=set)
    """What of it was handed to a modem."""

    async def run(self) -> NoReturn:
        """Test until cancelled."""
        while True:
            try:
                await self.look()
            except StorageError as error:
                log.warning("loop_tests_wait_for_storage", error=str(error))
            await asyncio.sleep(LOOK)

    async def look(self) -> None:
        """Look once: settle what was sent, and send what is due.

        Raises:
            StorageError: the database cannot be read or written.
        """
        every = self.plan.every
        history = await self._history(every or timedelta(days=1))
        # Those that an earlier run sent; of another gateway on this database they are its own.
        self._open |= {one.code: one for one in history if self._is_under_way(one)}
        for code in list(self._open):
            await self._settle(code)
        await self._give_up()
        if every is None or await self._is_behind():
            return
        pair = next_pair(self.lines(), history, every, self.context.now())
        if pair is not None and self._open.keys() <= self._sent:
            await self._send(*pair)

    def _is_under_way(self, test: LoopRecord) -> bool:
        return not (test.arrived_at or test.lost_at) and test.from_line in self.names()

    async def facts(self) -> Sequence[LoopFact]:
        """Return what the tests of each line came to; nothing while none are made.

        Raises:
            StorageError: it cannot be read.
        """
        if self.plan.every is None:
            return ()
        return loop_facts(await self._history(self.plan.every), self.names())

    async def _history(self, every: timedelta) -> list[LoopRecord]:
        since = self.context.now() - max(every * PERIODS, timedelta(days=1))
        return await self.context.database.read(lambda c: loops_since(c, since))

    async def _is_behind(self) -> bool:
        since = self.context.now() - BEHIND
        return await self.context.database.read(lambda c: any_ready(c, since))

    async def _send(self, source: OwnLine, target: OwnLine) -> None:
        code, now = _code(), self.context.now()
        own = Own(
            id=_job(code),
            to=target.number,
            text=TEXT.format(code=code),
            line=source.line,
            scope=Scope.LOOP,
            expires_at=now + STARTS_WITHIN,
        )

        def write(connection: Connection) -> None:
            insert_test(connection, code, source.line, target.line, now)
            write_own(connection, own, now)

        await self.context.database.write(write)
        # Kept here at once: it may have come before the next look.
        self._open[code] = LoopRecord(
            code=code, from_line=source.line, to_line=target.line, sent_at=now
        )
        self.context.queue_changed.notify()
        log.info("loop_test_queued", source=source.modem, target=target.modem)

    async def _settle(self, code: str) -> None:
        """Bring a test to where it is: handed over, arrived, or never sent."""
        read = self.context.database.read
        came = await read(lambda c: came_of(c, _job(code)))
        if came is not None and came.handed_at is not None and code not in self._sent:
            at = came.handed_at
            await self.context.database.write(lambda c: note_sent(c, code, at))
            self._sent.add(code)
            self._count(Counted.LOOP_TESTS_SENT, self._open[code].from_line)
        test = await read(lambda c: find_test(c, code))
        if test is None or test.delay is not None:
            self._close(code, test)
        elif came is None or (came.ended and came.handed_at is None):
            await self.context.database.write(lambda c: drop_test(c, code))
            self._close(code, None)

    async def _give_up(self) -> None:
        now, lost_after = self.context.now(), self.plan.lost_after
        lost = await self.context.database.write(lambda c: give_up(c, now - lost_after, now))
        for one in lost:
            self._count(Counted.LOOP_TESTS_LOST, one.from_line)
            self._close(one.code, None)
            log.warning("loop_test_lost", source=self._name(one.from_line))

    def _close(self, code: str, test: LoopRecord | None) -> None:
        """Forget a test; of one that arrived, tell how long it took."""
        self._open.pop(code, None)
        self._sent.discard(code)
        if test is not None and test.delay is not None:
            seconds = test.delay.total_seconds()
            source, target = self._name(test.from_line), self._name(test.to_line)
            self.context.meter.time(Timed.LOOP_TEST_DELAY, seconds, source)
            log.info("loop_test_arrived", source=source, target=target, seconds=seconds)

    def _count(self, what: Counted, line: LineId) -> None:
        self.context.meter.count(what, self._name(line))

    def _name(self, line: LineId) -> str:
        return self.names().get(line, ModemName(UNKNOWN))


def _code() -> str:
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(CODE))


def _job(code: str) -> JobId:
    return JobId(f"loop.{code}")
