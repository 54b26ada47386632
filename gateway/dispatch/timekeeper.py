"""Does what falls due: jobs whose time has come become ready, and overdue ones expire."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Final, NoReturn

import structlog
from sqlalchemy import Connection

from gateway.db.database import Database
from gateway.db.jobs import JobRecord, change_job, overdue_jobs, promote_jobs
from gateway.db.parts import fail_waiting_parts, read_parts
from gateway.dispatch.progress import DoubtPolicy
from gateway.dispatch.telling import counts_of, follow_parts, tell
from gateway.domain.clock import Clock
from gateway.domain.errors import StorageError
from gateway.domain.signal import Signal
from gateway.domain.states import JobState, PartState, Stage

log = structlog.get_logger(__name__)

TICK: Final = 1.0
"""Seconds between looks: the precision of ``send_at`` and ``expires_at`` in the queue. That
nothing overdue is handed over does not hang on it; the intent asks again."""

BATCH: Final = 500
"""Jobs that expire in one transaction, so that the writer is free again soon."""

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
        """Do what is due now."""
        now = self._clock.now()
        promoted, expired = await self._database.write(
            lambda connection: fall_due(connection, self._policy, now)
        )
        if promoted:
            self._queue_changed.notify()
        if expired:
            self._outbox_changed.notify()


def fall_due(connection: Connection, policy: DoubtPolicy, now: datetime) -> tuple[int, int]:
    """Promote and expire; return how many of each. One transaction."""
    promoted = promote_jobs(connection, now)
    overdue = overdue_jobs(connection, now, BATCH)
    for job in overdue:
        _expire(connection, job, policy, now)
    return promoted, len(overdue)


def _expire(connection: Connection, job: JobRecord, policy: DoubtPolicy, now: datetime) -> None:
    """End a job whose deadline passed; one that was begun has failed, for it was handed over."""
    parts = read_parts(connection, job.key)
    states = {part.state for part in parts}
    change_job(connection, job.key, stage=Stage.DONE)
    if states == {PartState.WAITING}:
        tell(connection, job, JobState.EXPIRED, counts_of(parts), now=now)
    elif PartState.WAITING in states:
        fail_waiting_parts(connection, job.key, now)
        follow_parts(connection, job.key, policy=policy, now=now, reason=HALFWAY)
