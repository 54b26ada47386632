"""Where a modem hands over what the network sent to it."""

from __future__ import annotations

from typing import Protocol

from gateway.domain.ids import LineId


class ModemSink(Protocol):
    """Takes what comes in, for good.

    A call returns when what it was given is durable. Only then is it acknowledged to the network
    or deleted from the SIM, so that the same may be given twice and is never lost.

    Raises (every method):
        StorageError: it could not be kept; the modem holds it and tries again.
    """

    async def report(self, line: LineId, pdu: str, length: int | None) -> None:
        """Take a delivery report.

        Args:
            line: the SIM that it came to.
            pdu: hex with the service centre's address; it may be broken.
            length: octets without the service centre's address, where the modem told.
        """
        ...

    async def message(self, line: LineId, pdu: str, length: int | None) -> None:
        """Take an inbound message; arguments as in `report`."""
        ...

    async def late_reference(self, line: LineId, reference: int | None) -> None:
        """Take the ``+CMGS`` of a submit whose outcome was already given up as unknown."""
        ...
