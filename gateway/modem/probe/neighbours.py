"""The other tty of a stick: which of them take commands, and which say what comes in."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from gateway.domain.errors import LinkLostError
from gateway.modem.known.profile import Profile
from gateway.modem.link.link import Link, Listener
from gateway.modem.port.transport import Opener
from gateway.modem.port.usb import UsbStick
from gateway.modem.probe.findings import PortFinding, PortRole

BAUDRATE: Final = 115_200

WAIT: Final = 3.0
"""Seconds for an answer of one of several tty; the stick itself has booted by then."""


class Neighbours:
    """The tty beside the one that is probed.

    Args:
        device: the one that is probed.
        opener: opens the others.
        listener: gives for each device what takes the lines that it says by itself.
    """

    def __init__(self, device: str, opener: Opener, listener: Callable[[str], Listener]) -> None:
        self._device = os.path.realpath(device)
        self._opener = opener
        self._listener = listener

    @asynccontextmanager
    async def watched(
        self, stick: UsbStick | None, profile: Profile
    ) -> AsyncIterator[list[PortFinding]]:
        """Open every tty that may be opened, and listen there for the time of the context.

        Gives what each does; nothing where there is only one.
        """
        ports = stick.ports if stick is not None and len(stick.ports) > 1 else ()
        links: list[Link] = []
        try:
            found = []
            for port in ports:
                device = str(port.device)
                finding = PortFinding(device=device, interface=port.interface, role=PortRole.PROBED)
                found.append(await self._look_at(finding, links, profile))
            yield found
        finally:
            for link in links:
                await link.close()

    async def _look_at(self, port: PortFinding, links: list[Link], profile: Profile) -> PortFinding:
        if port.device == self._device:
            return port
        if port.interface in profile.ports.never:
            return replace(port, role=PortRole.LEFT)
        link = Link(port.device, self._listener(port.device))
        links.append(link)
        try:
            await self._opener(port.device, link, baudrate=BAUDRATE)
        except LinkLostError as error:
            return replace(port, role=PortRole.BUSY, detail=str(error))
        try:
            await link.start(WAIT)
        except LinkLostError:
            return replace(port, role=PortRole.SILENT)
        return replace(port, role=PortRole.ANSWERS)
