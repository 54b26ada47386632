"""A stick on the USB bus: the tty beside the one that its modem speaks on (MODEMS.md 6.2).

One takes commands and says what comes by itself: the bank's usual port. Others take commands and
say nothing by themselves, or never answer at all. How they are shown is `sysfs`'.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hardware.simulator.closing import Closings
from hardware.simulator.log import Journal
from hardware.simulator.mode import Mode
from hardware.simulator.modem import Modem
from hardware.simulator.personality.badge import Interface, Role, Usb
from hardware.simulator.port import Port
from hardware.simulator.sysfs import Node, Sysfs

BENCH = Usb(
    vendor="1209",
    product="0001",
    interfaces=(
        Interface(number=0, role=Role.DEAF),
        Interface(number=1, role=Role.OTHER),
        Interface(number=2, role=Role.AT),
    ),
)
"""Of a stick without a profile; the id is set apart for tests (pid.codes)."""

_SERIAL = "0123456789ABCDEF"
"""Of every stick alike, as cheap ones have it (MODEMS.md 6.5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bus:
    """Where a stick is plugged in."""

    sysfs: Sysfs
    """Where the bus is shown."""
    path: str
    """Bus and ports of the hubs on the way, such as ``1-1.2``."""


class DeafPort:
    """A tty that takes commands; what comes by itself is said on another."""

    def __init__(self, link: Path, modem: Modem, journal: Journal, closings: Closings) -> None:
        handset, line = modem, modem.device.line
        self._owner = modem
        self._modem = Modem(
            name=modem.name,
            device=modem.device,
            journal=journal,
            timers=asyncio.get_running_loop(),
            cable=self,
        )
        line.handset = handset
        self.port = Port(link, self._receive, closings)

    def open(self) -> None:
        """Appear."""
        self._modem.mode = Mode.COMMAND
        self.port.open()

    def write(self, octets: bytes) -> None:
        """Carry octets to the host."""
        self.port.write(octets)

    def vanish(self, back_after: float | None) -> None:
        """Take the whole stick along."""
        self._owner.vanish(back_after)

    def _receive(self, octets: bytes) -> None:
        if self._owner.mode not in (Mode.OFF, Mode.BOOTING):
            self._modem.receive(octets)


class UsbPort(Port):
    """The port of a stick together with those beside it."""

    def __init__(
        self,
        link: Path,
        modem: Modem,
        journal: Journal,
        closings: Closings,
        bus: Bus,
    ) -> None:
        super().__init__(link, modem.receive, closings, left=modem.reopened)
        self._bus = bus
        personality = modem.device.personality
        self._usb = personality.usb if personality.usb.interfaces else BENCH
        self._texts = {
            "idVendor": self._usb.vendor,
            "idProduct": self._usb.product,
            "serial": _SERIAL,
            "manufacturer": personality.badge.manufacturer[0],
            "product": personality.badge.model[0],
        }
        self._beside: dict[int, Port] = {}
        self._open_beside: list[Callable[[], None]] = []
        spoken = next(each for each in self._usb.interfaces if each.role is Role.AT)
        self._spoken = spoken.number
        for interface in self._usb.interfaces:
            if interface is not spoken:
                self._add(interface, modem, journal, closings)

    def _add(
        self, interface: Interface, modem: Modem, journal: Journal, closings: Closings
    ) -> None:
        link = self.link.with_name(f"{self.link.name}.{interface.number}")
        if interface.role is Role.OTHER:
            port = Port(link, lambda octets: None, closings)
            self._open_beside.append(port.open)
        else:
            deaf = DeafPort(link, modem, journal, closings)
            port = deaf.port
            self._open_beside.append(deaf.open)
        self._beside[interface.number] = port

    def open(self) -> None:
        """Appear, all of it, under other tty names than the last time."""
        super().open()
        for open_port in self._open_beside:
            open_port()
        ports = {self._spoken: self, **self._beside}
        nodes = [
            Node(interface=number, device=port.device)
            for number, port in sorted(ports.items())
            if port.device is not None
        ]
        self._bus.sysfs.plug(self._bus.path, self._texts, nodes, acm=self._usb.driver == "cdc_acm")

    def close(self) -> None:
        """Be gone, all of it."""
        self._bus.sysfs.unplug(self._bus.path)
        for port in self._beside.values():
            port.close()
        super().close()
