"""Reading and deleting what a modem has stored (``AT+CMGR``, ``AT+CMGL``, ``AT+CMGD``).

Which storage is read is a state of the modem, so that choosing it and reading are one turn. An
empty place is refused in many ways (321, 500, a bare OK), none of which is a fault (MODEMS.md 1.9).
"""

from __future__ import annotations

from typing import Final

import structlog

from gateway.at import Slot, Stored, read_list, read_message
from gateway.modem import limits
from gateway.modem.link import Link
from gateway.modem.storages import Storages
from gateway.modem.turn import Turn

log = structlog.get_logger(__name__)

PLACES_MAX: Final = 256
"""Places that are tried one by one when a modem cannot list; indices begin at 0 or 1."""


class Shelf:
    """The stored messages of one modem."""

    def __init__(self, link: Link, storages: Storages) -> None:
        self._link = link
        self._storages = storages

    @property
    def memories(self) -> list[str]:
        """The storages to look through."""
        return self._storages.swept

    async def read(self, slot: Slot) -> Stored | None:
        """Return what lies in a place, or None when it is empty.

        Raises:
            CommandTimeoutError: no answer.
            LinkLostError: the link was lost.
        """
        async with self._link.turn() as turn:
            if slot.memory and not await self._storages.select(turn, slot.memory):
                return None
            return await self._read(turn, slot.index)

    async def contents(self, memory: str) -> list[Stored]:
        """Return what lies in a storage; a modem that cannot list is asked place by place.

        Raises:
            CommandTimeoutError: no answer.
            LinkLostError: the link was lost.
        """
        async with self._link.turn() as turn:
            if not await self._storages.select(turn, memory):
                return []
            usage = await self._storages.usage(turn)
            if usage is not None and usage.used == 0:
                return []
            answer = await turn.command("AT+CMGL=4", limit=limits.SLOW_COMMAND)
            if answer.ok:
                return read_list(answer.lines)
            return await self._read_all(turn, usage.total if usage else 0)

    async def delete(self, slot: Slot) -> None:
        """Free a place; a modem that refuses keeps what was already handed over.

        Raises:
            CommandTimeoutError: no answer.
            LinkLostError: the link was lost.
        """
        async with self._link.turn() as turn:
            if slot.memory and not await self._storages.select(turn, slot.memory):
                return
            answer = await turn.command(f"AT+CMGD={slot.index}", limit=limits.SLOW_COMMAND)
        if not answer.ok:
            result = str(answer.result)
            log.warning("delete_refused", modem=self._link.name, index=slot.index, result=result)

    async def _read(self, turn: Turn, index: int) -> Stored | None:
        answer = await turn.command(f"AT+CMGR={index}", limit=limits.SIM_COMMAND)
        return read_message(answer.lines)

    async def _read_all(self, turn: Turn, total: int) -> list[Stored]:
        places = range(min(total + 1, PLACES_MAX))
        return [
            Stored(index=index, pdu=stored.pdu, length=stored.length)
            for index in places
            if (stored := await self._read(turn, index)) is not None
        ]
