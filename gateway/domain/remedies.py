"""What helps when a message did not arrive, in words for who runs the box. Pure.

What a refusal means is `gateway.domain.failures`; here is what to do about it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from gateway.domain.failures import FailureClass, Phase, classify
from gateway.domain.results import FinalResult, ResultKind
from gateway.domain.states import NO_FINAL_REPORT, JobState

REMEDIES: Final[Mapping[FailureClass, str]] = {
    FailureClass.PERMANENT: (
        "The network takes no such message for this number. Check the number with the customer; "
        "sending it again does not help."
    ),
    FailureClass.LINE: (
        "The SIM or its plan is at fault: no credit, barred, a PIN, or no service centre. Look at "
        "the modem; the messages of others on it are affected, too."
    ),
    FailureClass.NETWORK: (
        "The network had no room or no coverage for a moment. It was tried again; if it happens "
        "often, look at the modem's signal."
    ),
    FailureClass.OUTAGE: (
        "The network or the recipient's phone was out of reach for long. Send it again later."
    ),
    FailureClass.COLLISION: "The modem was receiving at that moment. It was tried again by itself.",
    FailureClass.BUSY: (
        "The modem or the SIM was busy, or its storage full. The gateway clears it; if it stays "
        "so, take the stick out and put it in again."
    ),
    FailureClass.DRIVER: (
        "The modem did not understand what it was told. Run `shopbell modem probe` on it, and keep "
        "what it prints for a report."
    ),
    FailureClass.UNKNOWN: (
        "It may have gone out: the modem gave no answer that can be relied on. It is not sent "
        "again by itself unless the configuration says so; a later report may still settle it."
    ),
    FailureClass.DUPLICATE: "The network has it already, from an earlier try.",
}
"""What to do about each class of failure."""

_REPORTED: Final[Mapping[int, str]] = {
    0x43: "The number is not in use. Ask the customer for another.",
    0x46: "The phone was off or out of reach until the message was too old.",
    0x49: "The network knows no such message any more.",
}
_TEMPORARY: Final = (
    "The phone or its network could not take it, and the service centre gave up. Send it again "
    "later."
)
_FOR_GOOD: Final = "The recipient's network refuses it for good. Check the number."

_OF_STATE: Final[Mapping[JobState, str]] = {
    JobState.EXPIRED: (
        "It was not handed over before its time was up. If that happens often, look at the queue: "
        "there are too few lines for what is asked, or they are not in service."
    ),
    JobState.UNCONFIRMED: REMEDIES[FailureClass.UNKNOWN],
}

_RESULT: Final = re.compile(r"\b(cms|cme) (\d{1,5})\b")
_REPORT: Final = re.compile(r"\b0x([0-9A-F]{2})\b")
_TEMPORARY_ENDED: Final = 0x60
"""TP-Status: from here on errors were temporary, and the service centre gave up."""


def class_of_reason(reason: str) -> FailureClass | None:
    """Return the class of a reason such as ``cms 42 congestion``; None where it names no code."""
    found = _RESULT.search(reason)
    if found is None:
        return None
    kind = ResultKind.CMS if found[1] == "cms" else ResultKind.CME
    return classify(FinalResult(kind=kind, code=int(found[2])), Phase.AFTER_PDU)


def remedy_of(state: JobState, reason: str | None) -> str | None:
    """Return what helps with a message that stands so; None where nothing has to be done.

    Args:
        state: of the job.
        reason: as the job has it.
    """
    if state in (JobState.DELIVERED, JobState.CANCELLED):
        return None
    if reason == NO_FINAL_REPORT:
        return "The network sent no report. Most such messages arrive; some networks report none."
    if reason is not None:
        failure = class_of_reason(reason)
        if failure is not None:
            return REMEDIES[failure]
        report = _REPORT.search(reason)
        if report is not None:
            return _of_report(int(report[1], 16))
    return _OF_STATE.get(state)


def _of_report(status: int) -> str:
    if status in _REPORTED:
        return _REPORTED[status]
    return _TEMPORARY if status >= _TEMPORARY_ENDED or status < 0x40 else _FOR_GOOD
