"""Trying the ports of one stick: AT on all of them at once, and listening to what comes back."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from gateway.at import Ended, Parser, Unsolicited, request
from gateway.domain.errors import LinkLostError
from gateway.modem.find.discovery import Trial
from gateway.modem.link import limits
from gateway.modem.link.turn import ESCAPE
from gateway.modem.port.usb import UsbPort

OTHERS: Final = 5.0
"""Seconds that all ports get, to answer and to say something, once one has answered; sticks that
talk of their signal do so every few seconds."""

_MOST_SAID: Final = 64
"""Lines kept of what came in by itself meanwhile."""

_MOST_HEARD: Final = 16_384
"""Octets kept of a port that is tried; what positions and diagnostics stream is of no use."""


class Knock(asyncio.Protocol):
    """One port that is being tried.

    Attributes:
        lost: it was closed from the other end.
    """

    def __init__(self, port: UsbPort) -> None:
        self.lost = False
        self._port = port
        self._transport: asyncio.Transport | None = None
        self._parser = Parser()
        self._heard = bytearray()
        self._answered = asyncio.Event()
        self._said: deque[Unsolicited] = deque(maxlen=_MOST_SAID)
        self._listener: Callable[[Unsolicited], None] = self._said.append

    @property
    def trial(self) -> Trial:
        """What has come of it so far."""
        return Trial(port=self._port, answers=self._answered.is_set(), speaks=bool(self._said))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the open port, and leave a prompt that may be open in it."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 -- ports are no datagrams
        self._transport = transport
        transport.write(ESCAPE + b"\r")

    def data_received(self, data: bytes) -> None:
        """Take what the port says."""
        if len(self._heard) < _MOST_HEARD:
            self._heard += data
        for event in self._parser.feed(data):
            if isinstance(event, Ended) and event.result.ok:
                self._answered.set()
            elif isinstance(event, Unsolicited) and event.name:
                self._listener(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """Learn that the port is closed."""
        self.lost = True

    def knock(self) -> None:
        """Write AT, unless it was answered."""
        if self._transport is None or self.lost or self._answered.is_set():
            return
        self._parser.begin(request("AT"))
        self._transport.write(b"AT\r")

    async def answered(self, patience: float) -> bool:
        """Wait for an answer, at most ``patience`` seconds; return whether there is one."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._answered.wait()
        return self._answered.is_set()

    def hand_over(self, protocol: asyncio.Protocol) -> None:
        """Give the open port to whom it is for, with what came in meanwhile.

        Raises:
            LinkLostError: it was closed from the other end.
        """
        if self._transport is None or self.lost:
            raise LinkLostError(f"{self._port.device} was closed while it was tried")
        transport, self._transport = self._transport, None
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        protocol.data_received(bytes(self._heard))

    def listen(self, listener: Callable[[Unsolicited], None]) -> None:
        """Tell from now on what comes in on this port, and what has come in before."""
        self._listener = listener
        for said in self._said:
            listener(said)

    def close(self) -> None:
        """Close the port, unless it was handed over."""
        if self._transport is not None:
            self._transport.abort()


async def knock_on(knocks: Sequence[Knock], *, patience: float, certain: bool) -> None:
    """Knock on open ports until the best can be told.

    Args:
        knocks: in the order in which they are preferred.
        patience: seconds for the first answer; a stick that boots swallows what is written.
        certain: when the first one answers, nothing better is to be found.
    """
    loop = asyncio.get_running_loop()
    end, told = loop.time() + patience, False
    while loop.time() < end and not all(knock.lost for knock in knocks):
        for knock in knocks:
            knock.knock()
        if await knocks[0].answered(limits.PROBE) and certain:
            return
        if not told and any(knock.trial.answers for knock in knocks):
            told, end = True, min(end, loop.time() + OTHERS)
        if knocks[0].trial.answers:
            await asyncio.sleep(limits.PROBE)
