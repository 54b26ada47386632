"""One place of a storage: read it, delete it (``AT+CMGR``, ``AT+CMGD``).

Which storage is read is a state of the modem, so that choosing it and reading are one turn. An
empty place is refused in many ways (321, 500, a bare OK), none of which is a fault (MODEMS.md 1.9).
Nothing is deleted that was not just seen in its place: modems refuse to delete, and move what is
left to other places (4.13).
"""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import Final

import structlog

from gateway.at import Answer, Slot, Stored, Usage, in_text_mode, outline, read_message
from gateway.domain.errors import ModemError
from gateway.modem.link import limits
from gateway.modem.link.link import Link
from gateway.modem.link.turn import Turn
from gateway.modem.start.storages import Storages

log = structlog.get_logger(__name__)

FRESH: Final = 5.0
"""Seconds after which a place is read again before it is deleted."""

_EMPTY: Final = frozenset({321, 500})
"""CMS: what an empty place is refused with."""

_PADDING: Final = frozenset("0F89")


class UnreadableError(ModemError):
    """A storage can be neither chosen nor read, as in a modem's first minute (MODEMS.md 4.22)."""


class Deletion(Enum):
    """What became of an attempt to free a place."""

    FREE = "free"
    GONE = "gone"
    """It was empty already."""
    REFUSED = "refused"
    TAKEN = "taken"
    """Another message lies there; it was not touched."""


class Places:
    """The places of one modem's storages."""

    def __init__(self, link: Link, storages: Storages) -> None:
        self._link = link
        self._storages = storages
        self._seen: tuple[Slot, str, float] | None = None

    async def read(self, slot: Slot) -> Stored | None:
        """Return what lies in a place, or None when it is empty; what is cut off is read again.

        Raises:
            CommandTimeoutError: no answer.
            LinkLostError: the link was lost.
        """
        slot = self._placed(slot)
        async with self._link.turn() as turn:
            if not await self._choose(turn, slot.memory):
                return None
            stored, _ = await self._read(turn, slot.index)
        self._see(slot, stored)
        return stored

    async def look(self, memory: str, index: int) -> tuple[Stored | None, bool]:
        """Return what lies in a place, and whether the modem says that nothing does.

        Raises:
            UnreadableError: the storage cannot be chosen.
            CommandTimeoutError: no answer.
            LinkLostError: the link was lost.
        """
        async with self._link.turn() as turn:
            await self._insist_on(turn, memory)
            return await self._read(turn, index)

    async def usage(self, memory: str | None) -> Usage | None:
        """Return how full a storage is, or None when the modem does not tell; errors as `look`."""
        async with self._link.turn() as turn:
            await self._insist_on(turn, memory or self._storages.home)
            return await self._storages.usage(turn)

    async def list(self, memory: str) -> Answer:
        """Return the modem's list of a storage, as it writes it; errors as `look`."""
        async with self._link.turn() as turn:
            await self._insist_on(turn, memory)
            return await self._ask(turn, "AT+CMGL=4", limits.SLOW_COMMAND)

    async def delete(self, slot: Slot, stored: Stored) -> Deletion:
        """Free a place that holds what is given.

        Raises:
            CommandTimeoutError: no answer.
            LinkLostError: the link was lost.
        """
        slot = self._placed(slot)
        async with self._link.turn() as turn:
            if not await self._choose(turn, slot.memory):
                return Deletion.REFUSED
            if not self._is_fresh(slot, stored):
                there, _ = await self._read(turn, slot.index)
                if there is None:
                    return Deletion.GONE
                if not _is_same(there, stored):
                    return Deletion.TAKEN
            return await self._delete(turn, slot.index)

    async def _delete(self, turn: Turn, index: int) -> Deletion:
        self._seen = None
        answer = await turn.command(f"AT+CMGD={index}", limit=limits.SLOW_COMMAND)
        if answer.ok:
            return Deletion.FREE
        result = str(answer.result)
        log.warning("delete_refused", modem=self._link.name, index=index, result=result)
        return Deletion.REFUSED

    async def _read(self, turn: Turn, index: int) -> tuple[Stored | None, bool]:
        stored, empty = await self._read_once(turn, index)
        if stored is not None and not stored.complete:
            again, _ = await self._read_once(turn, index)
            stored = again or stored
        return stored, empty

    async def _read_once(self, turn: Turn, index: int) -> tuple[Stored | None, bool]:
        answer = await self._ask(turn, f"AT+CMGR={index}", limits.SIM_COMMAND)
        stored = read_message(answer.lines)
        if stored is None and answer.lines:
            shown = outline(answer.lines)
            log.info("place_without_pdu", modem=self._link.name, index=index, answer=shown)
        return stored, answer.ok or answer.result.code in _EMPTY

    async def _ask(self, turn: Turn, command: str, limit: float) -> Answer:
        """Ask for messages, once more where they came in text mode (MODEMS.md 4.10)."""
        answer = await turn.command(command, limit=limit)
        if in_text_mode(answer.lines):
            log.warning("text_mode", modem=self._link.name)
            await turn.command("AT+CMGF=0")
            answer = await turn.command(command, limit=limit)
        return answer

    async def _choose(self, turn: Turn, memory: str | None) -> bool:
        if not memory or not self._storages.arguments:
            return True  # There is one storage, or the one that is chosen is meant.
        return await self._storages.select(turn, memory)

    async def _insist_on(self, turn: Turn, memory: str) -> None:
        if not await self._choose(turn, memory):
            raise UnreadableError(f"the storage {memory} cannot be chosen")

    def _placed(self, slot: Slot) -> Slot:
        return slot if slot.memory else Slot(memory=self._storages.home or None, index=slot.index)

    def _see(self, slot: Slot, stored: Stored | None) -> None:
        now = asyncio.get_running_loop().time()
        self._seen = None if stored is None else (slot, stored.pdu, now)

    def _is_fresh(self, slot: Slot, stored: Stored) -> bool:
        if self._seen is None:
            return False
        seen, pdu, then = self._seen
        fresh = asyncio.get_running_loop().time() - then <= FRESH
        return fresh and (seen, pdu) == (slot, stored.pdu)


def _is_same(one: Stored, other: Stored) -> bool:
    """Tell whether two readings show one message; modems pad it now and then (MODEMS.md 4.8)."""
    short, long = sorted((one.pdu.upper(), other.pdu.upper()), key=len)
    return long.startswith(short) and _PADDING.issuperset(long[len(short) :])
