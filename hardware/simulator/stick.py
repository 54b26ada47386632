"""A modem in a socket: the modem, its port, and the hand that pulls it out and puts it back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from hardware.simulator.closing import Closings
from hardware.simulator.device import Device
from hardware.simulator.faults import Fault, FaultName
from hardware.simulator.log import Event, Journal
from hardware.simulator.mode import Mode
from hardware.simulator.modem import Modem
from hardware.simulator.network import Inbound, Report
from hardware.simulator.port import Port
from hardware.simulator.sim import identity
from hardware.simulator.usb import Bus, UsbPort


class Stick:
    """One place of the bank."""

    def __init__(
        self,
        *,
        name: str,
        profile: str | None = None,
        link: Path,
        device: Device,
        journal: Journal,
        closings: Closings,
        loop: asyncio.AbstractEventLoop,
        bus: Bus | None = None,
    ) -> None:
        self.name = name
        self.profile = profile
        """The kind of stick; none: it obeys the specifications."""
        self.device = device
        self._journal = journal
        self._loop = loop
        self.modem = Modem(name=name, device=device, journal=journal, timers=loop, cable=self)
        if bus is None:
            self.port = Port(link, self.modem.receive, closings, left=self.modem.reopened)
        else:
            self.port = UsbPort(link, self.modem, journal, closings, bus)
        self._returning: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Be there; silent for the boot time."""
        boot = self.device.settings.boot
        self.port.open()
        self.modem.power_on(boot, cold=bool(boot))

    def stop(self) -> None:
        """Be gone for good, without a word in the log."""
        self._cancel_return()
        self.modem.power_off()
        self.port.close()

    def write(self, octets: bytes) -> None:
        """Carry octets to the host."""
        self.port.write(octets)

    def vanish(self, back_after: float | None) -> None:
        """Be pulled out; with ``back_after`` put back after so many seconds."""
        if self.modem.mode is not Mode.OFF:
            self._journal.write(self.name, Event.UNPLUGGED)
        self.stop()
        if back_after is not None:
            self._returning = self._loop.call_later(back_after, self.put_back)

    def put_back(self) -> None:
        """Return, under another pts; starts as after power-on."""
        self._cancel_return()
        if self.modem.mode is not Mode.OFF:
            return
        self._journal.write(self.name, Event.RETURNED)
        self.port.open()
        self.modem.power_on(self.device.boot, cold=True)

    def eject(self) -> None:
        """Take the SIM out."""
        if not self.device.faults.peek(FaultName.NO_SIM):
            self.device.faults.arm(Fault(name=FaultName.NO_SIM))
        self.modem.say("+CPIN: NOT READY")

    def insert(self, sim: int | None) -> None:
        """Put the SIM back, or the one of another number."""
        if sim is not None:
            other = identity(sim, self.device.settings.home)
            self.device.identity = replace(other, imei=self.device.identity.imei)
        self.device.faults.clear(FaultName.NO_SIM)
        self.modem.insert()

    def hang_up(self) -> None:
        """Drop the host and be there again at once under another pts; the modem keeps running."""
        if self.modem.mode is Mode.OFF:
            return
        self._journal.write(self.name, Event.HANGUP)
        self.port.close()
        self.port.open()

    def _cancel_return(self) -> None:
        if self._returning is not None:
            self._returning.cancel()
            self._returning = None

    def state(self) -> dict[str, object]:
        """What it is and how it is, as JSON has it."""
        identity, line = self.device.identity, self.device.line
        return {
            "profile": self.profile,
            "port": self.port.device,
            "mode": self.modem.mode.value,
            "imei": identity.imei,
            "iccid": identity.iccid,
            "number": identity.number,
            "accepted": line.accepted,
            "reports_waiting": line.waiting(Report),
            "inbound_waiting": line.waiting(Inbound),
            "stored": {name: memory.used for name, memory in self.device.memories.items()},
            "faults": [
                {
                    "name": fault.name.value,
                    "value": fault.value,
                    "count": fault.count,
                    "probability": fault.probability,
                }
                for fault in self.device.faults.listing()
            ],
        }
