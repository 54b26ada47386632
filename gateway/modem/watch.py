"""Looking after a modem between its sends: registration, signal, announcements, proof of life.

Two short questions every half minute, in a turn of the port like any other: never while a submit is
under way, and far below one per cent of a line's time. A modem that does not answer them is given
up by the link itself. What lasts is looked at more seldom: storages every few minutes, and every
hour all that a modem may have forgotten.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import structlog

from gateway.domain.alarms import AlarmKind
from gateway.domain.errors import CommandTimeoutError, LinkLostError
from gateway.modem.link.asking import ask
from gateway.modem.link.link import Link
from gateway.modem.memory import Memory
from gateway.modem.receive.announcer import Announcer
from gateway.modem.receive.filling import Fill
from gateway.modem.receive.mailbox import Mailbox, Order
from gateway.modem.start.centre import keep_service_centre
from gateway.modem.start.radio import Reading, read_radio
from gateway.modem.start.reception import arrange_reception
from gateway.modem.start.start import Setup

log = structlog.get_logger(__name__)

INTERVAL: Final = 30.0
"""Seconds between two looks."""

JITTER: Final = 0.2
"""Part of the interval by which 64 modems on one USB bus are kept from looking in step."""

UNANNOUNCED_INTERVAL: Final = 10.0
"""Seconds between two looks through the storages of a modem that announces nothing."""

HOURLY: Final = 120
"""Looks between two full checks; modems forget AT+CNMI and lose announcements (MODEMS.md 3.3)."""

STORAGES: Final = 10
"""Looks between two at how full the storage is."""

UNREGISTERED_LOOKS: Final = 2
"""Looks without a network after which a line is taken out of service; one may be a short gap."""

FOREIGN: Final = 5
"""Answers to nothing that was asked, after which another program is thought to use the modem."""

_SHARED: Final = (
    "answers come to commands that were not sent, so another program uses the modem as well; stop "
    "it, and ModemManager by hardware/udev/76-shopbell.rules"
)


class Watch:
    """The watch over one modem."""

    def __init__(
        self,
        link: Link,
        mailbox: Mailbox,
        setup: Setup,
        observe: Callable[[Reading], None],
        memory: Memory,
        announcer: Announcer,
    ) -> None:
        self._link = link
        self._mailbox = mailbox
        self._setup = setup
        self._announcer = announcer
        self._observe = observe
        self._memory = memory
        self._looks = 0
        self._unregistered = 0

    async def run(self) -> None:
        """Watch until the link is lost; give it up when the network is gone."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._until_lost(), name=f"watch-link-{self._link.name}")
                tasks.create_task(self._look_on(), name=f"watch-radio-{self._link.name}")
                tasks.create_task(self._heed_stirs(), name=f"watch-stirs-{self._link.name}")
                tasks.create_task(self._sweep_on(), name=f"watch-storage-{self._link.name}")
        except* LinkLostError:
            log.debug("watch_ended", modem=self._link.name)

    async def _until_lost(self) -> None:
        await self._link.wait_lost()
        self._link.check()

    async def _look_on(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311
            await self._look()

    async def _look(self) -> None:
        reading = await read_radio(self._link)
        self._observe(reading)
        self._unregistered = 0 if reading.carries_sms else self._unregistered + 1
        if self._unregistered >= UNREGISTERED_LOOKS:
            self._link.abort("the modem has no network")
            self._link.check()
        if self._link.foreign >= FOREIGN:
            self._memory.alarms.sound(AlarmKind.PORT_TAKEN, f"{self._link.path}: {_SHARED}")
        self._looks += 1
        if self._looks % STORAGES == 0:
            await self._look_at_storage()
        if self._looks % HOURLY == 0:
            await self._check_all()

    async def _check_all(self) -> None:
        """Put right what the modem forgot; an hour in service also ends what was before it."""
        self._memory.alarms.clear(AlarmKind.RESTARTED)
        self._memory.alarms.clear(AlarmKind.PORT_TAKEN)
        self._link.foreign = 0
        self._memory.network_remedies = 0
        await keep_service_centre(self._link, self._setup.line, self._memory.notes)
        await self._announcer.renew()
        self._mailbox.put(Order.SWEEP)

    # A modem that says something after which it is worth a look.

    async def _heed_stirs(self) -> None:
        while True:
            await self._link.stirred.wait()
            self._link.stirred.clear()
            if await self._forgot():
                self._link.restarted = True
                self._link.abort("the modem restarted: its settings are gone")
                self._link.check()
            await self._arrange()
            self._mailbox.put(Order.SWEEP)

    async def _forgot(self) -> bool:
        """Tell whether what the start has set is gone, which means a boot (MODEMS.md 5.13)."""
        mode = (await ask(self._link, "AT+CMGF?")).values("+CMGF")
        return mode == ["1"] or not await self._announcer.keeps()

    async def _arrange(self) -> None:
        """Find the storages of a modem whose SMS service started after it (MODEMS.md 4.22)."""
        if self._setup.storages.home:
            return
        storages, indications = await arrange_reception(
            self._link, self._setup.profile, self._setup.experience
        )
        self._setup.storages.adopt(storages)
        self._announcer.adopt(indications)

    async def _look_at_storage(self) -> None:
        """Have a storage looked through that fills up, or of which somebody was told."""
        await self._arrange()
        told = any(alarm.kind is AlarmKind.STORAGE_FILLING for alarm in self._memory.alarms.active)
        with suppress(CommandTimeoutError):
            if told or await self._is_half_full():
                self._mailbox.put(Order.SWEEP)

    async def _is_half_full(self) -> bool:
        """Tell so of the home of inbound messages; no when nobody knows."""
        storages = self._setup.storages
        async with self._link.turn() as turn:
            if not storages.home or not await storages.select(turn, storages.home):
                return False
            usage = await storages.usage(turn)
        return usage is not None and Fill(used=usage.used, total=usage.total).at_half

    async def _sweep_on(self) -> None:
        """Have storages looked through for as long as the modem does not announce everything."""
        while True:
            await asyncio.sleep(UNANNOUNCED_INTERVAL)
            if not self._announcer.agreed.complete:
                self._mailbox.put(Order.SWEEP)
