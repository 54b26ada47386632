"""The supervisors that there are: one for each named modem, and one for each stick that is found.

Runs them and looks at the sticks once a second. A folder is listed rather than udev listened to:
a container has sysfs and rarely udev or the kernel's events, and a look costs a millisecond.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import structlog

from gateway.domain.ids import AUTO_PORT
from gateway.modem.find.discovery import modem_name, named_paths, settled, unnamed
from gateway.modem.find.stick import USB_SCHEME, StickOpener
from gateway.modem.port.transport import Opener, open_port
from gateway.modem.port.usb import UsbStick, sticks
from gateway.modem.settings import ModemSettings
from gateway.modem.supervisor import SERVE_GRACE, Supervisor

log = structlog.get_logger(__name__)

LOOK: Final = 1.0
"""Seconds between two looks at the sticks; one is in use two looks after it was plugged in."""

LEAVE: Final = 1.5 * SERVE_GRACE
"""Seconds in which a supervisor that is retired ends by itself; one that pauses is cancelled."""

Make = Callable[[ModemSettings, Opener], Supervisor]
"""Makes the supervisor of a modem that is opened by the opener."""


@dataclass(frozen=True, slots=True)
class _Found:
    """The modem of a stick that was found; it stays when the stick goes, and waits for it."""

    supervisor: Supervisor
    running: asyncio.Task[None]


class Rack:
    """Keeps every modem of a gateway in service."""

    def __init__(
        self, modems: Sequence[ModemSettings], make: Make, opener: Opener = open_port
    ) -> None:
        """Take the modems of the configuration, of which one at most has the port `AUTO_PORT`."""
        self._named = [modem for modem in modems if modem.port != AUTO_PORT]
        self._auto = next((modem for modem in modems if modem.port == AUTO_PORT), None)
        self._make = make
        self._opener = opener
        self._fixed = [make(modem, opener) for modem in self._named]
        self._found: dict[str, _Found] = {}
        self._seen: tuple[UsbStick, ...] = ()
        self._plugged: dict[str, UsbStick] = {}

    @property
    def supervisors(self) -> tuple[Supervisor, ...]:
        """Those that there are now: first the named ones, then the found ones."""
        return (*self._fixed, *(found.supervisor for found in self._found.values()))

    async def run(self) -> None:
        """Run them until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for supervisor in self._fixed:
                _start(tasks, supervisor)
            if self._auto is not None:
                await self._discover(tasks, self._auto)

    async def _discover(self, tasks: asyncio.TaskGroup, entry: ModemSettings) -> None:
        failing = False
        while True:
            try:
                await self._look(tasks, entry)
                failing = False
            except Exception:
                if not failing:
                    log.exception("look_at_sticks_failed")
                failing = True
            await asyncio.sleep(LOOK)

    async def _look(self, tasks: asyncio.TaskGroup, entry: ModemSettings) -> None:
        # In a thread: the kernel may hold who reads of a stick while that stick is being reset.
        seen, named = await asyncio.to_thread(self._read, entry)
        free = unnamed(seen, named)
        self._plugged = settled(self._seen, free)
        self._seen = free
        for path in self._found.keys() & named:
            self._release(tasks, path)
        for path, stick in self._plugged.items():
            if path not in self._found:
                self._take(tasks, entry, stick)

    def _read(self, entry: ModemSettings) -> tuple[tuple[UsbStick, ...], frozenset[str]]:
        ports = (modem.port for modem in self._named)
        return sticks(entry.sysfs), named_paths(ports, entry.sysfs)

    def _take(self, tasks: asyncio.TaskGroup, entry: ModemSettings, stick: UsbStick) -> None:
        settings = replace(
            entry, name=modem_name(entry.name, stick), port=f"{USB_SCHEME}{stick.path}"
        )
        opener = StickOpener(partial(self._stick_at, stick.path, entry.sysfs), self._opener)
        supervisor = self._make(settings, opener)
        self._found[stick.path] = _Found(supervisor, _start(tasks, supervisor))
        log.info("stick_found", modem=settings.name, usb=stick.id, product=stick.product)

    def _release(self, tasks: asyncio.TaskGroup, path: str) -> None:
        """Leave a stick to the entry that has turned out to name it."""
        found = self._found.pop(path)
        name = found.supervisor.status.name
        log.info("stick_left_to_its_entry", modem=name)
        tasks.create_task(_see_off(found), name=f"leave-{name}")

    async def _stick_at(self, path: str, sysfs: Path) -> UsbStick | None:
        """Return a settled stick as it is at this moment: its tty may be another stick's by now."""
        stick = self._plugged.get(path)
        if stick is None or stick not in await asyncio.to_thread(sticks, sysfs):
            return None
        return stick


async def _see_off(found: _Found) -> None:
    """End a supervisor; what is at its modem is first written down, since nobody else would."""
    found.supervisor.retire("the stick is left to its entry")
    await asyncio.wait({found.running}, timeout=LEAVE)
    found.running.cancel()


def _start(tasks: asyncio.TaskGroup, supervisor: Supervisor) -> asyncio.Task[None]:
    return tasks.create_task(supervisor.run(), name=f"modem-{supervisor.status.name}")
