"""A modem for the tests of other layers: outcomes by script, no port.

It keeps the contract of `gateway.modem.Modem`: the intent is awaited before the outcome unless the
script refuses early, and a lost modem sends nothing.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from gateway.domain.clock import SystemClock
from gateway.domain.errors import ModemError, NotSentError
from gateway.domain.failpoint import Failpoint, reach
from gateway.domain.failures import NO_CODES, VendorCodes
from gateway.domain.ids import LineId, ModemName
from gateway.modem.alarms import Alarms
from gateway.modem.modem import Identity, Intent, Submitted
from gateway.sms import EncodedPdu


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What becomes of one submit."""

    reference: int | None = None
    """TP-MR of an accepted one."""
    error: ModemError | None = None
    """Raised instead."""
    early: bool = False
    """The error comes before the intent, as a refusal of AT+CMGS does."""
    seconds: float = 0.0
    """From Ctrl-Z to the outcome."""


class FakeModem:
    """Implements `gateway.modem.Modem`.

    Attributes:
        script: what becomes of the next submits; when it is empty they are accepted, with
            references that count up and wrap at 256.
        codes: what its vendor means by a code.
        alarms: what is on.
        home_network: the mobile country code of its SIM.
        written: every PDU whose intent was committed, as the network saw it.
    """

    def __init__(self, name: str = "fake", line: str = "8944100000000000001") -> None:
        self.script: deque[Step] = deque()
        self.written: list[EncodedPdu] = []
        self.codes: VendorCodes = NO_CODES
        self.alarms = Alarms(ModemName(name), SystemClock())
        self.home_network: str | None = "001"
        self._name = ModemName(name)
        self._line = LineId(line)
        self._reference = -1
        self._lost = asyncio.Event()
        self._turn = asyncio.Lock()

    @property
    def name(self) -> ModemName:
        """Its name in the configuration."""
        return self._name

    @property
    def identity(self) -> Identity:
        """Who it says it is."""
        return Identity(imei="490154203237518", manufacturer="Shopbell", model="Fake")

    @property
    def line(self) -> LineId:
        """The SIM in it."""
        return self._line

    @property
    def operator(self) -> str | None:
        """A network of its own."""
        return "Fake"

    @property
    def home(self) -> str | None:
        """The test network, unless a test says otherwise."""
        return self.home_network

    @property
    def lost(self) -> bool:
        """True after `lose`."""
        return self._lost.is_set()

    async def wait_lost(self) -> None:
        """Return after `lose`."""
        await self._lost.wait()

    def lose(self) -> None:
        """Unplug it."""
        self._lost.set()

    async def submit(self, pdu: EncodedPdu, intent: Intent) -> Submitted:
        """Do what the script says."""
        async with self._turn:
            step = self._next()
            if step.error is not None and step.early:
                raise step.error
            reach(Failpoint.PDU_WRITTEN)
            await intent()
            self.written.append(pdu)
            reach(Failpoint.CTRL_Z_WRITTEN)
            await asyncio.sleep(step.seconds)
            if step.error is not None:
                raise step.error
            return Submitted(reference=step.reference)

    def _next(self) -> Step:
        if self.lost:
            return Step(error=NotSentError("the port was closed"), early=True)
        if self.script:
            return self.script.popleft()
        self._reference = (self._reference + 1) % 256
        return Step(reference=self._reference)
