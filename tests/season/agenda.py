"""What the shop's people and their models do in a season: campaigns, and scores once a week."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from shop import Shop

from season.content import write_campaign
from season.house import House

DAY, HOUR = timedelta(days=1), timedelta(hours=1)

WINTER: Final = 4 * DAY + 4 * HOUR
PAUSE, RESUME = WINTER + timedelta(minutes=5), WINTER + 2 * HOUR
FLASH: Final = 9 * DAY + 5 * HOUR
FLASH_LASTS: Final = 2 * HOUR
DOOMED: Final = 11 * DAY + 15 * HOUR
"""In the evening, when it may go to those alone for whom it is day; stopped before the morning."""
STOP: Final = DOOMED + 8 * HOUR
SCORES: Final = 10 * DAY
"""All from the season's first hour, which is six in the morning."""


class Agenda:
    """Does each thing once, when its time has come.

    Attributes:
        steered: when a campaign was paused, resumed or stopped.
    """

    def __init__(self, house: House, shop: Shop, start: datetime) -> None:
        self._house, self._shop, self._start = house, shop, start
        self.steered: dict[tuple[str, str], datetime] = {}
        self._due: list[tuple[timedelta, Callable[[], Awaitable[None]]]] = [
            (WINTER, self._winter),
            (PAUSE, lambda: self._steer("winter", "pause")),
            (RESUME, lambda: self._steer("winter", "resume")),
            (FLASH, self._flash),
            (SCORES, self._score),
            (DOOMED, self._doomed),
            (STOP, lambda: self._steer("doomed", "stop")),
        ]

    @property
    def flash_ends(self) -> datetime:
        """Nothing of the flash sale goes from then on."""
        return self._start + FLASH + FLASH_LASTS

    def lively(self, now: datetime) -> bool:
        """Tell whether a campaign may be on: each of them is over after some days."""
        since = now - self._start
        return any(begin <= since < begin + 6 * HOUR for begin in (WINTER, FLASH, DOOMED))

    async def do(self, now: datetime) -> None:
        """Do what is due."""
        while self._due and now >= self._start + self._due[0][0]:
            _, do = self._due.pop(0)
            await do()

    async def _steer(self, name: str, word: str) -> None:
        await self._house.steer(name, word)
        self.steered[name, word] = self._house.clock.now()

    async def _winter(self) -> None:
        write_campaign(self._house.shop_dir, "winter")
        await self._house.launch("winter")

    async def _flash(self) -> None:
        ends = self.flash_ends.replace(microsecond=0).isoformat()
        write_campaign(self._house.shop_dir, "flash", ends=ends)
        await self._house.launch("flash")

    async def _doomed(self) -> None:
        write_campaign(self._house.shop_dir, "doomed")
        await self._house.launch("doomed")

    async def _score(self) -> None:
        """Bring in what a good model would say of those who have bought, now and in a week."""
        buyers = sorted({order.number for order in self._shop.trade.orders})
        now = self._house.clock.now()
        days = (now - self._start) / DAY
        customers = [self._shop.customers[number] for number in buyers]
        risks = {one.number: 0.9 if one.churns < days else 0.2 for one in customers}
        await self._house.score(risks)
        self._due.append((now - self._start + 7 * DAY, self._score))
        self._due.sort(key=lambda one: one[0])
