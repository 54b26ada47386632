"""Lines at work on a clock that the test's loop moves (``looptime``)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from support.world import World

from gateway.dispatch import Dispatcher, Fleet, LinePlan
from gateway.dispatch.desk import Desk
from gateway.dispatch.pacing import SharedLimit, SharedPace
from gateway.domain.clock import ManualClock
from gateway.domain.purpose import Purpose
from gateway.modem import FakeModem, Intent, Submitted
from gateway.sms import EncodedPdu


class LoopClock(ManualClock):
    """Shows the loop's time."""

    @property
    def instant(self) -> datetime:
        return self._start + timedelta(seconds=asyncio.get_running_loop().time())

    @instant.setter
    def instant(self, start: datetime) -> None:
        self._start = start


class NotingModem(FakeModem):
    """Notes when it was handed each part: seconds of the loop."""

    def __init__(self, name: str, departures: list[float]) -> None:
        super().__init__(name, line=f"line-{name}")
        self.departures = departures

    async def submit(self, pdu: EncodedPdu, intent: Intent) -> Submitted:
        async def noting() -> None:
            await intent()
            self.departures.append(asyncio.get_running_loop().time())

        return await super().submit(pdu, noting)


@dataclass
class Lines:
    """Lines that send what a test queues."""

    world: World
    departures: list[float] = field(default_factory=list)
    """Of all of them, in order."""
    shared: SharedPace = field(default_factory=SharedPace)
    _works: list[tuple[NotingModem, asyncio.Task[None]]] = field(default_factory=list)

    def start(self, **plans: LinePlan) -> list[NotingModem]:
        """Put modems to work by these plans."""
        context = replace(self.world.context, shared=self.shared)
        desk = self.world.desk = Desk(context, self.world.router)
        self.world.dispatcher = Dispatcher(context, Fleet(plans=plans), desk)
        modems = [NotingModem(name, self.departures) for name in plans]
        for modem in modems:
            task = asyncio.create_task(self.world.dispatcher.serve(modem), name="serve")
            self._works.append((modem, task))
        return modems

    async def stop(self) -> None:
        """Pull them out."""
        for modem, task in self._works:
            modem.lose()
            await task
        self._works.clear()

    async def kill(self) -> None:
        """End the work in the middle of it, with nothing written any more."""
        for _, task in self._works:
            task.cancel()
        await asyncio.gather(*(task for _, task in self._works), return_exceptions=True)
        self._works.clear()

    async def queue(
        self, count: int, purpose: Purpose = Purpose.TRANSACTIONAL, **fields: Any
    ) -> None:
        """Queue so many messages."""
        begin = len(await self.world.said())
        for number in range(count):
            await self.world.accept(f"{purpose}-{begin}-{number}", purpose=purpose, **fields)


def slow(per_second: float, **what: Any) -> SharedLimit:
    """A limit of one part at a time."""
    return SharedLimit(name="slow", per_second=per_second, **what)
