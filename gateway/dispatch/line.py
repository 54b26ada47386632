"""A line at work: asks for jobs and has their parts handed over, one after the other.

The same for a SIM and for a carrier; how parts are handed over is the sender's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import structlog

from gateway.db.jobs import JobRecord
from gateway.db.parts import PartRecord
from gateway.dispatch.breaker import CircuitState
from gateway.dispatch.desk import Desk, Offer, Seat, Work
from gateway.dispatch.outcomes import Outcomes
from gateway.dispatch.pacing import Budget, Limits, Speed
from gateway.dispatch.plan import Fleet, LinePlan, limits_of, speed_of, state_of
from gateway.dispatch.spending import Allowance
from gateway.domain.alarms import AlarmKind
from gateway.domain.failpoint import Failpoint, reach
from gateway.domain.terms import Terms

log = structlog.get_logger(__name__)


LONGEST_PAUSE: Final = 1.0
"""Seconds after which a line that waits for its pace asks anew how long: the configuration may have
been read again, and a rate of one in an hour must not hold the line for the rest of it."""


class Sender(Protocol):
    """Hands parts over, and has written what became of them."""

    def bundle(self, parts: Sequence[PartRecord]) -> list[Sequence[PartRecord]]:
        """Return which parts are handed over together."""
        ...

    async def hand_over(self, job: JobRecord, parts: Sequence[PartRecord], budget: Budget) -> bool:
        """Hand over parts; return whether the job's next ones may follow."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class _Means:
    """What is set for a line, and what follows from it."""

    plan: LinePlan
    terms: Terms
    speed: Speed
    limits: Limits


class LineAtWork:
    """Serves one line from when it is ready until it is lost or the gateway drains.

    It alone hands over on it; what it knows beside the database is its pace, and the line's
    circuit breaker, which says for how long the line is held.
    """

    def __init__(
        self, sender: Sender, outcomes: Outcomes, fleet: Fleet, desk: Desk, halted: asyncio.Event
    ) -> None:
        self._desk = desk
        self._sender = sender
        self._outcomes = outcomes
        self._fleet = fleet
        self._context = outcomes.context
        self._halted = halted
        self._holder = outcomes.holder
        self._pace = outcomes.pace
        self._breaker = outcomes.breaker
        self._known: _Means | None = None

    @property
    def _means(self) -> _Means:
        """What is set now; plan and terms are replaced as a whole, and asked for several times."""
        plan = self._fleet.plan(self._holder.modem)
        terms = self._context.lines.terms(self._holder.line)
        known = self._known
        if known is None or known.plan is not plan or known.terms is not terms:
            speed, limits = speed_of(plan, terms), limits_of(plan, terms)
            known = self._known = _Means(plan=plan, terms=terms, speed=speed, limits=limits)
        return known

    async def run(self) -> None:
        """Work until halted; a job that is not finished then goes back into the queue."""
        self._show_circuit()
        async with self._desk.seat(self, self._halted) as seat:
            while (work := await self._next(seat)) is not None:
                reach(Failpoint.JOB_CLAIMED)
                if self._breaker.state(asyncio.get_running_loop().time()) is CircuitState.HALF_OPEN:
                    log.info("line_tries_again", modem=self._holder.modem)
                await self._hand_over(work)

    def offer(self) -> Offer:
        """Return how the line stands when it has nothing to do."""
        means, holder = self._means, self._holder
        now = asyncio.get_running_loop().time()
        state = state_of(
            means.plan,
            means.terms,
            line=holder.line,
            modem=holder.modem,
            per_second=self._pace.rate(now, means.speed),
            health=self._outcomes.health,
            stopped=self._breaker.is_open,
            resting=self._breaker.held_until > now,
            free_at=now + self._pause(now),
        )
        return Offer(holder=holder, state=state, allowance=Allowance(budget=self._budget()))

    def _show_circuit(self) -> None:
        """Bring the alarm to the stick in which the SIM is now."""
        if self._breaker.is_open:
            detail = "this line was refused one message after the other before; its jobs wait"
            self._outcomes.alarms.sound(AlarmKind.LINE_STOPPED, detail)
        else:
            self._outcomes.alarms.clear(AlarmKind.LINE_STOPPED)

    async def _next(self, seat: Seat) -> Work | None:
        while not self._halted.is_set():
            if not await self._paused():
                return await seat.next()
        return None

    async def _paused(self) -> bool:
        """Wait for the pace or the end of a hold; return False when the line may go on at once."""
        now = asyncio.get_running_loop().time()
        pause = self._pause(now)
        if pause <= 0:
            return False
        await self._idle(min(pause, LONGEST_PAUSE))
        return True

    def _pause(self, now: float) -> float:
        """Return the seconds for which pace and circuit keep the line from sending."""
        return max(0.0, self._pace.wait(now, self._means.speed), self._breaker.held_until - now)

    async def _idle(self, seconds: float) -> None:
        """Wait until halted, or for ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                await self._halted.wait()
        except TimeoutError:
            return

    def _budget(self) -> Budget:
        return Budget(spans=self._context.spans(), limits=self._means.limits)

    async def _hand_over(self, work: Work) -> None:
        for parts in self._sender.bundle(work.parts):
            while not self._halted.is_set() and await self._paused():
                pass
            if self._halted.is_set():
                await self._outcomes.put_back(work.job)
                return
            self._pace.take(asyncio.get_running_loop().time(), self._means.speed, len(parts))
            if not await self._sender.hand_over(work.job, parts, self._budget()):
                return
            reach(Failpoint.PART_SETTLED)
