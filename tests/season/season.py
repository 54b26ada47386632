"""Moves the clock from one thing that happens to the next."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from shop import Act, Click, Reply, Shop, Told

from season.house import House
from season.network import Sms

GRAIN: Final = timedelta(seconds=30)
"""What happens within it comes in one batch, as a broker brings it."""

TICK: Final = timedelta(minutes=5)
"""Between looks at what is due; a gateway looks each second."""

SETTLING: Final = timedelta(minutes=10)


class Season:
    """A shop, and the gateway that serves it.

    Attributes:
        between: called at each look, for what a scenario does at its time.
        lively: tells whether a campaign is on, which is looked after at each step.
        heard: what the shop did, by kind.
        wrong: the nonsense that it published.
    """

    def __init__(
        self, house: House, shop: Shop, *, grain: timedelta = GRAIN, tick: timedelta = TICK
    ) -> None:
        self.house, self.shop = house, shop
        self.lively: Callable[[datetime], bool] = lambda now: False
        self.between: Callable[[datetime], Awaitable[None]] = _nothing
        self._grain, self._tick = grain, tick
        self._look_at = house.clock.now()
        self.heard: Counter[str] = Counter()
        self.wrong: list[Told] = []
        house.network.deliver = self._deliver

    def _deliver(self, sms: Sms) -> None:
        self.shop.receive(sms.at, sms.to, sms.text)

    async def run(self, until: datetime) -> None:
        """Let time pass until an instant."""
        while (now := self.house.clock.now()) < until:
            await self._do(self.shop.until(now))
            if self.lively(now):
                await self.house.tick_campaigns()
            if now >= self._look_at:
                self._look_at = now + self._tick
                await self.between(now)
                await self.house.tick()
            await self._sleep(now, until)

    async def settle(self) -> None:
        """Let what is under way come to its end: reports, and answers to who wrote last."""
        await self.house.tick()
        await asyncio.sleep(SETTLING.total_seconds())

    async def _sleep(self, now: datetime, until: datetime) -> None:
        soon = now + self._grain
        happens = soon if self.lively(now) else max(self.shop.next_at or until, soon)
        wake = min(happens, max(self._look_at, soon), until)
        await asyncio.sleep((wake - now).total_seconds())

    async def _do(self, acts: list[Act]) -> None:
        self.heard.update(type(act).__name__ for act in acts)
        told = [act for act in acts if isinstance(act, Told)]
        self.wrong += [act for act in told if act.wrong is not None]
        if told:
            for name, code in (await self.house.hear(told)).items():
                self.shop.hear_refusal(told[-1].at, name, code)
        for act in acts:
            if isinstance(act, Reply):
                await self.house.answer(act)
            elif isinstance(act, Click):
                await self.house.fetch(act)


async def _nothing(now: datetime) -> None:
    """Do what most seasons do in between."""
