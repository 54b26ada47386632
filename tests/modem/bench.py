"""What surrounds a modem in these tests: its link, its driver and the sink that it fills."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from gateway.at import Unsolicited
from gateway.domain.clock import SystemClock
from gateway.domain.errors import StorageError
from gateway.domain.ids import LineId, ModemName
from gateway.modem import ModemSettings
from gateway.modem.alarms import Alarms
from gateway.modem.driver import Driver
from gateway.modem.known.profile import Profile
from gateway.modem.link import limits
from gateway.modem.link.link import Link
from gateway.modem.memory import Memory
from gateway.modem.receive.mailbox import Mailbox
from gateway.modem.start.start import Setup, bring_up
from gateway.modem.status import ModemState
from gateway.sms import EncodedPdu
from tests.modem.peer import Peer

BOOT = Profile(name="any").start.boot
PDU = EncodedPdu(hex="0021000C91447700091032000005C8329BFD06", length=18)
REPORT = "07917248014000F506B70AA18092020000317071518590803170715185418000"
MESSAGE = "07917248014000F3240B917247587706F400003110824115248012C8329BFD06C9C373B8B82C97E741F034"
DRAFT = "0011000C91447700091032000005C8329BFD06"


def report_of(reference: int) -> str:
    """A report with this TP-MR; otherwise `REPORT`."""
    return f"{REPORT[:18]}{reference:02X}{REPORT[20:]}"


def message_at(second: int) -> str:
    """A message of this second; otherwise `MESSAGE`."""
    return f"{MESSAGE[:48]}{second % 10}{second // 10}{MESSAGE[50:]}"


class MemorySink:
    """Keeps what it is given, and fails as often as it is told."""

    def __init__(self) -> None:
        self.reports: list[tuple[LineId, str, int | None]] = []
        self.messages: list[tuple[LineId, str, int | None]] = []
        self.references: list[tuple[LineId, int | None]] = []
        self.failures = 0
        self.calls = 0
        self.changed = asyncio.Event()

    async def report(self, line: LineId, pdu: str, length: int | None) -> None:
        await self._keep(self.reports, (line, pdu, length))

    async def message(self, line: LineId, pdu: str, length: int | None) -> None:
        await self._keep(self.messages, (line, pdu, length))

    async def late_reference(self, line: LineId, reference: int | None) -> None:
        await self._keep(self.references, (line, reference))

    async def _keep(self, kept: list[Any], item: Any) -> None:
        self.calls += 1
        await asyncio.sleep(0)
        if self.failures > 0:
            self.failures -= 1
            raise StorageError("the disk is full")
        kept.append(item)
        self.changed.set()


def listing(*entries: tuple[int, str, str]) -> list[str]:
    """The lines of an AT+CMGL answer: place, header, PDU."""
    return [part for at, header, pdu in entries for part in (f"+CMGL: {at},{header}", pdu)]


async def never_mind() -> None:
    """An intent that is committed at once."""


def open_link(peer: Peer, listener: Callable[[Unsolicited], None] = lambda said: None) -> Link:
    link = Link("m0", listener)
    peer.connect(link)
    return link


async def started(peer: Peer, listener: Callable[[Unsolicited], None] = lambda said: None) -> Link:
    """A link that is in step with its modem; what was written until then is forgotten."""
    link = open_link(peer, listener)
    await link.start(BOOT)
    forget(peer)
    return link


def fresh_memory() -> Memory:
    return Memory(alarms=Alarms(ModemName("m0"), SystemClock()))


def forget(peer: Peer) -> None:
    peer.written.clear()
    peer.commands.clear()


def settings(**changes: Any) -> ModemSettings:
    return ModemSettings(**{"name": ModemName("m0"), "port": "memory"} | changes)


class Bench:
    """A driver over a peer, with everything around it at hand."""

    def __init__(self, driver: Driver, link: Link, setup: Setup, states: list[ModemState]) -> None:
        self.driver = driver
        self.link = link
        self.setup = setup
        self.states = states


async def bring(peer: Peer, memory: Memory | None = None, **changes: Any) -> tuple[Link, Setup]:
    link = open_link(peer)
    setup = await bring_up(link, settings(**changes), memory or fresh_memory(), lambda state: None)
    return link, setup


@asynccontextmanager
async def in_service(
    peer: Peer, sink: MemorySink, memory: Memory | None = None, **changes: Any
) -> AsyncIterator[Bench]:
    """A modem that was brought up, with its inbox and its watch at work."""
    mailbox, states = Mailbox("m0"), list[ModemState]()
    link = open_link(peer, mailbox.hear)
    chosen = settings(**changes)
    memory = memory or fresh_memory()
    setup = await bring_up(link, chosen, memory, states.append)
    driver = Driver(link, mailbox, setup, chosen, sink, lambda reading: None, memory)
    running = asyncio.create_task(driver.run(), name="driver")
    await asyncio.sleep(limits.QUIET * 2)
    forget(peer)
    try:
        yield Bench(driver, link, setup, states)
    finally:
        link.abort("the test is over")
        await running


async def until(condition: Callable[[], bool], patience: float = 60.0) -> None:
    """Wait, in the loop's time, until something has come about."""
    async with asyncio.timeout(patience):
        while not condition():  # noqa: ASYNC110 -- what is waited for has no event
            await asyncio.sleep(0.01)
