"""Looking after a modem between its sends: registration, signal, announcements, proof of life.

Two short questions every half minute, in a turn of the port like any other: never while a submit is
under way, and far below one per cent of a line's time. A modem that does not answer them is given
up by the link itself.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Final

import structlog

from gateway.domain.errors import LinkLostError
from gateway.modem.indications import keeps_indications, set_indications
from gateway.modem.link import Link
from gateway.modem.mailbox import Mailbox, Order
from gateway.modem.radio import Reading, read_radio
from gateway.modem.start import Setup

log = structlog.get_logger(__name__)

INTERVAL: Final = 30.0
"""Seconds between two looks."""

JITTER: Final = 0.2
"""Part of the interval by which 64 modems on one USB bus are kept from looking in step."""

UNANNOUNCED_INTERVAL: Final = 10.0
"""Seconds between two looks through the storages of a modem that announces nothing."""

HOURLY: Final = 120
"""Looks between two full checks; modems forget AT+CNMI and lose announcements (MODEMS.md 3.3)."""

UNREGISTERED_LOOKS: Final = 2
"""Looks without a network after which a line is taken out of service; one may be a short gap."""


class Watch:
    """The watch over one modem."""

    def __init__(
        self, link: Link, mailbox: Mailbox, setup: Setup, observe: Callable[[Reading], None]
    ) -> None:
        self._link = link
        self._mailbox = mailbox
        self._ladder = setup.profile.ladders.announcements
        self._agreed = setup.indications
        self._observe = observe
        self._looks = 0
        self._unregistered = 0

    async def run(self) -> None:
        """Watch until the link is lost; give it up when the network is gone."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._until_lost(), name=f"watch-link-{self._link.name}")
                tasks.create_task(self._look_on(), name=f"watch-radio-{self._link.name}")
                if not self._agreed.complete:
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
        self._looks += 1
        if self._looks % HOURLY == 0:
            await self._check_announcements()

    async def _check_announcements(self) -> None:
        if not await keeps_indications(self._link, self._agreed):
            log.warning("announcements_forgotten", modem=self._link.name)
            agreed = self._agreed.values
            self._agreed = await set_indications(self._link, self._ladder, known=agreed)
        self._mailbox.put(Order.SWEEP)

    async def _sweep_on(self) -> None:
        while True:
            await asyncio.sleep(UNANNOUNCED_INTERVAL)
            self._mailbox.put(Order.SWEEP)
