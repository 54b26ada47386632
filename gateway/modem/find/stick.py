"""Opening a stick by where it is plugged in: whichever of its ports takes commands.

The other ports that do are kept open beside it (`gateway.modem.find.chorus`).
What was found out about the ports holds for as long as the stick stays plugged in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog

from gateway.domain.errors import LinkLostError
from gateway.modem.find.chorus import Chorus
from gateway.modem.find.discovery import best, ports_to_try, profile_of
from gateway.modem.find.knock import Knock, knock_on
from gateway.modem.known.profile import Profile
from gateway.modem.port.transport import Opener, PortMissingError, PortTakenError, open_port
from gateway.modem.port.usb import UsbPort, UsbStick

log = structlog.get_logger(__name__)

USB_SCHEME: Final = "usb:"
"""Before a USB path it makes the port of a stick that was found, such as ``usb:1-1.2``."""

KNOWN: Final = 3.0
"""Seconds for the port found before to answer AT; then the others are tried as well."""

Look = Callable[[], Awaitable[UsbStick | None]]
"""Shows a stick as it is plugged in now."""


class StickOpener:
    """Opens one stick; implements `gateway.modem.port.transport.Opener`."""

    def __init__(self, look: Look, opener: Opener = open_port) -> None:
        """Open what ``look`` shows: the stick as it is plugged in now, None while it is not."""
        self._look = look
        self._opener = opener
        self._plugged: UsbStick | None = None
        self._chosen: UsbPort | None = None
        self._silent: set[UsbPort] = set()

    async def __call__(self, port: str, protocol: asyncio.Protocol, *, baudrate: int) -> None:
        """Open the best of the stick's ports for a protocol.

        Raises:
            PortMissingError: the stick is not plugged in.
            PortTakenError: another program has one of its ports.
            LinkLostError: no port can be opened, or none answers.
        """
        stick = await self._look()
        if stick != self._plugged:
            self._plugged, self._chosen, self._silent = stick, None, set()
        if stick is None:
            raise PortMissingError(f"there is no stick at {port}")
        profile = profile_of(stick)
        ports = [port for port in ports_to_try(stick, profile.ports) if port not in self._silent]
        if not ports:
            raise LinkLostError(f"the stick at {port} has no port for commands")
        if len(ports) == 1:
            await self._opener(str(ports[0].device), protocol, baudrate=baudrate)
        else:
            await self._find(ports, profile, protocol, baudrate)

    async def _find(
        self, ports: Sequence[UsbPort], profile: Profile, protocol: asyncio.Protocol, baudrate: int
    ) -> None:
        """Knock on the ports, hand over the best and keep the others that answer beside it."""
        ports = sorted(ports, key=lambda port: port != self._chosen)
        patience = profile.start.boot if self._chosen is None else KNOWN
        knocks: list[Knock] = []
        try:
            await self._open(ports, knocks, baudrate)
            await knock_on(knocks, patience=patience, certain=self._chosen is not None)
            chosen = self._choose(knocks)
            others = [k for k in knocks if k is not chosen and k.trial.port not in self._silent]
            chosen.hand_over(Chorus(protocol, others) if others else protocol)
            knocks = [knock for knock in knocks if knock not in others]
        finally:
            for knock in knocks:
                knock.close()

    async def _open(self, ports: Sequence[UsbPort], knocks: list[Knock], baudrate: int) -> None:
        """Open ports to knock on; one that cannot be opened is left out, unless all are."""
        failure: LinkLostError | None = None
        for port in ports:
            knock = Knock(port)
            try:
                await self._opener(str(port.device), knock, baudrate=baudrate)
            except PortTakenError:
                raise
            except LinkLostError as error:
                failure = error
            else:
                knocks.append(knock)
        if failure is not None and not knocks:
            raise failure

    def _choose(self, knocks: Sequence[Knock]) -> Knock:
        """Return the best; the one found before where none answers: its driver may wake it."""
        trials = [knock.trial for knock in knocks]
        found = best(trials)
        if found is None and trials[0].port == self._chosen:
            return knocks[0]
        if found is None:
            raise LinkLostError(f"none of the stick's {len(knocks)} ports answers")
        if found.port != self._chosen:
            self._note(found.port, [trial.port for trial in trials if not trial.answers])
        return knocks[trials.index(found)]

    def _note(self, chosen: UsbPort, silent: Sequence[UsbPort]) -> None:
        self._chosen = chosen
        self._silent.update(silent)
        log.info(
            "port_chosen",
            port=str(chosen.device),
            interface=chosen.interface,
            silent=[port.interface for port in silent],
        )
