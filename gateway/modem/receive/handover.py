"""Giving to the sink what was read from a modem, until it is kept, and remembering that it was.

A modem that refuses to delete, or deletes another place than the one it was told, shows again what
was already given (MODEMS.md 4.13). That is known here by a hash of the PDU, for the life of the
process; what is given again after a restart is told apart by the sink.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from gateway.at import Stored
from gateway.domain.errors import StorageError
from gateway.domain.ids import LineId, ModemName
from gateway.modem.receive.kinds import Kind
from gateway.modem.receive.sink import ModemSink

log = structlog.get_logger(__name__)

STORAGE_PAUSE: Final = 0.5
"""Seconds until a hand-over is tried again that the database could not keep; doubles."""

STORAGE_PAUSE_MAX: Final = 30.0
"""Seconds; a disk that was cleared is noticed within this."""

HANDED_MAX: Final = 1024
"""PDUs of a modem that are remembered: twice what its storages hold, in 32 octets each."""


class Handed:
    """What was handed over of one modem; the oldest is forgotten first."""

    def __init__(self) -> None:
        self._digests: dict[bytes, None] = {}

    def __len__(self) -> int:
        return len(self._digests)

    def holds(self, line: LineId, pdu: str) -> bool:
        """Tell whether this PDU of this SIM was handed over."""
        return _digest(line, pdu) in self._digests

    def add(self, line: LineId, pdu: str) -> None:
        """Remember a PDU that is durable."""
        self._digests.pop(_digest(line, pdu), None)
        self._digests[_digest(line, pdu)] = None
        while len(self._digests) > HANDED_MAX:
            del self._digests[next(iter(self._digests))]


class HandOver:
    """The way from one SIM to the sink."""

    def __init__(self, modem: ModemName, line: LineId, sink: ModemSink, handed: Handed) -> None:
        self._modem = modem
        self._line = line
        self._sink = sink
        self._handed = handed

    async def routed(self, stored: Stored, kind: Kind) -> bool:
        """Hand over what lies nowhere else; return whether it is durable."""
        kept = await self._insist(lambda: self._give(stored, kind))
        if kept:
            self._handed.add(self._line, stored.pdu)
        return kept

    async def stored(self, stored: Stored, kind: Kind) -> bool:
        """Hand over what is about to be deleted, unless it was before; return as `routed`."""
        if self._handed.holds(self._line, stored.pdu):
            log.info("already_handed_over", modem=self._modem, kind=kind.value)
            return True
        return await self.routed(stored, kind)

    async def late_reference(self, reference: int | None) -> None:
        """Hand over a ``+CMGS`` that nobody waited for any more."""
        await self._insist(lambda: self._sink.late_reference(self._line, reference))

    def _give(self, stored: Stored, kind: Kind) -> Awaitable[None]:
        give = self._sink.report if kind is Kind.REPORT else self._sink.message
        return give(self._line, stored.pdu, stored.length)

    async def _insist(self, call: Callable[[], Awaitable[None]]) -> bool:
        """Call until it is kept: nothing else can be handed over meanwhile either.

        What the gateway itself stumbles over is left where it lies, and costs its line nothing.
        """
        pause = STORAGE_PAUSE
        while True:
            try:
                await call()
            except StorageError as error:
                log.warning("hand_over_waits_for_storage", modem=self._modem, error=str(error))
            except Exception:
                log.exception("hand_over_failed", modem=self._modem)
                return False
            else:
                return True
            await asyncio.sleep(pause)
            pause = min(pause * 2, STORAGE_PAUSE_MAX)


def _digest(line: LineId, pdu: str) -> bytes:
    return hashlib.sha256(f"{line} {pdu.upper()}".encode()).digest()
