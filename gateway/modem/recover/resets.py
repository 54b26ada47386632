"""Carrying out the upper rungs of the recovery ladder on one modem (MODEMS.md section 9).

Each returns when the rung was taken; whether the modem lives is proved by bringing it up again,
which is the supervisor's. When which rung is due is decided by `gateway.modem.recover.recovery`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Final

import structlog

from gateway.domain.errors import ModemError
from gateway.modem.known.profile import Resets as Commands
from gateway.modem.link import limits
from gateway.modem.link.link import Link
from gateway.modem.recover.power import Place, PowerError, rebind, run_power_command
from gateway.modem.rung import Rung
from gateway.modem.settings import ModemSettings

log = structlog.get_logger(__name__)

RADIO_PAUSE: Final = 2.0
"""Seconds between radio off and on; the network is told of a leave, and the SIM is left alone."""

ANSWER: Final = 15.0
"""Seconds for one command; leaving a network takes some, and a modem that hangs says nothing."""

DEPARTURE: Final = 10.0
"""Seconds from a restart's OK until its port goes; one on a serial line never does."""


class NotTakenError(ModemError):
    """The modem refused every command of a rung."""


Opened = Callable[[], AbstractAsyncContextManager[Link]]
"""Opens the modem's port, and closes it in the end."""


class Resets:
    """Carries out rungs for one modem; opens its port by itself, while nobody else has it."""

    def __init__(self, settings: ModemSettings, opened: Opened) -> None:
        self._settings = settings
        self._opened = opened

    async def take(self, rung: Rung, commands: Commands, place: Place) -> None:
        """Do what a rung asks for; nothing for those that every connection does.

        Raises:
            ModemError: it could not be done.
        """
        if rung is Rung.RADIO:
            await self._radio(commands.radio)
        elif rung is Rung.RESTART:
            await self._restart(commands.restart)
        elif rung is Rung.POWER:
            await self._power(place)

    async def _radio(self, commands: Sequence[str]) -> None:
        """Turn the radio off and on, and see at once whether the modem answers."""
        async with self._opened() as link:
            await _wake(link)
            for command in commands:
                await link.shout(command, ANSWER)
                await asyncio.sleep(RADIO_PAUSE)
            async with link.turn():
                pass

    async def _restart(self, commands: Sequence[str]) -> None:
        """Try the commands until one is taken: an OK, or a port that goes."""
        async with self._opened() as link:
            await _wake(link)
            silent = False
            for command in commands:
                answer = await link.shout(command, ANSWER)
                if link.lost or (answer is not None and answer.ok):
                    log.info("restart_taken", modem=link.name, command=command)
                    return await self._see_it_go(link)
                silent = silent or answer is None
        if silent:
            return None  # A stick that hangs restarts without a word: its next start tells.
        raise NotTakenError("no restart command was taken")

    async def _see_it_go(self, link: Link) -> None:
        try:
            async with asyncio.timeout(DEPARTURE):
                await link.wait_lost()
        except TimeoutError:
            log.info("port_stays", modem=link.name, after=DEPARTURE)

    async def _power(self, place: Place) -> None:
        """Do whatever the operator allows; one way that works is enough."""
        ways: list[Callable[[], Awaitable[None]]] = []
        if self._settings.usb_reset:
            ways.append(partial(rebind, place, self._settings.sysfs))
        if command := self._settings.power_command:
            ways.append(partial(run_power_command, command, place))
        if not any([await self._cut(way) for way in ways]):
            raise PowerError("no way to cut the power worked")

    async def _cut(self, way: Callable[[], Awaitable[None]]) -> bool:
        try:
            await way()
        except PowerError as error:
            log.warning("power_not_cut", modem=self._settings.name, error=str(error))
            return False
        return True


async def _wake(link: Link) -> None:
    """Give a modem that sleeps its first command to swallow (MODEMS.md 1.11)."""
    await link.shout("AT", limits.PROBE)
