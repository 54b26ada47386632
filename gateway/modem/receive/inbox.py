"""What the network sends to us: handed over durably first, then acknowledged or deleted.

Reports and messages are routed (``+CDS``, ``+CMT``) or stored and announced (``+CDSI``, ``+CMTI``),
and both at the same time is possible. One task takes them, one after the other; what goes wrong
with one of them is looked for again in the storages, later.
"""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from gateway.at import Unsolicited, read_reference, read_routed, read_slot
from gateway.domain.backoff import Backoff
from gateway.domain.errors import CommandTimeoutError, LinkLostError, ModemError
from gateway.modem.link.asking import ask
from gateway.modem.link.link import Link
from gateway.modem.memory import Memory
from gateway.modem.receive.announced import Announced
from gateway.modem.receive.announcer import Announcer
from gateway.modem.receive.calls import hang_up
from gateway.modem.receive.handover import HandOver
from gateway.modem.receive.kinds import Kind
from gateway.modem.receive.mailbox import Forget, Letter, Mailbox, Order
from gateway.modem.receive.places import UnreadableError
from gateway.modem.receive.shelf import Shelf
from gateway.modem.receive.sink import ModemSink
from gateway.modem.receive.sweep import Sweep
from gateway.modem.settings import ModemSettings
from gateway.modem.start.start import Setup

log = structlog.get_logger(__name__)

AGAIN: Final = 2.0
"""Seconds until storages are looked through again that could not be read; doubles."""

AGAIN_MAX: Final = 600.0
"""Seconds; a modem that answers again is noticed within this."""

ACKNOWLEDGE_WITHIN: Final = 10.0
"""Seconds in which a modem of phase 2+ wants its AT+CNMA; later it may have stopped routing."""


class Inbox:
    """Takes the letters of one modem's mailbox to the sink, one after the other."""

    def __init__(
        self,
        link: Link,
        mailbox: Mailbox,
        setup: Setup,
        settings: ModemSettings,
        memory: Memory,
        sink: ModemSink,
        announcer: Announcer,
    ) -> None:
        self._link = link
        self._mailbox = mailbox
        self._acknowledges = setup.acknowledges
        self._hangs_up = settings.hang_up
        self._announcer = announcer
        self._hand_over = HandOver(settings.name, setup.line, sink, memory.handed)
        lists = setup.profile.habits.lists and setup.experience.learned.lists is not False
        self._shelf = shelf = Shelf(link, setup.storages, lists=lists)
        self._sweep = Sweep(link.name, shelf, self._hand_over, memory.alarms, setup.experience)
        self._announced = Announced(link.name, shelf, self._sweep, self._hand_over, announcer)
        self._backoff = Backoff(first=AGAIN, longest=AGAIN_MAX)
        self._due: float | None = None

    async def run(self) -> None:
        """Work until the mailbox is closed and empty."""
        while True:
            try:
                letter = await self._next()
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
        except (CommandTimeoutError, UnreadableError) as error:
            log.info("inbound_left_on_modem", modem=self._link.name, error=str(error))
            self._due = asyncio.get_running_loop().time() + self._backoff.pause()
        except LinkLostError as error:
            log.info("inbound_left_on_modem", modem=self._link.name, error=str(error))

    async def _next(self) -> Letter:
        """Return the next letter, or the order to look again at what could not be read."""
        try:
            async with asyncio.timeout_at(self._due):
                return await self._mailbox.get()
        except TimeoutError:
            self._due = None
            return Order.SWEEP

    async def _take(self, letter: Letter) -> None:
        if isinstance(letter, Unsolicited):
            await self._take_unsolicited(letter)
        elif isinstance(letter, Forget):
            await self._forget(letter)
        elif letter is Order.SWEEP:
            await self._sweep_all()
        elif self._hangs_up:
            await hang_up(self._link)

    async def _forget(self, letter: Forget) -> None:
        """Read what came in, then delete what is still there of whoever is to be forgotten."""
        if letter.deleted.done():  # nobody waits for it any more
            return
        try:
            await self._sweep.run(trusting=False)
            deleted = await self._sweep.forget(letter.is_meant)
        except ModemError as error:
            if not letter.deleted.done():
                letter.deleted.set_exception(error)
            raise
        if not letter.deleted.done():
            letter.deleted.set_result(deleted)

    async def _take_unsolicited(self, said: Unsolicited) -> None:
        if said.name == "+CDS":
            await self._routed(said, Kind.REPORT)
        elif said.name == "+CMT":
            await self._routed(said, Kind.MESSAGE)
        elif said.name in ("+CDSI", "+CMTI"):
            await self._take_announced(said)
        elif said.name == "+CMGS":
            await self._late(said)

    async def _routed(self, said: Unsolicited, announced: Kind) -> None:
        begun = asyncio.get_running_loop().time()
        stored = read_routed(said.text, said.pdu)
        if stored is None:
            log.warning("routed_unreadable", modem=self._link.name, name=said.name)
        else:
            await self._hand_over.routed(stored, announced)  # Nothing is deleted by mistake.
        if self._acknowledges:
            await ask(self._link, "AT+CNMA")  # 340, none expected, is as good.
            if asyncio.get_running_loop().time() - begun > ACKNOWLEDGE_WITHIN:
                await self._announcer.renew()

    async def _late(self, said: Unsolicited) -> None:
        reference = read_reference((said.text,))
        log.info("late_reference", modem=self._link.name, reference=reference)
        await self._hand_over.late_reference(reference)

    async def _take_announced(self, said: Unsolicited) -> None:
        slot = read_slot(said.text)
        if slot is None:
            await self._sweep_all()
        elif said.name == "+CDSI":
            await self._announced.report(slot)
        else:
            await self._announced.message(slot)

    async def _sweep_all(self) -> None:
        await self._sweep.run()
        self._backoff.reset()
