"""One carrier at work: it sends what is for it alone, and is asked what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import structlog
from sqlalchemy import Connection

from gateway.carrier import Carrier
from gateway.db.carriages import hasten_doubtful
from gateway.dispatch.breaker import Breaker
from gateway.dispatch.carrying.contact import Contact, Matter
from gateway.dispatch.carrying.inbox import Inbox
from gateway.dispatch.carrying.sender import CarrierSender
from gateway.dispatch.carrying.times import LOOK_EVERY, RECEIVE_EVERY
from gateway.dispatch.carrying.watch import StatusWatch
from gateway.dispatch.context import Context
from gateway.dispatch.desk import Desk
from gateway.dispatch.line import LineAtWork
from gateway.dispatch.nodes import Claim, on_duty
from gateway.dispatch.outcomes import Outcomes
from gateway.dispatch.pacing import Pace
from gateway.dispatch.plan import Fleet, limits_of, speed_of
from gateway.dispatch.recovery import recover
from gateway.dispatch.settling import Holder
from gateway.dispatch.standing import Paced
from gateway.domain.alarms import Alarm
from gateway.domain.ids import LineId, ModemName
from gateway.modem.alarms import Alarms

log = structlog.get_logger(__name__)

AGAIN: Final = 30.0
"""Seconds until a line works again that we stumbled over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CarrierStatus:
    """How a carrier stands."""

    name: LineId
    state: str
    """``ready``, ``resting`` while its line holds its jobs, or ``stopped``."""
    last_error: str | None
    alarms: tuple[Alarm, ...]


class CarrierAtWork:
    """Serves one carrier from the start of the gateway to its end."""

    def __init__(self, carrier: Carrier, fleet: Fleet, context: Context, desk: Desk) -> None:
        self._carrier = carrier
        self._context = context
        self._fleet = fleet
        self._halted = asyncio.Event()
        self._finished = asyncio.Event()
        self._breaker = Breaker()
        self._pace = Pace()
        name = ModemName(carrier.line)
        counters = fleet.count(name)
        self._alarms = Alarms(name, context.clock)
        self._contact = Contact(carrier.line, self._alarms)
        self._outcomes = Outcomes(
            context=context,
            holder=Holder(node=context.node, line=carrier.line, modem=name),
            counters=counters,
            breaker=self._breaker,
            pace=self._pace,
            alarms=self._alarms,
        )
        self._desk = desk
        self._watch = StatusWatch(carrier, context, counters)
        self._inbox = Inbox(carrier, context, counters)

    @property
    def line(self) -> LineId:
        """The line that it is."""
        return self._carrier.line

    @property
    def status(self) -> CarrierStatus:
        """How it stands now."""
        return CarrierStatus(
            name=self.line,
            state=self._state(),
            last_error=self._contact.trouble,
            alarms=self._alarms.active,
        )

    @property
    def paced(self) -> Paced:
        """How fast, and how much, it may send."""
        plan, terms = self._fleet.plan(self.line), self._context.lines.terms(self.line)
        speed, limits = speed_of(plan, terms), limits_of(plan, terms)
        return Paced(line=self.line, pace=self._pace, speed=speed, limits=limits)

    def _state(self) -> str:
        if self._halted.is_set():
            return "stopped"
        rests = self._breaker.held_until > asyncio.get_running_loop().time()
        return "resting" if rests else "ready"

    async def run(self) -> None:
        """Work until cancelled; after `drain` nothing more is sent, and it still is asked."""
        name, contact = self.line, self._contact
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._send(), name=f"{name}-line")
                asking: Mapping[str, Callable[[], Awaitable[object]]] = {
                    "statuses": lambda: contact.keep_asking(
                        Matter.STATUSES, self._watch.look, LOOK_EVERY
                    ),
                    "inbox": lambda: contact.keep_asking(
                        Matter.INBOX, self._inbox.receive, RECEIVE_EVERY
                    ),
                }
                for what, ask in asking.items():
                    duty = on_duty(self._context.claims, f"{name} {what}", ask)
                    tasks.create_task(duty, name=f"{name}-{what}")
        finally:
            await self._carrier.close()

    async def drain(self, grace: float) -> bool:
        """Let the job that is being handed over finish, and take no other.

        Returns whether it was finished within ``grace`` seconds.
        """
        self._halted.set()
        try:
            async with asyncio.timeout(grace):
                await self._finished.wait()
        except TimeoutError:
            return False
        return True

    async def _send(self) -> None:
        """Work until halted; what goes wrong in our own code stops nothing but a moment."""
        claim = self._context.claims.line(self.line)
        try:
            while not self._halted.is_set():
                try:
                    await _first_of(claim.held, self._halted)
                    if not self._halted.is_set():
                        await self._work(claim)
                except Exception:
                    log.exception("carrier_stumbled", line=self.line, again_seconds=AGAIN)
                    await self._rest()
        finally:
            self._context.claims.release(claim)
            self._finished.set()

    async def _work(self, claim: Claim) -> None:
        """Work until halted, or until another node may have the line."""
        outcomes = replace(self._outcomes, stands=claim.standing())
        sender = CarrierSender(self._carrier, outcomes, self._contact)
        over = asyncio.Event()
        await self._begin()
        ending = asyncio.create_task(_first_of(claim.lost, self._halted), name=f"{self.line}-end")
        ending.add_done_callback(lambda _: over.set())
        try:
            await LineAtWork(sender, outcomes, self._fleet, self._desk, over).run()
        finally:
            ending.cancel()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(AGAIN):
                await self._halted.wait()
        except TimeoutError:
            return

    async def _begin(self) -> None:
        """Settle what an earlier service could not write, and look for what is in doubt."""
        context, line, now = self._context, self.line, self._context.now()

        def begin(connection: Connection) -> None:
            recover(
                connection,
                node=context.node,
                modem=ModemName(line),
                policy=context.policy,
                now=now,
            )
            hasten_doubtful(connection, line, now)

        await context.insist(begin)


async def _first_of(*events: asyncio.Event) -> None:
    """Wait for one of several events."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
