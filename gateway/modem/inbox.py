"""What the network sends to us: handed over durably first, then acknowledged or deleted.

Reports and messages are routed (``+CDS``, ``+CMT``) or stored and announced (``+CDSI``, ``+CMTI``),
and both at the same time is possible. Announcements name wrong storages, wrong places and kinds
(MODEMS.md 3.5-3.7, 4.1), so that what is read is judged by its own TP-MTI and a place that turns
out empty is followed by a look through all storages.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from gateway.at import Slot, Stored, Unsolicited, read_reference, read_routed, read_slot
from gateway.domain.errors import CommandTimeoutError, LinkLostError, StorageError
from gateway.domain.ids import LineId
from gateway.modem.asking import ask
from gateway.modem.kinds import Kind, kind_of
from gateway.modem.link import Link
from gateway.modem.mailbox import Letter, Mailbox, Order
from gateway.modem.shelf import Shelf
from gateway.modem.sink import ModemSink

log = structlog.get_logger(__name__)

STORAGE_PAUSE: Final = 0.5
"""Seconds until a hand-over is tried again that the database could not keep; doubles."""

STORAGE_PAUSE_MAX: Final = 30.0
"""Seconds; a disk that was cleared is noticed within this."""

EMPTY_PAUSE: Final = 1.0
"""Seconds until an announced place is read again that was empty (MODEMS.md 3.6, 4.9)."""


class Inbox:
    """Takes the letters of one modem's mailbox to the sink, one after the other."""

    def __init__(
        self,
        link: Link,
        mailbox: Mailbox,
        shelf: Shelf,
        sink: ModemSink,
        *,
        line: LineId,
        acknowledges: bool,
    ) -> None:
        self._link = link
        self._mailbox = mailbox
        self._shelf = shelf
        self._sink = sink
        self._line = line
        self._acknowledges = acknowledges

    async def run(self) -> None:
        """Work until the mailbox is closed and empty."""
        while True:
            try:
                letter = await self._mailbox.get()
            except LinkLostError:
                return
            await self.take(letter)

    async def take(self, letter: Letter) -> None:
        """Handle one letter; a modem that fails meanwhile keeps what it stores."""
        try:
            await self._take(letter)
        except asyncio.CancelledError:
            self._mailbox.put_back(letter)
            raise
        except (CommandTimeoutError, LinkLostError) as error:
            log.info("inbound_left_on_modem", modem=self._link.name, error=str(error))

    async def _take(self, letter: Letter) -> None:
        if letter is Order.SWEEP:
            await self._sweep()
        elif isinstance(letter, Unsolicited):
            await self._take_unsolicited(letter)

    async def _take_unsolicited(self, said: Unsolicited) -> None:
        if said.name == "+CDS":
            await self._routed(said, Kind.REPORT)
        elif said.name == "+CMT":
            await self._routed(said, Kind.MESSAGE)
        elif said.name in ("+CDSI", "+CMTI"):
            await self._announced(said)
        elif said.name == "+CMGS":
            await self._late(said)

    async def _routed(self, said: Unsolicited, announced: Kind) -> None:
        stored = read_routed(said.text, said.pdu)
        if stored is None:
            log.warning("routed_unreadable", modem=self._link.name, name=said.name)
        else:
            await self._hand_over(stored, announced)  # Routed: nothing is deleted by mistake.
        if self._acknowledges:
            await ask(self._link, "AT+CNMA")  # 340, none expected, is as good.

    async def _late(self, said: Unsolicited) -> None:
        reference = read_reference((said.text,))
        log.info("late_reference", modem=self._link.name, reference=reference)
        await self._insist(lambda: self._sink.late_reference(self._line, reference))

    async def _announced(self, said: Unsolicited) -> None:
        slot = read_slot(said.text)
        if slot is None:
            return await self._sweep()
        stored = await self._fetch(slot)
        if stored is None:
            log.info("announced_place_empty", modem=self._link.name, name=said.name)
            return await self._sweep()
        announced = Kind.REPORT if said.name == "+CDSI" else Kind.MESSAGE
        found = await self._keep(slot, stored, announced)
        if found is not announced:
            await self._sweep()
        return None

    async def _fetch(self, slot: Slot) -> Stored | None:
        stored = await self._shelf.read(slot)
        if stored is None:
            await asyncio.sleep(EMPTY_PAUSE)
            stored = await self._shelf.read(slot)
        return stored

    async def _sweep(self) -> None:
        for memory in self._shelf.memories:
            for stored in await self._shelf.contents(memory):
                if stored.index is not None:
                    await self._keep(Slot(memory=memory, index=stored.index), stored, Kind.OTHER)

    async def _keep(self, slot: Slot, stored: Stored, announced: Kind) -> Kind:
        """Hand a stored message over and delete it; what we may have written ourselves stays."""
        kind = kind_of(stored, announced)
        if kind is not Kind.OTHER:
            await self._hand_over(stored, kind)
            await self._shelf.delete(slot)
        return kind

    async def _hand_over(self, stored: Stored, kind: Kind) -> None:
        if kind is Kind.REPORT:
            await self._insist(lambda: self._sink.report(self._line, stored.pdu, stored.length))
        else:
            await self._insist(lambda: self._sink.message(self._line, stored.pdu, stored.length))

    async def _insist(self, call: Callable[[], Awaitable[None]]) -> None:
        """Call until it is kept: nothing else can be handed over meanwhile either."""
        pause = STORAGE_PAUSE
        while True:
            try:
                return await call()
            except StorageError as error:
                log.warning("hand_over_waits_for_storage", modem=self._link.name, error=str(error))
            await asyncio.sleep(pause)
            pause = min(pause * 2, STORAGE_PAUSE_MAX)
