"""A line at work: claims jobs and has their parts handed over, one after the other.

The same for a SIM and for a carrier; how parts are handed over is the sender's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

import structlog
from sqlalchemy import Connection

from gateway.db.jobs import JobRecord, claim_job
from gateway.db.parts import PartRecord, read_parts
from gateway.dispatch.breaker import CircuitState
from gateway.dispatch.outcomes import Outcomes
from gateway.dispatch.pacing import Budget, Passage, Speed
from gateway.dispatch.plan import Fleet, LinePlan, limits_of, speed_of
from gateway.dispatch.progress import DoubtPolicy, is_due
from gateway.dispatch.settling import Holder
from gateway.dispatch.spending import Allowance
from gateway.dispatch.telling import facts_of, follow_parts
from gateway.domain.alarms import AlarmKind
from gateway.domain.errors import StorageError
from gateway.domain.failpoint import Failpoint, reach
from gateway.domain.terms import Bar, Terms

log = structlog.get_logger(__name__)

LONGEST_IDLE: Final = 60.0
"""Seconds after which an idle line looks for work anyway, though nobody called it."""

STORAGE_PAUSE: Final = 2.0
"""Seconds that a line waits before it claims again when the database could not commit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Work:
    """A claimed job and the parts of it that are to be handed over."""

    job: JobRecord
    parts: list[PartRecord]


class Sender(Protocol):
    """Hands parts over, and has written what became of them."""

    def bundle(self, parts: Sequence[PartRecord]) -> list[Sequence[PartRecord]]:
        """Return which parts are handed over together."""
        ...

    async def hand_over(self, job: JobRecord, parts: Sequence[PartRecord], budget: Budget) -> bool:
        """Hand over parts; return whether the job's next ones may follow."""
        ...


class LineAtWork:
    """Serves one line from when it is ready until it is lost or the gateway drains.

    It alone hands over on it; what it knows beside the database is its pace, and the line's
    circuit breaker, which says for how long the line is held.
    """

    def __init__(
        self, sender: Sender, outcomes: Outcomes, fleet: Fleet, halted: asyncio.Event
    ) -> None:
        self._sender = sender
        self._outcomes = outcomes
        self._fleet = fleet
        self._context = outcomes.context
        self._halted = halted
        self._holder = outcomes.holder
        self._pace = outcomes.pace
        self._breaker = outcomes.breaker

    @property
    def _plan(self) -> LinePlan:
        return self._fleet.plan(self._holder.modem)

    async def run(self) -> None:
        """Work until halted; a job that is not finished then goes back into the queue."""
        self._show_circuit()
        while (work := await self._next()) is not None:
            reach(Failpoint.JOB_CLAIMED)
            if self._breaker.state(asyncio.get_running_loop().time()) is CircuitState.HALF_OPEN:
                log.info("line_tries_again", modem=self._holder.modem)
            await self._hand_over(work)

    def _show_circuit(self) -> None:
        """Bring the alarm to the stick in which the SIM is now."""
        if self._breaker.is_open:
            detail = "this line was refused one message after the other before; its jobs wait"
            self._outcomes.alarms.sound(AlarmKind.LINE_STOPPED, detail)
        else:
            self._outcomes.alarms.clear(AlarmKind.LINE_STOPPED)

    async def _next(self) -> _Work | None:
        while not self._halted.is_set():
            if await self._paused():
                continue
            ticket = self._context.queue_changed.ticket()
            work = await self._claim()
            if work is not None:
                return work
            await self._idle(self._longest_idle(), ticket)
        return None

    def _longest_idle(self) -> float:
        """Return the seconds after which an idle line looks again whether it may send."""
        renewed_at = self._budget().renewed_at
        if renewed_at is None:
            return LONGEST_IDLE
        return min(LONGEST_IDLE, (renewed_at - self._context.now()).total_seconds())

    async def _paused(self) -> bool:
        """Wait for the pace or the end of a hold; return False when the line may go on at once."""
        now = asyncio.get_running_loop().time()
        pause = max(self._pace.wait(now, self._speed), self._breaker.held_until - now)
        if pause <= 0:
            return False
        await self._idle(pause)
        return True

    async def _idle(self, seconds: float, ticket: asyncio.Event | None = None) -> None:
        """Wait until halted, until the ticket is called, or for ``seconds``."""
        events = [self._halted] if ticket is None else [self._halted, ticket]
        waits = [asyncio.create_task(event.wait(), name="line-idle") for event in events]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _claim(self) -> _Work | None:
        now, bars = self._context.now(), self._terms.bars
        allowance = Allowance(budget=self._budget())
        try:
            return await self._context.database.write(
                lambda connection: _claim(
                    connection, self._holder, self._plan, bars, allowance, self._context.policy, now
                )
            )
        except StorageError as error:
            log.warning("claim_waits_for_storage", modem=self._holder.modem, error=str(error))
            await self._idle(STORAGE_PAUSE)
            return None

    @property
    def _terms(self) -> Terms:
        return self._context.lines.terms(self._holder.line)

    @property
    def _speed(self) -> Speed:
        return speed_of(self._plan, self._terms)

    def _budget(self) -> Budget:
        limits = limits_of(self._plan, self._terms)
        return Budget(spans=self._context.spans(), limits=limits)

    async def _hand_over(self, work: _Work) -> None:
        await self._pass(work)
        for parts in self._sender.bundle(work.parts):
            while not self._halted.is_set() and await self._paused():
                pass
            if self._halted.is_set():
                await self._outcomes.put_back(work.job)
                return
            self._pace.take(asyncio.get_running_loop().time(), self._speed, len(parts))
            if not await self._sender.hand_over(work.job, parts, self._budget()):
                return
            reach(Failpoint.PART_SETTLED)

    async def _pass(self, work: _Work) -> None:
        """Wait until the limits that lines share let a message go, and take from them."""
        shared, job, loop = self._context.shared, work.job, asyncio.get_running_loop()
        passage = Passage(
            store=job.store, destination=job.recipient, operator=self._holder.operator
        )
        parts = len(work.parts)
        while not self._halted.is_set() and not shared.take(passage, loop.time(), parts):
            await self._idle(shared.wait(passage, loop.time(), parts))


def _claim(
    connection: Connection,
    holder: Holder,
    plan: LinePlan,
    bars: tuple[Bar, ...],
    allowance: Allowance,
    policy: DoubtPolicy,
    now: datetime,
) -> _Work | None:
    job = claim_job(
        connection,
        node=holder.node,
        line=holder.line,
        modem=holder.modem,
        routes=plan.routes,
        pinned=plan.pinned,
        bars=bars,
        left=allowance.left(connection, holder.line),
        now=now,
    )
    if job is None:
        return None
    parts = [
        part
        for part in read_parts(connection, job.key)
        if is_due(
            facts_of(connection, part), job.purpose, report=job.report, policy=policy, now=now
        )
    ]
    if not parts:
        follow_parts(connection, job.key, policy=policy, now=now, release=True)
    return _Work(job=job, parts=parts)
