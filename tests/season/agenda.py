"""What the shop's people and their models do in a season: campaigns, and scores once a week."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from shop import Customer, Shop

from gateway.domain.errors import RejectedError
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
HOPELESS: Final = 8 * DAY + 5 * HOUR
HOPELESS_LASTS: Final = timedelta(minutes=1)
"""No lines of ours have a campaign out in it."""
HOURS: Final = 11 * DAY + 4 * HOUR
LETTER: Final = 14 * DAY + 4 * HOUR
SCORES: Final = 10 * DAY
"""All from the season's first hour, which is six in the morning."""

_LIVELY: Final = (WINTER, FLASH, DOOMED, LETTER)


def best_hour(customer: Customer) -> int:
    """Return the hour of their day at which somebody answers most."""
    return 10 + int(customer.hour) % 8


class Agenda:
    """Does each thing once, when its time has come.

    Attributes:
        steered: when a campaign was paused, resumed or stopped.
        refused: why a campaign was not launched, by its name.
        scored: what the models said of each number, risk and best hour, and when.
    """

    def __init__(self, house: House, shop: Shop, start: datetime) -> None:
        self._house, self._shop, self._start = house, shop, start
        self.steered: dict[tuple[str, str], datetime] = {}
        self.refused: dict[str, RejectedError] = {}
        self.scored: list[tuple[datetime, dict[str, tuple[float, int]]]] = []
        self._due: list[tuple[timedelta, Callable[[], Awaitable[None]]]] = [
            (WINTER, lambda: self._launch("winter")),
            (PAUSE, lambda: self._steer("winter", "pause")),
            (RESUME, lambda: self._steer("winter", "resume")),
            (HOPELESS, self._hopeless),
            (FLASH, self._flash),
            (SCORES, self._score),
            (HOURS, lambda: self._launch("hours")),
            (DOOMED, lambda: self._launch("doomed")),
            (STOP, lambda: self._steer("doomed", "stop")),
            (LETTER, self._letter),
        ]

    @property
    def flash_ends(self) -> datetime:
        """Nothing of the flash sale goes from then on."""
        return self._start + FLASH + FLASH_LASTS

    def lively(self, now: datetime) -> bool:
        """Tell whether a campaign may be on: each of them is over after some days."""
        since = now - self._start
        return any(begin <= since < begin + 6 * HOUR for begin in _LIVELY)

    async def do(self, now: datetime) -> None:
        """Do what is due."""
        while self._due and now >= self._start + self._due[0][0]:
            _, do = self._due.pop(0)
            await do()

    async def _steer(self, name: str, word: str) -> None:
        await self._house.steer(name, word)
        self.steered[name, word] = self._house.clock.now()

    async def _launch(self, name: str, **values: str) -> None:
        write_campaign(self._house.shop_dir, name, **values)
        await self._house.launch(name)

    async def _flash(self) -> None:
        """Launch it although it is night for some, who will not have it."""
        ends = self.flash_ends.replace(microsecond=0).isoformat()
        write_campaign(self._house.shop_dir, "flash", ends=ends)
        await self._house.launch("flash", even_if_late=True)

    async def _hopeless(self) -> None:
        ends = self._house.clock.now().replace(microsecond=0) + HOPELESS_LASTS
        try:
            await self._launch("hopeless", ends=ends.isoformat())
        except RejectedError as error:
            self.refused["hopeless"] = error

    async def _letter(self) -> None:
        numbers = ", ".join(f'"{one.number}"' for one in self._shop.cast.staff)
        await self._launch("letter", numbers=numbers)

    async def _score(self) -> None:
        """Bring in what a good model would say of those who have bought, now and in a week."""
        buyers = sorted({order.number for order in self._shop.trade.orders})
        now = self._house.clock.now()
        days = (now - self._start) / DAY
        customers = [self._shop.customers[number] for number in buyers]
        told = {
            one.number: (0.9 if one.churns < days else 0.2, best_hour(one)) for one in customers
        }
        self.scored.append((now, told))
        await self._house.score(told)
        self._due.append((now - self._start + 7 * DAY, self._score))
        self._due.sort(key=lambda one: one[0])
