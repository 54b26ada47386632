"""A bank of modems in a directory: ``modem0`` …, the log, and the control socket.

This is the simulator's composition root: everything is opened here, and closed in order.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from hardware.simulator.closing import Closings
from hardware.simulator.device import Device
from hardware.simulator.errors import ControlError
from hardware.simulator.faults import Faults, parse_fault
from hardware.simulator.log import Clock, FileJournal, utc_now
from hardware.simulator.network import Line
from hardware.simulator.personality import Personality, load
from hardware.simulator.server import ControlServer
from hardware.simulator.settings import BankSettings
from hardware.simulator.sim import identity
from hardware.simulator.stick import Stick
from hardware.simulator.sysfs import Sysfs
from hardware.simulator.usb import Bus

LOG_NAME = "log.jsonl"
SOCKET_NAME = "control.sock"
SYSFS_NAME = "sys"


class Bank:
    """Simulated modems on pseudo-terminals, there for as long as the ``async with``.

    Raises:
        ControlError: the directory's path is too long for a Unix socket.
        FaultError: a fault of the settings does not exist.
        PersonalityError: a kind of stick of the settings does not exist.
        OSError: the directory cannot be written, or no more pseudo-terminals can be had.
    """

    def __init__(
        self, directory: Path, settings: BankSettings | None = None, *, clock: Clock = utc_now
    ) -> None:
        self.directory = directory
        self.settings = settings or BankSettings()
        self.log = self.settings.log or directory / LOG_NAME
        self.socket = directory / SOCKET_NAME
        self.sticks: dict[str, Stick] = {}
        self._clock = clock
        self._sysfs: Sysfs | None = None
        self._open = AsyncExitStack()

    @property
    def ports(self) -> list[Path]:
        """The symlinks, in order."""
        return [stick.port.link for stick in self.sticks.values()]

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opening:
            self.directory.mkdir(parents=True, exist_ok=True)
            if self.settings.usb:
                self._sysfs = Sysfs(self.directory / SYSFS_NAME)
            journal = FileJournal(self.log, self._clock)
            opening.callback(journal.close)
            closings = Closings()
            opening.callback(closings.stop)
            for index in range(self.settings.modems):
                stick = self._stick(index, journal, closings)
                self.sticks[stick.name] = stick
                opening.callback(stick.stop)
                stick.start()
            await opening.enter_async_context(ControlServer(self.socket, self))
            self._open = opening.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._open.aclose()

    def _stick(self, index: int, journal: FileJournal, closings: Closings) -> Stick:
        name = f"modem{index}"
        loop = asyncio.get_running_loop()
        faults = Faults(f"{self.settings.seed}:{name}")
        for text in self.settings.faults:
            faults.arm(parse_fault(text))
        profiles = self.settings.profiles
        profile = profiles[index % len(profiles)] if profiles else None
        line = Line(name=name, faults=faults, journal=journal, timers=loop, clock=self._clock)
        device = Device(
            identity=identity(index, self.settings.modem.home),
            line=line,
            faults=faults,
            settings=self.settings.modem,
            personality=load(profile) if profile else Personality(),
        )
        return Stick(
            name=name,
            profile=profile,
            link=self.directory / name,
            device=device,
            journal=journal,
            closings=closings,
            loop=loop,
            bus=self._bus(index),
        )

    def _bus(self, index: int) -> Bus | None:
        return None if self._sysfs is None else Bus(sysfs=self._sysfs, path=f"1-1.{index + 1}")

    def choose(self, name: str) -> Iterable[Stick]:
        """The stick of a name, or all of them for ``*``.

        Raises:
            ControlError: there is no such modem.
        """
        if name == "*":
            return self.sticks.values()
        if name not in self.sticks:
            raise ControlError(f"no modem is called {name!r}; there are {', '.join(self.sticks)}")
        return (self.sticks[name],)


async def run_bank(
    directory: Path, settings: BankSettings | None = None, *, ready: Callable[[Bank], None]
) -> None:
    """Keep a bank until SIGTERM or SIGINT.

    Args:
        directory: where ports, log and control socket go; made when missing.
        settings: how many modems, and how they behave.
        ready: called once, when every port is there.

    Raises:
        ControlError: the directory's path is too long for a Unix socket.
        OSError: the directory cannot be written, or no more pseudo-terminals can be had.
    """
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        async with Bank(directory, settings) as bank:
            ready(bank)
            await stop.wait()
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
