"""What the parser tells: one event for each thing that a modem says."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.domain.results import FinalResult


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line that may belong to the answer of the running command."""

    text: str
    """Without line ends and outer blanks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """The modem waits for a PDU (3GPP TS 27.005 clause 3.5.1)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """A final result: the running command has ended, or a stray one was answered late."""

    result: FinalResult


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsolicited:
    """Something that the modem says by itself."""

    name: str
    """What stands before the colon, in upper case, such as ``+CDS``; empty without one."""
    text: str
    """The whole line."""
    pdu: str = ""
    """The line that follows ``+CDS``, ``+CMT`` and ``+CBM``, as it came."""


Event = Line | Prompt | Ended | Unsolicited
