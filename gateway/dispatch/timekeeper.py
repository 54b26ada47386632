"""Does what falls due: jobs whose time has come become ready, and overdue ones expire."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Final, NoReturn

import structlog
from sqlalchemy import Connection

from gateway.db.database import Database
from gateway.db.jobs import overdue_jobs, promote_jobs
from gateway.dispatch.ending import end_job
from gateway.dispatch.progress import DoubtPolicy
from gateway.domain.clock import Clock
from gateway.domain.errors import StorageError
from gateway.domain.signal import Signal
from gateway.domain.states import JobState

log = structlog.get_logger(__name__)

TICK: Final = 1.0
"""Seconds between looks: the precision of ``send_at`` and ``expires_at`` in the queue. That
nothing overdue is handed over does not hang on it; the intent asks again."""

BATCH: Final = 500
"""Jobs that become ready, and jobs that expire, in one transaction: some 10 ms, so that a line's
outcomes do not wait behind a campaign whose hour has come."""

HALFWAY: Final = "expired before every part was handed over"


class Timekeeper:
    """Looks at the clock once a second."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        policy: DoubtPolicy,
        queue_changed: Signal,
        outbox_changed: Signal,
    ) -> None:
        self._database = database
        self._clock = clock
        self._policy = policy
        self._queue_changed = queue_changed
        self._outbox_changed = outbox_changed

    async def run(self) -> NoReturn:
        """Tick until cancelled."""
        while True:
            try:
                await self.tick()
            except StorageError as error:
                log.warning("timekeeper_waits_for_storage", error=str(error))
            await asyncio.sleep(TICK)

    async def tick(self) -> None:
        """Do all that is due now, a batch at a time."""
        while max(await self._do_batch()) >= BATCH:
            pass

    async def _do_batch(self) -> tuple[int, int]:
        now = self._clock.now()
        promoted, expired = await self._database.write(
            lambda connection: fall_due(connection, self._policy, now)
        )
        if promoted:
            self._queue_changed.notify()
        if expired:
            self._outbox_changed.notify()
        return promoted, expired


def fall_due(connection: Connection, policy: DoubtPolicy, now: datetime) -> tuple[int, int]:
    """Promote and expire; return how many of each, at most `BATCH`. One transaction."""
    promoted = promote_jobs(connection, now, BATCH)
    overdue = overdue_jobs(connection, now, BATCH)
    for job in overdue:
        end_job(connection, job, JobState.EXPIRED, policy=policy, now=now, halfway=HALFWAY)
    return promoted, len(overdue)
