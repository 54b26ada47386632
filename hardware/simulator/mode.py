"""What a modem is doing, and what it is plugged into."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Mode(StrEnum):
    """What the modem does with the next octet of the host."""

    OFF = "off"
    """No power: it is lost."""
    BOOTING = "booting"
    """It is lost too."""
    COMMAND = "command"
    """It belongs to a command line."""
    PDU = "pdu"
    """It belongs to the PDU of a +CMGS."""
    HUNG = "hung"
    """It is lost, unless it ends the hang."""
    BUSY = "busy"
    """An answer is under way: it is kept."""


class Cable(Protocol):
    """What the modem is plugged into."""

    def write(self, octets: bytes) -> None:
        """Send octets to the host."""
        ...

    def vanish(self, back_after: float | None) -> None:
        """Come out of the socket, for some seconds or for good."""
        ...
