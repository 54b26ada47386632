"""Moves the clock from one thing that happens to the next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from shop import Act, Click, Reply, Shop, Told

from season.house import House
from season.network import Sms

GRAIN: Final = timedelta(seconds=30)
"""What happens within it comes in one batch, as a broker brings it."""

TICK: Final = timedelta(minutes=5)
"""Between looks at what is due; a gateway looks each second."""


class Season:
    """A shop, and the gateway that serves it.

    Attributes:
        between: called at each look, for what a scenario does at its time.
    """

    def __init__(
        self, house: House, shop: Shop, *, grain: timedelta = GRAIN, tick: timedelta = TICK
    ) -> None:
        self.house, self.shop = house, shop
        self.between: Callable[[datetime], None] = lambda now: None
        self._grain, self._tick = grain, tick
        self._look_at = house.clock.now()
        house.network.deliver = self._deliver

    def _deliver(self, sms: Sms) -> None:
        self.shop.receive(sms.at, sms.to, sms.text)

    async def run(self, until: datetime) -> None:
        """Let time pass until an instant."""
        while (now := self.house.clock.now()) < until:
            await self._do(self.shop.until(now))
            if now >= self._look_at:
                self._look_at = now + self._tick
                self.between(now)
                await self.house.tick()
            await self._sleep(now, until)

    async def _sleep(self, now: datetime, until: datetime) -> None:
        soon = now + self._grain
        happens = max(self.shop.next_at or until, soon)
        wake = min(happens, max(self._look_at, soon), until)
        await asyncio.sleep((wake - now).total_seconds())

    async def _do(self, acts: list[Act]) -> None:
        told = [act for act in acts if isinstance(act, Told)]
        if told:
            await self.house.hear(told)
        for act in acts:
            if isinstance(act, Reply):
                await self.house.answer(act)
            elif isinstance(act, Click):
                await self.house.fetch(act)
