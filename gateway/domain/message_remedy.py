"""What helps when a message did not arrive, in words for who runs the box. Pure.

What each failure means is `gateway.domain.remedies`; here is what stands at one message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from gateway.domain.failures import FailureClass
from gateway.domain.remedies import BY_CLASS, Remedy, class_of, has_code, remedy_of_reason
from gateway.domain.states import NO_FINAL_REPORT, JobState

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


def _said(remedy: Remedy) -> str:
    return f"{remedy.meaning} {remedy.action}"


_OF_STATE: Final[Mapping[JobState, str]] = {
    JobState.EXPIRED: (
        "It was not handed over before its time was up. If that happens often, look at the queue: "
        "there are too few lines for what is asked, or they are not in service."
    ),
    JobState.UNCONFIRMED: _said(BY_CLASS[FailureClass.UNKNOWN]),
}

_REPORT: Final = re.compile(r"\b0x([0-9A-F]{2})\b")
_TEMPORARY_ENDED: Final = 0x60
"""TP-Status: from here on errors were temporary, and the service centre gave up."""


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
        if has_code(reason):
            return _said(remedy_of_reason(reason, class_of(reason)))
        report = _REPORT.search(reason)
        if report is not None:
            return _of_report(int(report[1], 16))
    return _OF_STATE.get(state)


def _of_report(status: int) -> str:
    if status in _REPORTED:
        return _REPORTED[status]
    return _TEMPORARY if status >= _TEMPORARY_ENDED or status < 0x40 else _FOR_GOOD
