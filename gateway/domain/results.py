"""The final results of an AT command, as values.

Only what a result is: reading it from the wire is `gateway.at`, and what to do about it is
`gateway.domain.failures`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ResultKind(StrEnum):
    """The families of final results (3GPP TS 27.007 clause 9, TS 27.005 clause 3.2.5)."""

    OK = "OK"
    ERROR = "ERROR"
    CME = "+CME ERROR"
    CMS = "+CMS ERROR"
    NO_CARRIER = "NO CARRIER"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class FinalResult:
    """What ended a command."""

    kind: ResultKind
    code: int | None = None
    """The number of a CME or CMS error; None for the others and for unmapped texts."""
    text: str = ""
    """The line as the modem wrote it, for people."""

    @property
    def ok(self) -> bool:
        """True for OK alone."""
        return self.kind is ResultKind.OK

    def __str__(self) -> str:
        if self.code is None:
            return self.text or self.kind.value
        return f"{self.kind.value}: {self.code}"
