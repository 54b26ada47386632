"""Does what falls due: jobs become ready or expire, and nothing is waited for without end."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Final, NoReturn

import structlog
from sqlalchemy import Connection

from gateway.db.jobs import overdue_jobs, promote_jobs, silent_jobs
from gateway.db.parts import read_parts
from gateway.dispatch.context import Context
from gateway.dispatch.ending import end_job
from gateway.dispatch.inbound import log_finished, settle_due
from gateway.dispatch.progress import DoubtPolicy
from gateway.dispatch.telling import tell_silence
from gateway.dispatch.tending import Tending
from gateway.domain.errors import StorageError
from gateway.domain.states import JobState

log = structlog.get_logger(__name__)

TICK: Final = 1.0
"""Seconds between looks: the precision of ``send_at`` and ``expires_at`` in the queue. That
nothing overdue is handed over does not hang on it; the intent asks again."""

BATCH: Final = 500
"""Jobs that become ready, and jobs that expire, in one transaction: some 10 ms, so that a line's
outcomes do not wait behind a campaign whose hour has come."""

AGAIN: Final = 600.0
"""Seconds until what came in is looked at again that the gateway itself stumbled over."""

HALFWAY: Final = "expired before every part was handed over"


class Timekeeper:
    """Looks at the clock once a second.

    Args:
        context: the database, the time and the rules.
        tending: looks after what waits in vain; None where no line is at work.
    """

    def __init__(self, context: Context, tending: Tending | None = None) -> None:
        self._context = context
        self._tending = tending
        self._inbound_from = 0.0

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
        if self._tending is not None:
            await self._tending.tend()
        await self._tick_inbound()

    async def _tick_inbound(self) -> None:
        """Do what is due of what came in; it is strangers' work, and must not stop the jobs."""
        loop = asyncio.get_running_loop()
        if loop.time() < self._inbound_from:
            return
        try:
            while await self._do_inbound() >= BATCH:
                pass
        except StorageError:
            raise
        except Exception:
            log.exception("inbound_not_settled", again_seconds=AGAIN)
            self._inbound_from = loop.time() + AGAIN

    async def _do_batch(self) -> tuple[int, int]:
        context, now = self._context, self._context.now()
        promoted, told = await context.database.write(
            lambda connection: fall_due(connection, context.policy, now)
        )
        if promoted:
            context.queue_changed.notify()
        if told:
            context.outbox_changed.notify()
        return promoted, told

    async def _do_inbound(self) -> int:
        context, now = self._context, self._context.now()
        finished, held = await context.database.write(
            lambda connection: settle_due(connection, context.inbound, now, BATCH)
        )
        log_finished(finished)
        if finished:  # it may be answered, or have ended what was waiting
            context.queue_changed.notify()
        if finished or held:
            context.outbox_changed.notify()
        return max(len(finished), held)


def fall_due(connection: Connection, policy: DoubtPolicy, now: datetime) -> tuple[int, int]:
    """Do what is due to jobs, of each kind at most `BATCH`. One transaction.

    Returns:
        How many became ready, and how many were told to have expired or to stay without a report.
    """
    promoted = promote_jobs(connection, now, BATCH)
    overdue = overdue_jobs(connection, now, BATCH)
    for job in overdue:
        end_job(connection, job, JobState.EXPIRED, policy=policy, now=now, halfway=HALFWAY)
    silent = silent_jobs(connection, now, BATCH)
    for job in silent:
        tell_silence(connection, job, read_parts(connection, job.key), now=now)
    return promoted, max(len(overdue), len(silent))
