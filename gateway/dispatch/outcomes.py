"""What is written of what a line hands over: the intent before it, the outcome after it.

The same for a SIM and for a carrier: the gate is asked in the transaction of the intent, a refusal
is counted against the line, and an outcome is written however long the database cannot.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection

from gateway.db.jobs import JobRecord
from gateway.db.locks import hold_person
from gateway.db.parts import PartRecord
from gateway.dispatch.breaker import Breaker
from gateway.dispatch.context import Context
from gateway.dispatch.counting import count_refused, count_sent, count_unconfirmed
from gateway.dispatch.pacing import Budget, Pace
from gateway.dispatch.plan import LineCounters
from gateway.dispatch.remembering import remember
from gateway.dispatch.retry import GiveUp, TryAgain, decide
from gateway.dispatch.settling import (
    DeferredError,
    ForbiddenError,
    Handed,
    Holder,
    ReroutedError,
    WithdrawnError,
    forbid,
    intend,
    put_back,
    settle_not_sent,
    settle_sent,
    settle_unknown,
)
from gateway.dispatch.spending import LimitReachedError, Spending
from gateway.domain.alarms import AlarmKind
from gateway.domain.consent import Asked
from gateway.domain.errors import ShopbellError, StorageError
from gateway.domain.failpoint import Failpoint, reach
from gateway.domain.failures import FailureClass
from gateway.domain.ids import LineId
from gateway.domain.purpose import Purpose
from gateway.domain.states import PartState
from gateway.domain.verdict import Deferred, Forbidden
from gateway.modem.alarms import Alarms

log = structlog.get_logger(__name__)

STORAGE_HOLD: Final = timedelta(seconds=2)
"""How long a line rests when an intent could not be committed."""

_NOT_OURS: Final = "the line is not this gateway's any more"

HELD_BACK: Final = (
    ForbiddenError,
    DeferredError,
    ReroutedError,
    WithdrawnError,
    LimitReachedError,
    StorageError,
)
"""What an intent raises: nothing was handed over."""

_FAULTS_OF_LINE: Final = (FailureClass.LINE, FailureClass.NETWORK, FailureClass.OUTAGE)

AGAINST_LINE: Final = frozenset({None, *_FAULTS_OF_LINE, FailureClass.UNKNOWN})
"""Refusals that speak against a line (None: it said nothing), beside what is never known of."""

Also = Callable[[Connection], object]
"""What else is written in the same transaction."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Denial:
    """A refusal, in the terms of what follows from it."""

    failure: FailureClass | None
    """None when the line said nothing."""
    reason: str
    """Words for the status."""
    explanation: str
    """A sentence for the operator, should it stop the line."""
    of_destination: bool = False
    """Whether the recipient may be at fault as well as the line."""
    rest: timedelta = timedelta(0)
    """How long the line wants to be left alone, at least."""
    congested: bool = False
    """Whether the line is to be written to more slowly."""


def nothing_else(_connection: Connection) -> None:
    """Write nothing else."""


def always() -> bool:
    """Say yes."""
    return True


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcomes:
    """Writes for one line."""

    context: Context
    holder: Holder
    counters: LineCounters
    breaker: Breaker
    pace: Pace
    alarms: Alarms
    stands: Callable[[], bool] = always
    """Tells, in any thread, whether the line is still this node's, without a break since its work
    on it began."""

    @property
    def health(self) -> float:
        """How well the line works, from 0 to 1."""
        vitals, holder = self.context.vitals, self.holder
        return vitals.health(holder.line, holder.modem, stopped=self.breaker.is_open).score

    async def intend(
        self,
        job: JobRecord,
        parts: Sequence[PartRecord],
        budget: Budget,
        also: Also = nothing_else,
    ) -> list[Handed]:
        """Write that parts are being handed over together, if they may be.

        Raises:
            ForbiddenError: the gate refuses them.
            DeferredError: the gate puts them off.
            ReroutedError: the gate has them go out on another line.
            WithdrawnError: the job is not this line's any more.
            LimitReachedError: the line has no part left for them.
            StorageError: it could not be committed.
        """
        spending = Spending(budget=budget, purpose=job.purpose, recipient=job.recipient)

        def intend_if_allowed(connection: Connection) -> list[Handed]:
            now = self.context.now()  # a database that was away is waited for
            if not self.stands():
                raise WithdrawnError(_NOT_OURS)
            self._ask(connection, job, parts[0], now)
            handed = [intend(connection, part, self.holder, spending, now, job) for part in parts]
            also(connection)
            return handed

        handed = await self.context.database.write(intend_if_allowed)
        reach(Failpoint.INTENT_COMMITTED)
        if not self.stands():
            # It took so long to learn that it was committed that another may have written by now
            # that the parts are in doubt, and repeat them.
            again = TryAgain(after=timedelta(0), counts=False)
            await self.write_not_sent(parts, handed, again, _NOT_OURS)
            raise WithdrawnError(_NOT_OURS)
        return handed

    def _ask(self, connection: Connection, job: JobRecord, part: PartRecord, now: datetime) -> None:
        if job.purpose is Purpose.MARKETING:
            hold_person(connection, job.recipient)
        asked = asked_of(job, part, self.holder.line)
        verdict = self.context.gate.decide(connection, asked, now)
        if isinstance(verdict, Forbidden):
            raise ForbiddenError(verdict.error.code, str(verdict.error))
        if asked.begun:
            return
        if isinstance(verdict, Deferred):
            raise DeferredError(verdict.until, verdict.reason, line=verdict.line)
        if verdict.line not in (None, self.holder.line):
            raise ReroutedError(verdict.line)

    async def sent(
        self,
        job: JobRecord,
        handed: Sequence[Handed],
        reference: int | None = None,
        also: Also = nothing_else,
    ) -> None:
        """Write that the line took the parts; that ends all its refusals."""
        self._go_on()
        self.counters.sent += len(handed)
        now, policy, line = self.context.now(), self.context.policy, self.holder.line
        self.context.vitals.count(line, taken=len(handed))

        def settle(connection: Connection) -> None:
            for one in handed:
                settle_sent(connection, one, reference, line=line, policy=policy, now=now)
            if handed[0].part.number == 1:
                remember(connection, self.context.known, job, line, now)
            also(connection)

        await self.context.insist(settle)
        count_sent(self.context.meter, self.holder.modem, job, handed, now)

    async def in_doubt(
        self,
        job: JobRecord,
        handed: Sequence[Handed],
        reason: str,
        also: Also = nothing_else,
        *,
        congested: bool = False,
    ) -> None:
        """Write that nobody knows what became of the parts."""
        if congested:
            self._slow_down()
        self.counters.unconfirmed += len(handed)
        count_unconfirmed(self.context.meter, self.holder.modem, len(handed))
        self.context.vitals.count(self.holder.line, lost=len(handed))
        self._say("part_in_doubt", job, [one.part for one in handed], reason)
        now, policy, line = self.context.now(), self.context.policy, self.holder.line

        def settle(connection: Connection) -> None:
            for one in handed:
                settle_unknown(
                    connection,
                    one.part.key,
                    one.attempt,
                    line=line,
                    policy=policy,
                    now=now,
                    reason=reason,
                )
            also(connection)

        await self.context.insist(settle)
        self.context.queue_changed.notify()

    async def not_sent(
        self,
        job: JobRecord,
        parts: Sequence[PartRecord],
        handed: Sequence[Handed],
        denial: Denial,
        also: Also = nothing_else,
    ) -> None:
        """Write that the parts certainly were not sent, and what becomes of their job.

        Args:
            job: as it was claimed.
            parts: as they were before their intent.
            handed: the intents; empty when the refusal came before them.
            denial: why not.
            also: what else is written.
        """
        decision = self._decide(job, denial)
        if denial.congested:
            self._slow_down()
        self._say("part_not_sent", job, parts, denial.reason)
        await self.write_not_sent(parts, handed, decision, denial.reason, also)

    def _decide(self, job: JobRecord, denial: Denial) -> GiveUp | TryAgain:
        """Count a refusal against the line and say what becomes of the job."""
        self.counters.refused += 1
        count_refused(self.context.meter, self.holder.modem, denial.failure)
        refusals, was_open = self.breaker.refusals, self.breaker.is_open
        judged = self.breaker.judge(
            denial.failure,
            of_destination=denial.of_destination,
            recipient=job.recipient,
            tries=job.tries,
        )
        if judged in AGAINST_LINE:
            self.context.vitals.count(self.holder.line, lost=1)
        if self.breaker.is_open and not was_open:
            log.warning("line_stopped", modem=self.holder.modem, reason=denial.reason)
            self.alarms.sound(AlarmKind.LINE_STOPPED, denial.explanation)
        decision = decide(judged, tries=job.tries, refusals=refusals, stopped=self.breaker.is_open)
        if isinstance(decision, TryAgain):
            self.hold(max(decision.hold_line, denial.rest))
        return decision

    def _slow_down(self) -> None:
        """Send more slowly for a while: the network has too much."""
        rate = self.pace.slow_down(asyncio.get_running_loop().time())
        per_minute = None if rate is None else round(60 * rate, 1)
        log.warning("line_slowed", modem=self.holder.modem, per_minute=per_minute)

    def _go_on(self) -> None:
        """Take a message that was sent for the end of all refusals."""
        if self.breaker.is_open:
            log.info("line_goes_on", modem=self.holder.modem, refusals=self.breaker.refusals)
        self.breaker.close()
        self.alarms.clear(AlarmKind.LINE_STOPPED)

    async def write_not_sent(
        self,
        parts: Sequence[PartRecord],
        handed: Sequence[Handed],
        decision: GiveUp | TryAgain,
        reason: str,
        also: Also = nothing_else,
    ) -> None:
        """Write that the parts certainly were not sent, where the line is not to blame."""
        now, policy = self.context.now(), self.context.policy

        def settle(connection: Connection) -> None:
            settle_not_sent(
                connection,
                parts,
                handed,
                decision,
                holder=self.holder,
                policy=policy,
                now=now,
                reason=reason,
            )
            also(connection)

        await self.context.insist(settle)
        self.context.queue_changed.notify()

    async def hold_back(self, job: JobRecord, error: ShopbellError) -> None:
        """Do what an error of `HELD_BACK` asks; nothing was handed over."""
        if isinstance(error, ForbiddenError):
            await self._forbid(job, error)
            return
        log.info("part_withheld", store=job.store, job=job.id, reason=str(error))
        if isinstance(error, StorageError):
            self.hold(STORAGE_HOLD)
        if isinstance(error, DeferredError):
            await self._put_back(job, error.until, str(error), error.line)
        else:
            line = error.line if isinstance(error, ReroutedError) else None
            await self.put_back(job, line)

    async def put_back(self, job: JobRecord, line: LineId | None = None) -> None:
        """Return a job to the queue as it was; with a line, for that one alone."""
        await self._put_back(job, None, None, line)

    async def _put_back(
        self, job: JobRecord, until: datetime | None, reason: str | None, line: LineId | None
    ) -> None:
        now = self.context.now()
        after = timedelta(0) if until is None else max(timedelta(0), until - now)
        again = TryAgain(after=after, counts=False)
        await self.context.insist(
            lambda connection: put_back(
                connection,
                job.key,
                again,
                now=now,
                reason=reason,
                only_line=line,
                holder=self.holder,
            )
        )
        self.context.queue_changed.notify()

    async def _forbid(self, job: JobRecord, error: ForbiddenError) -> None:
        """End a job that may not be sent any more, such as after a STOP."""
        log.info("job_forbidden", store=job.store, job=job.id, reason=str(error))
        now, policy = self.context.now(), self.context.policy
        await self.context.insist(
            lambda connection: forbid(
                connection, job.key, self.holder, policy=policy, now=now, error=error
            )
        )

    def hold(self, pause: timedelta) -> None:
        """Let the line rest."""
        self.breaker.hold(pause.total_seconds(), now=asyncio.get_running_loop().time())

    def _say(self, event: str, job: JobRecord, parts: Sequence[PartRecord], reason: str) -> None:
        log.warning(
            event,
            modem=self.holder.modem,
            store=job.store,
            job=job.id,
            part=parts[0].number,
            reason=reason,
        )


def asked_of(job: JobRecord, part: PartRecord, line: LineId) -> Asked:
    """Return what the gate is asked of a part that a line is about to hand over."""
    return Asked(
        store=job.store,
        recipient=job.recipient,
        purpose=job.purpose,
        job=job.id,
        scope=job.scope,
        category=job.category,
        campaign=job.campaign,
        text=job.text,
        line=line,
        begun=part.number > 1 or part.state is not PartState.WAITING,
    )
