"""USB sticks as the kernel shows them: which there are, and which tty is a part of which.

Read from sysfs, which needs neither root nor udev: a container has the first and rarely the second.
What a stick is used for is decided in `gateway.modem.find.discovery`.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SYSFS: Final = Path("/sys")
"""Where the kernel's own is mounted."""

LIMIT: Final = 10.0
"""Seconds for a look at sysfs; a reset takes two."""

_DEV: Final = Path("/dev")

_ROOT_HUB: Final = re.compile(r"/usb\d+/")
"""What the path of everything on a USB has in it (Linux, drivers/usb/core/hcd.c)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UsbPort:
    """One tty of a stick."""

    device: Path
    """Its node, such as ``/dev/ttyUSB2``; another one each time the stick is plugged in."""
    interface: int
    """``bInterfaceNumber``: which of the stick's functions it is, the same on every box."""
    number: tuple[int, int]
    """The node's major and minor number, by which it is known under any name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UsbStick:
    """A USB device that has at least one tty."""

    path: str
    """Where it is plugged in, such as ``1-1.2``: bus, then the port of each hub on the way."""
    id: str
    """Vendor and product in hexadecimal, such as ``12d1:1506``."""
    serial: str
    """Empty where it tells none; cheap sticks all tell the same one."""
    manufacturer: str
    product: str
    ports: tuple[UsbPort, ...]
    """In the order of their interfaces."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A tty and the folder of the USB device that it is a part of."""

    folder: Path
    port: UsbPort


def sticks(sysfs: Path = SYSFS) -> tuple[UsbStick, ...]:
    """Return the sticks that are plugged in, by their USB paths.

    A stick that goes while it is read may be missing or lack a port; the next look shows it as it
    is.

    Args:
        sysfs: where sysfs is mounted; without one there are no sticks.
    """
    found: dict[Path, list[UsbPort]] = defaultdict(list)
    for tty in _entries(sysfs / "class" / "tty"):
        if part := _part_of(tty):
            found[part.folder].append(part.port)
    return tuple(_stick(folder, found[folder]) for folder in sorted(found, key=_by_path))


def stick_of(path: str | Path, sysfs: Path = SYSFS) -> UsbStick | None:
    """Return the stick that a device node is a port of, or None where it is none of a stick.

    Args:
        path: the node under any name: symlinks are followed, and a node that a container gave
            another name is known by its number.
        sysfs: where sysfs is mounted.
    """
    real, number = _identify(Path(path))
    if number and not _on_a_bus(sysfs / "dev" / "char" / f"{number[0]}:{number[1]}"):
        return None
    for stick in sticks(sysfs):
        for port in stick.ports:
            if number == port.number or real == Path(os.path.realpath(port.device)):
                return stick
    return None


async def look_up(path: str, sysfs: Path = SYSFS) -> UsbStick | None:
    """Return what `stick_of` does; None also when the kernel does not answer in time.

    It holds who reads of a stick while that stick is being reset, so that a thread does.
    """
    try:
        async with asyncio.timeout(LIMIT):
            return await asyncio.to_thread(stick_of, path, sysfs)
    except TimeoutError:
        return None


def _entries(folder: Path) -> Iterator[Path]:
    try:
        yield from sorted(folder.iterdir())
    except OSError:
        return


def _part_of(tty: Path) -> _Found | None:
    """Climb from a tty to its USB device, past the interface that it belongs to."""
    if not _on_a_bus(tty):
        return None
    told = dict(line.partition("=")[::2] for line in _read(tty / "uevent").splitlines())
    if "DEVNAME" not in told:
        return None
    interface = 0
    start = Path(os.path.realpath(tty / "device"))
    for folder in (start, *start.parents):
        if number := _read(folder / "bInterfaceNumber"):
            interface = int(number, 16)
        if (folder / "idVendor").is_file():
            return _Found(folder, _port(told, interface))
    return None


def _on_a_bus(link: Path) -> bool:
    """Tell by one read of the link alone: a box has some 70 consoles, and looks are frequent."""
    try:
        return bool(_ROOT_HUB.search(str(link.readlink())))
    except OSError:
        return False


def _port(told: dict[str, str], interface: int) -> UsbPort:
    return UsbPort(
        device=_DEV / told["DEVNAME"],
        interface=interface,
        number=(int(told.get("MAJOR") or 0), int(told.get("MINOR") or 0)),
    )


def _stick(folder: Path, ports: list[UsbPort]) -> UsbStick:
    return UsbStick(
        path=folder.name,
        id=f"{_read(folder / 'idVendor')}:{_read(folder / 'idProduct')}".lower(),
        serial=_read(folder / "serial"),
        manufacturer=_read(folder / "manufacturer"),
        product=_read(folder / "product"),
        ports=tuple(sorted(ports, key=lambda port: (port.interface, port.device))),
    )


def _by_path(folder: Path) -> tuple[int, ...]:
    """Sort 1-2 before 1-10."""
    numbers = folder.name.replace("-", ".").split(".")
    return tuple(int(number) if number.isdecimal() else 0 for number in numbers)


def _identify(path: Path) -> tuple[Path, tuple[int, int] | None]:
    """Return the real path of a node and its number, which an ordinary file has not."""
    real = Path(os.path.realpath(path))
    try:
        number = real.stat().st_rdev
    except OSError:
        return real, None
    return real, (os.major(number), os.minor(number)) if number else None


def _read(file: Path) -> str:
    """Return what a file of sysfs says; empty where there is none, or the stick has just gone."""
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
