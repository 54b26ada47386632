"""The handing over of a job to a carrier: one intent for all its parts, and one request."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from gateway.carrier import Accepted, Carrier, Message, Refused, Unknown
from gateway.db.carriages import change_carriage, drop_carriage
from gateway.db.jobs import JobRecord
from gateway.db.parts import PartRecord
from gateway.dispatch.carrying.contact import Contact, Matter
from gateway.dispatch.carrying.settling import intend_carriage, settle_accepted
from gateway.dispatch.carrying.times import FIRST_LOOK
from gateway.dispatch.counting import count_answer
from gateway.dispatch.handover import validity_of
from gateway.dispatch.outcomes import HELD_BACK, Denial, Outcomes
from gateway.dispatch.pacing import Budget
from gateway.dispatch.settling import Handed
from gateway.domain.failpoint import Failpoint, reach


class CarrierSender:
    """Hands jobs to one carrier; implements `gateway.dispatch.line.Sender`."""

    def __init__(self, carrier: Carrier, outcomes: Outcomes, contact: Contact) -> None:
        self._carrier = carrier
        self._outcomes = outcomes
        self._contact = contact

    def bundle(self, parts: Sequence[PartRecord]) -> list[Sequence[PartRecord]]:
        """Return all parts together: the carrier cuts the text itself."""
        return [parts]

    async def hand_over(self, job: JobRecord, parts: Sequence[PartRecord], budget: Budget) -> bool:
        """Hand over a job."""
        handed: list[Handed] = []
        now, line = self._outcomes.context.now(), self._outcomes.holder.line

        async def intent() -> None:
            handed.extend(
                await self._outcomes.intend(
                    job,
                    parts,
                    budget,
                    also=lambda connection: intend_carriage(connection, job.key, line, now),
                )
            )

        message = Message(recipient=job.recipient, text=job.text, validity=validity_of(job, now))
        try:
            began = asyncio.get_running_loop().time()
            answer = await self._carrier.submit(message, intent)
            count_answer(self._outcomes.context.meter, self._outcomes.holder.modem, began)
        except HELD_BACK as error:
            await self._outcomes.hold_back(job, error)
            return False
        reach(Failpoint.SUBMIT_ANSWERED)
        if isinstance(answer, Accepted):
            await self._accepted(job, handed, answer)
        elif isinstance(answer, Unknown):
            await self._in_doubt(job, handed, answer)
        else:
            await self._refused(job, parts, handed, answer)
        return True

    async def _accepted(self, job: JobRecord, handed: Sequence[Handed], accepted: Accepted) -> None:
        self._contact.answered(Matter.SEND)
        context = self._outcomes.context
        now, policy = context.now(), context.policy
        await self._outcomes.sent(
            job,
            handed,
            also=lambda connection: settle_accepted(
                connection, job, accepted, policy=policy, now=now
            ),
        )

    async def _in_doubt(self, job: JobRecord, handed: Sequence[Handed], answer: Unknown) -> None:
        look_at = self._outcomes.context.now() + FIRST_LOOK
        await self._outcomes.in_doubt(
            job,
            handed,
            answer.reason,
            also=lambda connection: change_carriage(connection, job.key, look_at=look_at),
        )

    async def _refused(
        self,
        job: JobRecord,
        parts: Sequence[PartRecord],
        handed: Sequence[Handed],
        refused: Refused,
    ) -> None:
        if refused.needs_person:
            self._contact.failed(Matter.SEND, refused.reason, needs_person=True)
        denial = Denial(
            failure=refused.failure,
            reason=refused.reason,
            explanation=f"one message after the other is refused ({refused.reason}); its jobs wait",
            of_destination=refused.of_destination,
            rest=refused.retry_after or timedelta(0),
            congested=refused.congested,
        )
        await self._outcomes.not_sent(
            job,
            parts,
            handed,
            denial,
            also=lambda connection: drop_carriage(connection, job.key),
        )
