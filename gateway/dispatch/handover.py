"""The handing over of one part to a modem: intent, PDU, outcome. The heart of the house.

Whatever happens, one of four things is written: sent, not sent, in doubt, or nothing because the
process died, which the next start reads as in doubt when the intent is there and as not sent when
it is not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from gateway.db.jobs import JobRecord
from gateway.db.parts import PartRecord
from gateway.dispatch.breaker import explain
from gateway.dispatch.counting import count_answer
from gateway.dispatch.outcomes import HELD_BACK, Denial, Outcomes
from gateway.dispatch.pacing import Budget
from gateway.dispatch.retry import GiveUp
from gateway.dispatch.settling import Handed, WithdrawnError
from gateway.domain.errors import EncodeError, NotSentError, OutcomeUnknownError
from gateway.domain.failpoint import Failpoint, reach
from gateway.domain.failures import (
    CONGESTION,
    DESTINATION,
    WITHOUT_VALIDITY,
    FailureClass,
    Phase,
    classify,
    is_cms,
    reason_of,
)
from gateway.domain.ids import JobKey
from gateway.domain.job import NEVER
from gateway.domain.results import FinalResult
from gateway.domain.states import PartState
from gateway.modem import Intent, Modem, Submitted
from gateway.sms import EncodedPdu, UserData, divide_text, encode_submit


class Handover:
    """Hands parts to one modem and writes what became of them; implements `line.Sender`."""

    def __init__(self, modem: Modem, outcomes: Outcomes) -> None:
        self._validity = True
        self._modem = modem
        self._outcomes = outcomes
        self._divided: dict[JobKey, tuple[UserData, ...]] = {}
        """The text of the job that has more parts to come, once it was cut."""

    def bundle(self, parts: Sequence[PartRecord]) -> list[Sequence[PartRecord]]:
        """Return the parts one by one: each is a submit of its own."""
        return [[part] for part in parts]

    async def hand_over(self, job: JobRecord, parts: Sequence[PartRecord], budget: Budget) -> bool:
        """Hand over one part; return whether the job's next part may follow."""
        [part] = parts
        handed: list[Handed] = []

        async def intent() -> None:
            handed.extend(await self._outcomes.intend(job, parts, budget))

        try:
            submitted = await self._submit(self._encode(job, part), intent, handed)
        except NotSentError as error:
            await self._not_sent(job, part, handed, error)
        except OutcomeUnknownError as error:
            congested = is_cms(error.result, CONGESTION)
            await self._outcomes.in_doubt(job, handed, str(error), congested=congested)
        except HELD_BACK as error:
            await self._outcomes.hold_back(job, error)
        except EncodeError as error:
            await self._outcomes.write_not_sent(parts, handed, GiveUp(), str(error))
        else:
            reach(Failpoint.SUBMIT_ANSWERED)
            await self._outcomes.sent(job, handed, submitted.reference)
            return True
        return False

    async def _submit(self, pdu: EncodedPdu, intent: Intent, handed: Sequence[Handed]) -> Submitted:
        began = asyncio.get_running_loop().time()
        try:
            return await self._modem.submit(pdu, intent)
        finally:
            if handed:
                count_answer(self._outcomes.context.meter, self._outcomes.holder.modem, began)

    def _encode(self, job: JobRecord, part: PartRecord) -> EncodedPdu:
        now = self._outcomes.context.now()
        if job.expires_at <= now:
            raise WithdrawnError("the job has expired")
        return encode_submit(
            self._content(job, part),
            to=job.recipient,
            report=job.report,
            validity=validity_of(job, now) if self._validity else None,
            reject_duplicates=part.state is PartState.UNCONFIRMED,
        )

    def _content(self, job: JobRecord, part: PartRecord) -> UserData:
        """Return what a part carries; the text is cut for the first of them."""
        divided = self._divided.get(job.key) or divide_text(job.text, job.reference)
        self._divided = {} if part.number == len(divided) else {job.key: divided}
        return divided[part.number - 1]

    async def _not_sent(
        self, job: JobRecord, part: PartRecord, handed: Sequence[Handed], error: NotSentError
    ) -> None:
        result = error.result
        failure = None if result is None else self._class_of(result, handed)
        repeated = bool(handed) and part.state is PartState.UNCONFIRMED
        if failure is FailureClass.DUPLICATE and repeated:
            await self._outcomes.sent(job, handed)
            return
        if is_cms(result, WITHOUT_VALIDITY):
            self._validity = False
        reason = str(error) if result is None else reason_of(result)
        denial = Denial(
            failure=failure,
            reason=reason,
            explanation=explain(result, reason),
            of_destination=is_cms(result, DESTINATION),
            congested=is_cms(result, CONGESTION),
        )
        await self._outcomes.not_sent(job, [part], handed, denial)

    def _class_of(self, result: FinalResult, handed: Sequence[Handed]) -> FailureClass:
        phase = Phase.AFTER_PDU if handed else Phase.BEFORE_PDU
        return classify(result, phase, self._modem.codes)


def validity_of(job: JobRecord, now: datetime) -> timedelta | None:
    """Return what is left of the job's life, for the network to keep to (TP-VP)."""
    return None if job.expires_at == NEVER else job.expires_at - now
