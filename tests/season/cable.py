"""A whole simulated modem in memory: the driver at one end, the simulator at the other."""

from __future__ import annotations

import asyncio

from hardware.simulator.device import Device
from hardware.simulator.faults import Faults
from hardware.simulator.modem import Modem
from hardware.simulator.network import Line
from hardware.simulator.settings import ModemSettings
from hardware.simulator.sim import identity
from season.network import HOME, SUBMIT_SECONDS, Network


class Plug(asyncio.Transport):
    """The gateway's end: what is written goes to the modem."""

    def __init__(self, modem: Modem, protocol: asyncio.Protocol) -> None:
        super().__init__()
        self.protocol = protocol
        self._modem = modem
        self._closing = False
        protocol.connection_made(self)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._modem.receive(bytes(data))

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        assert isinstance(protocol, asyncio.Protocol)
        self.protocol = protocol

    def is_closing(self) -> bool:
        return self._closing

    def abort(self) -> None:
        if not self._closing:
            self._closing = True
            asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)


class Cable:
    """The simulator's end: a modem with its SIM, whose words go to whoever has the port open."""

    def __init__(self, place: int, network: Network) -> None:
        loop = asyncio.get_running_loop()
        name, faults = f"m{place}", Faults("season")
        self.sim = Line(name=name, faults=faults, journal=network, timers=loop, clock=network.clock)
        settings = ModemSettings(home=f"{HOME}15", submit_latency=SUBMIT_SECONDS, report_delay=4.0)
        device = Device(
            identity=identity(place, settings.home), line=self.sim, faults=faults, settings=settings
        )
        self.modem = Modem(name=name, device=device, journal=network, timers=loop, cable=self)
        self.modem.power_on()
        self._plug: Plug | None = None

    async def open(self, port: str, protocol: asyncio.Protocol, *, baudrate: int) -> None:
        """Open the port; see `gateway.modem.port.transport.Opener`."""
        self._plug = Plug(self.modem, protocol)

    def write(self, octets: bytes) -> None:
        """Carry what the modem says; see `hardware.simulator.mode.Cable`."""
        asyncio.get_running_loop().call_soon(self._say, octets)

    def _say(self, octets: bytes) -> None:
        if self._plug is not None and not self._plug.is_closing():
            self._plug.protocol.data_received(octets)

    def vanish(self, back_after: float | None) -> None:
        """Nobody pulls it out here."""
        raise NotImplementedError
