"""Handing one PDU to the network: the one place where a message can be lost or doubled.

Three phases. Until Ctrl-Z is written it certainly was not sent, whatever happens. From Ctrl-Z to
the result nothing is written, and silence is no failure. Then the result's class decides
(`gateway.domain.failures`); what proves nothing stays unknown.
"""

from __future__ import annotations

from gateway.at import Answer, read_reference
from gateway.domain.errors import (
    CommandTimeoutError,
    LinkLostError,
    NotSentError,
    OutcomeUnknownError,
)
from gateway.domain.failpoint import Failpoint, reach
from gateway.domain.failures import FailureClass, Phase, classify, reason_of
from gateway.modem.link.link import Link
from gateway.modem.link.turn import Submission
from gateway.modem.modem import Intent, Submitted
from gateway.modem.send.manner import Manner
from gateway.sms import EncodedPdu


async def submit(link: Link, pdu: EncodedPdu, intent: Intent, manner: Manner) -> Submitted:
    """Hand over a PDU; see `gateway.modem.Modem.submit`.

    Args:
        link: the modem's port; its turn is waited for.
        pdu: what to send.
        intent: awaited when the PDU is written and its Ctrl-Z is not.
        manner: how this modem is to be handed it.
    """
    try:
        async with link.turn() as turn, turn.submission(pdu.length) as submission:
            await _write(submission, pdu, intent, manner)
            return await _outcome(submission, manner)
    except (LinkLostError, CommandTimeoutError) as error:
        raise NotSentError(str(error)) from error


async def _write(submission: Submission, pdu: EncodedPdu, intent: Intent, manner: Manner) -> None:
    """Go up to and including Ctrl-Z; whatever is raised here, nothing was sent."""
    try:
        _go_on(await submission.prompt())
        await submission.write(pdu.hex, piece=manner.piece, pause=manner.pause)
        _go_on(submission.refused())
        reach(Failpoint.PDU_WRITTEN)
        await intent()
        _go_on(submission.refused())
    except BaseException:
        submission.escape()
        raise
    submission.send()
    reach(Failpoint.CTRL_Z_WRITTEN)


def _go_on(refusal: Answer | None) -> None:
    if refusal is not None:
        raise NotSentError(f"refused early: {reason_of(refusal.result)}", result=refusal.result)


async def _outcome(submission: Submission, manner: Manner) -> Submitted:
    try:
        answer = await submission.outcome(manner.patience)
    except (LinkLostError, CommandTimeoutError) as error:
        raise OutcomeUnknownError(str(error)) from error
    if answer.ok or answer.values("+CMGS"):
        return Submitted(reference=read_reference(answer.lines))
    reason = reason_of(answer.result)
    if classify(answer.result, Phase.AFTER_PDU, manner.codes) is FailureClass.UNKNOWN:
        raise OutcomeUnknownError(reason, result=answer.result)
    raise NotSentError(reason, result=answer.result)
