"""Messages in a row that a modem itself did not take, as against the network or the SIM.

After some of them it is given up, for the recovery ladder to bring it back.
"""

from __future__ import annotations

from typing import Final

from gateway.domain.errors import NotSentError, OutcomeUnknownError
from gateway.domain.results import FinalResult, ResultKind

IN_A_ROW: Final = 5
"""Messages; more than those after which another network is tried, which counts anew
(`gateway.modem.start.sms_service`)."""

_FAULTS: Final = frozenset(
    {
        (ResultKind.CMS, 300),
        (ResultKind.CMS, 500),
        (ResultKind.CME, 0),
        (ResultKind.CME, 1),
    }
)
"""ME failure, unknown error, phone failure, no connection to phone."""


class Faults:
    """Counts them in one connection."""

    def __init__(self) -> None:
        self._count = 0

    def note(self, error: NotSentError | OutcomeUnknownError) -> bool:
        """Take note of a message that was not taken; return whether it is enough.

        No prompt, or no answer to Ctrl-Z, is a fault too; any other refusal shows that the modem
        does its work.
        """
        self._count = self._count + 1 if _is_fault(error.result) else 0
        return self._count >= IN_A_ROW

    def forget(self) -> None:
        """Count anew: a message was taken, or something was changed that may help."""
        self._count = 0


def _is_fault(result: FinalResult | None) -> bool:
    if result is None or result.kind is ResultKind.ERROR:
        return True
    return (result.kind, result.code) in _FAULTS
