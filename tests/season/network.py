"""Modems whose other end is the simulator's own network, without the AT commands in between.

A quarter of a year of polling a stick would take longer than all that is sent in it. What counts
as sent is decided where it always is (`hardware.simulator.network`), which reads the PDUs with its
own eyes; `test_at` has a day with the whole dialogue.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from gateway.domain.ids import LineId
from gateway.modem import FakeModem, Intent, Submitted
from gateway.modem.receive.sink import ModemSink
from gateway.sms import EncodedPdu
from hardware.simulator.faults import Faults
from hardware.simulator.log import Event
from hardware.simulator.network import Envelope, Line, Report, Taken
from hardware.simulator.pdu import decode_submit
from hardware.simulator.settings import ModemSettings
from hardware.simulator.sim import identity

HOME: Final = "234"
"""The mobile country code of the SIMs: the United Kingdom's."""

SUBMIT_SECONDS: Final = 3.0
"""From Ctrl-Z to the answer, as most modems take."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sms:
    """A whole message on the network's log."""

    at: datetime
    """Of its last part."""
    line: str
    to: str
    text: str
    parts: int


class Network:
    """What the simulated network saw, joined to whole messages as a phone does.

    Attributes:
        sent: all messages, in order.
        deliver: called with each when it reaches its phone.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.sent: list[Sms] = []
        self.deliver: Callable[[Sms], None] = lambda sms: None
        self.clock = clock
        self.lines: dict[str, str] = {}
        """The line that wrote last to each number."""
        self.waiting: dict[tuple[str, str, int], dict[int, str]] = {}
        """Parts of messages that are not whole yet."""

    def write(self, modem: str, event: Event, **fields: Any) -> None:
        """Keep what was sent; the rest of the log is of no use here."""
        if event is not Event.ACCEPTED:
            return
        to, text, concat = fields["to"], fields["text"] or "", fields["concat"]
        if concat is None:
            self._whole(modem, to, text, 1)
            return
        parts = self.waiting.setdefault((modem, to, concat["ref"]), {})
        parts[concat["seq"]] = text
        if len(parts) == concat["total"]:
            del self.waiting[modem, to, concat["ref"]]
            self._whole(modem, to, "".join(parts[seq] for seq in sorted(parts)), len(parts))

    def _whole(self, modem: str, to: str, text: str, parts: int) -> None:
        sms = Sms(at=self.clock(), line=modem, to=to, text=text, parts=parts)
        self.sent.append(sms)
        self.lines[to] = modem
        self.deliver(sms)


class NetworkModem(FakeModem):
    """Hands PDUs to the simulated network, and what that brings to the gateway."""

    def __init__(self, place: int, network: Network, sink: Callable[[], ModemSink]) -> None:
        super().__init__(f"m{place}", line=identity(place).iccid)
        self.home_network = HOME
        self._sink = sink
        self._settings = ModemSettings(report_delay=4.0)
        self._bringing: set[asyncio.Task[None]] = set()
        self.sim = Line(
            name=f"m{place}",
            faults=Faults("season"),
            journal=network,
            timers=asyncio.get_running_loop(),
            clock=network.clock,
        )
        self.sim.handset = self

    async def submit(self, pdu: EncodedPdu, intent: Intent) -> Submitted:
        """Hand a PDU to the network, as the contract of `gateway.modem.Modem` has it."""
        async with self._turn:
            await intent()
            octets = bytes.fromhex(pdu.hex)
            tpdu = octets[1 + octets[0] :]
            taken = self.sim.submit(decode_submit(tpdu), pdu.hex, self._settings)
            await asyncio.sleep(SUBMIT_SECONDS)
            self.sim.report(taken)
            return Submitted(reference=taken.mr)

    def take(self, envelope: Envelope) -> Taken:
        """Bring something to the gateway; see `hardware.simulator.network.Handset`."""
        sink, line = self._sink(), LineId(self.line)
        bring = sink.report if isinstance(envelope, Report) else sink.message
        pdu = "00" + envelope.tpdu.hex().upper()
        task = asyncio.create_task(bring(line, pdu, len(envelope.tpdu)), name="bring")
        self._bringing.add(task)
        task.add_done_callback(self._bringing.discard)
        return Taken.YES
