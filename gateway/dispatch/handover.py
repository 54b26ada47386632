"""The handing over of one part: intent, PDU, outcome. The heart of the house.

Whatever happens, one of four things is written: sent, not sent, in doubt, or nothing because the
process died, which the next start reads as in doubt when the intent is there and as not sent when
it is not.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection

from gateway.db.jobs import JobRecord
from gateway.db.parts import PartRecord
from gateway.dispatch.breaker import Breaker, explain
from gateway.dispatch.context import Context
from gateway.dispatch.plan import LineCounters
from gateway.dispatch.retry import GiveUp, TryAgain, decide
from gateway.dispatch.settling import (
    DailyLimit,
    DeferredError,
    ForbiddenError,
    Holder,
    LimitReachedError,
    WithdrawnError,
    forbid,
    intend,
    put_back,
    settle_not_sent,
    settle_sent,
    settle_unknown,
)
from gateway.domain.alarms import AlarmKind
from gateway.domain.consent import Asked
from gateway.domain.errors import (
    EncodeError,
    NotSentError,
    OutcomeUnknownError,
    StorageError,
)
from gateway.domain.failpoint import Failpoint, reach
from gateway.domain.failures import (
    WITHOUT_VALIDITY,
    FailureClass,
    Phase,
    classify,
    is_cms,
    reason_of,
)
from gateway.domain.ids import AttemptKey, LineId
from gateway.domain.job import NEVER
from gateway.domain.results import FinalResult
from gateway.domain.states import PartState
from gateway.domain.verdict import Deferred, Forbidden
from gateway.modem import Modem
from gateway.sms import EncodedPdu, encode_submits

log = structlog.get_logger(__name__)

STORAGE_HOLD: Final = timedelta(seconds=2)
"""How long a line rests when an intent could not be committed."""


class Handover:
    """Hands parts to one modem and writes what became of them."""

    def __init__(
        self,
        modem: Modem,
        holder: Holder,
        counters: LineCounters,
        context: Context,
        breaker: Breaker,
    ) -> None:
        self._breaker = breaker
        self._validity = True
        self._modem = modem
        self._holder = holder
        self._counters = counters
        self._context = context

    async def hand_over(self, job: JobRecord, part: PartRecord, limit: DailyLimit) -> bool:
        """Hand over one part; return whether the job's next part may follow."""
        attempt: AttemptKey | None = None

        async def intent() -> None:
            nonlocal attempt
            attempt = await self._intend(job, part, limit)

        try:
            pdu = self._encode(job, part)
            submitted = await self._modem.submit(pdu, intent)
        except NotSentError as error:
            await self._not_sent(job, part, attempt, error.result, str(error))
        except OutcomeUnknownError as error:
            await self._in_doubt(job, part, attempt, str(error))
        except ForbiddenError as error:
            await self._forbidden(job, str(error))
        except DeferredError as error:
            await self._deferred(job, error)
        except (WithdrawnError, LimitReachedError, StorageError) as error:
            await self._withheld(job, error)
        except EncodeError as error:
            await self._write_not_sent(job, part, attempt, GiveUp(), str(error))
        else:
            reach(Failpoint.SUBMIT_ANSWERED)
            await self._sent(job, part, attempt, submitted.reference)
            return True
        return False

    def _encode(self, job: JobRecord, part: PartRecord) -> EncodedPdu:
        now = self._context.now()
        if job.expires_at <= now:
            raise WithdrawnError("the job has expired")
        pdus = encode_submits(
            to=job.recipient,
            text=job.text,
            reference=job.reference,
            report=job.report,
            validity=_validity(job, now) if self._validity else None,
            reject_duplicates=part.state is PartState.UNCONFIRMED,
        )
        return pdus[part.number - 1]

    async def _intend(self, job: JobRecord, part: PartRecord, limit: DailyLimit) -> AttemptKey:
        now = self._context.now()

        def intend_if_allowed(connection: Connection) -> AttemptKey:
            self._ask(connection, job, part, now)
            return intend(connection, part, self._holder, limit, now)

        attempt = await self._context.database.write(intend_if_allowed)
        reach(Failpoint.INTENT_COMMITTED)
        return attempt

    def _ask(self, connection: Connection, job: JobRecord, part: PartRecord, now: datetime) -> None:
        """Ask the gate, in the transaction of the intent."""
        asked = asked_of(job, part, self._holder.line)
        verdict = self._context.gate.decide(connection, asked, now)
        if isinstance(verdict, Forbidden):
            raise ForbiddenError(str(verdict.error))
        if isinstance(verdict, Deferred) and not asked.begun:
            raise DeferredError(verdict.until, verdict.reason)

    async def _sent(
        self, job: JobRecord, part: PartRecord, attempt: AttemptKey | None, reference: int | None
    ) -> None:
        assert attempt is not None  # noqa: S101 -- a modem awaits the intent before its Ctrl-Z
        self._go_on()
        self._counters.sent += 1
        now, policy, line = self._context.now(), self._context.policy, self._holder.line
        await self._context.insist(
            lambda connection: settle_sent(
                connection,
                part,
                attempt,
                reference,
                line=line,
                policy=policy,
                now=now,
            )
        )

    async def _in_doubt(
        self, job: JobRecord, part: PartRecord, attempt: AttemptKey | None, reason: str
    ) -> None:
        assert attempt is not None  # noqa: S101 -- a modem awaits the intent before its Ctrl-Z
        self._counters.unconfirmed += 1
        self._say("part_in_doubt", job, part, reason)
        now, policy, line = self._context.now(), self._context.policy, self._holder.line
        await self._context.insist(
            lambda connection: settle_unknown(
                connection,
                part.key,
                attempt,
                line=line,
                policy=policy,
                now=now,
                reason=reason,
            )
        )
        self._context.queue_changed.notify()

    async def _not_sent(
        self,
        job: JobRecord,
        part: PartRecord,
        attempt: AttemptKey | None,
        result: FinalResult | None,
        words: str,
    ) -> None:
        failure = None if result is None else self._class_of(result, attempt)
        repeated = attempt is not None and part.state is PartState.UNCONFIRMED
        if failure is FailureClass.DUPLICATE and repeated:
            await self._sent(job, part, attempt, None)
            return
        reason = words if result is None else reason_of(result)
        decision = self._decide(job, failure, result, reason)
        self._say("part_not_sent", job, part, reason)
        await self._write_not_sent(job, part, attempt, decision, reason)

    def _decide(
        self,
        job: JobRecord,
        failure: FailureClass | None,
        result: FinalResult | None,
        reason: str,
    ) -> GiveUp | TryAgain:
        """Count a refusal against the line and say what becomes of the job."""
        self._counters.refused += 1
        if is_cms(result, WITHOUT_VALIDITY):
            self._validity = False
        refusals, was_open = self._breaker.refusals, self._breaker.is_open
        judged = self._breaker.judge(failure, result, recipient=job.recipient, tries=job.tries)
        if self._breaker.is_open and not was_open:
            log.warning("line_stopped", modem=self._holder.modem, reason=reason)
            self._modem.alarms.sound(AlarmKind.LINE_STOPPED, explain(result, reason))
        decision = decide(judged, tries=job.tries, refusals=refusals, stopped=self._breaker.is_open)
        if isinstance(decision, TryAgain):
            self._hold(decision.hold_line)
        return decision

    def _go_on(self) -> None:
        """Take a message that was sent for the end of all refusals."""
        if self._breaker.is_open:
            log.info("line_goes_on", modem=self._holder.modem, refusals=self._breaker.refusals)
        self._breaker.close()
        self._modem.alarms.clear(AlarmKind.LINE_STOPPED)

    def _class_of(self, result: FinalResult, attempt: AttemptKey | None) -> FailureClass:
        phase = Phase.BEFORE_PDU if attempt is None else Phase.AFTER_PDU
        return classify(result, phase, self._modem.codes)

    async def _write_not_sent(
        self,
        job: JobRecord,
        part: PartRecord,
        attempt: AttemptKey | None,
        decision: GiveUp | TryAgain,
        reason: str,
    ) -> None:
        now, policy, line = self._context.now(), self._context.policy, self._holder.line
        await self._context.insist(
            lambda connection: settle_not_sent(
                connection,
                part,
                attempt,
                decision,
                line=line,
                policy=policy,
                now=now,
                reason=reason,
            )
        )
        self._context.queue_changed.notify()

    async def _withheld(self, job: JobRecord, error: Exception) -> None:
        """Put back a job whose part was stopped before its intent; nothing was sent."""
        log.info("part_withheld", store=job.store, job=job.id, reason=str(error))
        if isinstance(error, StorageError):
            self._hold(STORAGE_HOLD)
        again, now = TryAgain(after=timedelta(0), counts=False), self._context.now()
        await self._context.insist(lambda connection: put_back(connection, job.key, again, now=now))

        self._context.queue_changed.notify()

    async def _forbidden(self, job: JobRecord, reason: str) -> None:
        """End a job that may not be sent any more, such as after a STOP."""
        log.info("job_forbidden", store=job.store, job=job.id, reason=reason)
        now, policy = self._context.now(), self._context.policy
        await self._context.insist(
            lambda connection: forbid(connection, job.key, policy=policy, now=now, reason=reason)
        )

    async def _deferred(self, job: JobRecord, error: DeferredError) -> None:
        """Put back a job that may be sent later, and tell its store until when it waits."""
        log.info("job_deferred", store=job.store, job=job.id, reason=str(error))
        now = self._context.now()
        again = TryAgain(after=max(timedelta(0), error.until - now), counts=False)
        await self._context.insist(
            lambda connection: put_back(connection, job.key, again, now=now, reason=str(error))
        )
        self._context.queue_changed.notify()

    def _hold(self, pause: timedelta) -> None:
        self._breaker.hold(pause.total_seconds(), now=asyncio.get_running_loop().time())

    def _say(self, event: str, job: JobRecord, part: PartRecord, reason: str) -> None:
        log.warning(
            event,
            modem=self._holder.modem,
            store=job.store,
            job=job.id,
            part=part.number,
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
        text=job.text,
        line=line,
        begun=part.number > 1 or part.state is not PartState.WAITING,
    )


def _validity(job: JobRecord, now: datetime) -> timedelta | None:
    """Return what is left of the job's life, for the network to keep to (TP-VP)."""
    return None if job.expires_at == NEVER else job.expires_at - now
