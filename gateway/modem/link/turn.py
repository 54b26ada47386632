"""What the holder of a port may do with it: ask, and submit.

A turn is obtained from `gateway.modem.link.link.Link.turn` and is worth nothing afterwards.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final

from gateway.at import Answer, request
from gateway.domain.errors import CommandTimeoutError, LinkLostError
from gateway.modem.link import limits
from gateway.modem.link.exchange import Exchange

if TYPE_CHECKING:
    from gateway.modem.link.link import Link

CTRL_Z: Final = b"\x1a"
ESCAPE: Final = b"\x1b"
"""Leaves a prompt without sending. Ctrl-Z would send half a message (MODEMS.md 2.5)."""


class Turn:
    """The right to write to a port."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def command(
        self,
        text: str,
        *also: str,
        limit: float = limits.COMMAND,
        settle: float | None = None,
    ) -> Answer:
        """Write a command and return its answer, whatever its final result is.

        Args:
            text: the command, without its carriage return.
            also: further prefixes that its answer may have, see `gateway.at.request`.
            limit: seconds until its final result must be there.
            settle: seconds after its last line in which an OK that some modems leave out counts
                as given; None waits for it.

        Raises:
            CommandTimeoutError: no final result within the limit.
            LinkLostError: the link was lost.
        """
        exchange = self._link.begin(request(text, *also), settle)
        try:
            async with asyncio.timeout(limit):
                return await exchange.answer()
        except TimeoutError:
            name = text.partition("=")[0]
            raise CommandTimeoutError(f"{name} was not answered within {limit:g} s") from None
        finally:
            self._link.end(exchange)

    @asynccontextmanager
    async def submission(self, length: int) -> AsyncIterator[Submission]:
        """Write ``AT+CMGS`` for a PDU of ``length`` octets and go through its steps.

        Raises:
            LinkLostError: the link was lost.
        """
        exchange = self._link.begin(request(f"AT+CMGS={length}", prompt=True), None)
        try:
            yield Submission(self._link, exchange)
        finally:
            self._link.end(exchange)


class Submission:
    """The steps of one ``AT+CMGS`` (3GPP TS 27.005 clause 4.3)."""

    def __init__(self, link: Link, exchange: Exchange) -> None:
        self._link = link
        self._exchange = exchange

    async def prompt(self) -> Answer | None:
        """Wait for the prompt; return the final result that came instead, if one did.

        Raises:
            CommandTimeoutError: neither came within `limits.PROMPT`.
            LinkLostError: the link was lost.
        """
        try:
            async with asyncio.timeout(limits.PROMPT):
                await self._exchange.prompt()
        except TimeoutError:
            raise CommandTimeoutError(f"no prompt within {limits.PROMPT:g} s") from None
        return await self._exchange.answer() if self._exchange.result else None

    async def write(self, pdu: str, *, piece: int = 0, pause: float = 0.0) -> None:
        """Write the PDU without its Ctrl-Z; stop when the modem has given up.

        Args:
            pdu: hexadecimal digits.
            piece: how many of them are written at once; 0: all.
            pause: seconds between two pieces.

        Raises:
            LinkLostError: the link is lost.
        """
        self._link.begin_pdu(pdu)
        size = piece or len(pdu)
        for at in range(0, len(pdu), size):
            if at:
                await asyncio.sleep(pause)
            if self._exchange.result is not None:
                return
            self._link.write(pdu[at : at + size].encode())

    def refused(self) -> Answer | None:
        """Return the result of a modem that gave up by itself before the Ctrl-Z."""
        result = self._exchange.result
        return Answer(lines=(), result=result) if result else None

    def escape(self) -> None:
        """Leave the prompt: nothing is sent. Harmless on a lost link."""
        self._exchange.untidy = True
        with suppress(LinkLostError):
            self._link.write(ESCAPE)

    def send(self) -> None:
        """Write Ctrl-Z: from here on it may be sent.

        Raises:
            LinkLostError: the link is lost; Ctrl-Z was not written.
        """
        # A reference that came before the Ctrl-Z is a late one, of a submit before.
        for line in self._exchange.expect(limits.REFERENCE_SETTLES):
            self._link.pass_on(line)
        self._link.write(CTRL_Z)

    async def outcome(self, limit: float) -> Answer:
        """Wait for the answer to Ctrl-Z and write nothing meanwhile.

        Raises:
            CommandTimeoutError: there was none within ``limit`` seconds.
            LinkLostError: the link was lost.
        """
        try:
            async with asyncio.timeout(limit):
                return await self._exchange.answer()
        except TimeoutError:
            raise CommandTimeoutError(f"no result within {limit:g} s of Ctrl-Z") from None
