"""All carriers of a gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import Connection

from gateway.carrier import Carrier
from gateway.db.jobs import pinned_jobs
from gateway.dispatch.carrying.worker import CarrierAtWork, CarrierStatus
from gateway.dispatch.context import Context
from gateway.dispatch.desk import Desk
from gateway.dispatch.ending import end_job
from gateway.dispatch.plan import Fleet
from gateway.dispatch.progress import DoubtPolicy
from gateway.dispatch.standing import LineStanding, read_standings
from gateway.domain.ids import CARRIER_PREFIX, LineId
from gateway.domain.states import JobState

log = structlog.get_logger(__name__)

GONE: Final = "its carrier is not configured any more, and no SIM may send it"


class Carriers:
    """Runs them beside the modems."""

    def __init__(
        self,
        carriers: Sequence[Carrier],
        fleet: Fleet,
        context: Context,
        desk: Desk | None = None,
    ) -> None:
        desk = desk or Desk(context)
        self._at_work = [CarrierAtWork(carrier, fleet, context, desk) for carrier in carriers]
        self._context = context

    @property
    def statuses(self) -> list[CarrierStatus]:
        """How each stands, in the order of the configuration."""
        return [one.status for one in self._at_work]

    async def standings(self) -> Mapping[LineId, LineStanding]:
        """Return how fast each may send, and what it has used up.

        Raises:
            StorageError: it cannot be read.
        """
        lines = [one.paced for one in self._at_work]
        spans, now = self._context.spans(), asyncio.get_running_loop().time()
        return await self._context.database.read(
            lambda connection: read_standings(connection, lines, spans, now)
        )

    async def disown(self) -> None:
        """End what waits for a carrier that is there no more: nobody would ever send it (SIM-5).

        Before any of them is at work. Where others share the database, theirs are not known here.
        """
        if not self._context.database.exclusive:
            return
        context, now = self._context, self._context.now()
        lines = frozenset(one.line for one in self._at_work)
        ended = await context.database.write(
            lambda connection: _end_orphans(connection, lines, context.policy, now)
        )
        if ended:
            log.warning("jobs_without_their_carrier", ended=ended)
            context.outbox_changed.notify()

    async def run(self) -> None:
        """Run them until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for one in self._at_work:
                tasks.create_task(one.run(), name=one.line)

    async def drain(self, grace: float) -> bool:
        """Let each finish the job that it is at; return whether all did within ``grace``."""
        return all(await asyncio.gather(*(one.drain(grace) for one in self._at_work)))


def _end_orphans(
    connection: Connection, lines: frozenset[LineId], policy: DoubtPolicy, now: datetime
) -> int:
    ended = 0
    for job in pinned_jobs(connection, CARRIER_PREFIX):
        if job.only_line not in lines:
            end_job(
                connection,
                job,
                JobState.CANCELLED,
                policy=policy,
                now=now,
                reason=GONE,
                halfway=GONE,
            )
            ended += 1
    return ended
