"""People and events made for a scene each, beside all that happens by chance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shop.customers import PURPOSES, Customer

ASKED_FOR: Final = "tea-70"
"""A product that the askers want to hear of."""

COLLECTION: Final = "toys"
"""The category in which several things are new at once."""

TWICE_BOUGHT: Final = (timedelta(hours=2), timedelta(hours=3))
BACK: Final = timedelta(days=2, hours=4)
"""When what was asked for can be had again; from the season's start, as all here."""
CHEAPER: Final = timedelta(days=3, hours=4)
NEW: Final = timedelta(days=2, hours=5)
BIRTHDAY: Final = timedelta(days=4)
LOST: Final = timedelta(days=1)
"""The day of which events get lost."""

_FIRST: Final = 90_000
"""Of the numbers; those before are of customers by chance."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cast:
    """Who plays a part; they do nothing else in the shop."""

    staff: list[Customer]
    """They bought once, and get campaigns first."""
    owners: list[Customer]
    """They buy twice, and pass on the code that they get for it."""
    friends: list[Customer]
    """They buy with it."""
    askers: list[Customer]
    """They want to hear of a product."""
    fans: list[Customer]
    """Of the category in which something new comes."""
    children: list[Customer]
    """Those with a birthday, the last one far in the west."""

    def everybody(self) -> list[Customer]:
        """Return them all."""
        return [
            *self.staff,
            *self.owners,
            *self.friends,
            *self.askers,
            *self.fans,
            *self.children,
        ]


def make_cast(start: datetime) -> Cast:
    """Return who plays in a season that starts at an instant."""
    day = (start + BIRTHDAY).strftime("%m-%d")
    numbers = iter(range(_FIRST, _FIRST + 100))
    zones = ("Europe/London", "Europe/London", "Europe/London", "America/New_York")
    tastes = (COLLECTION, "bags", "tea")
    friends = [_player(next(numbers)) for _ in range(3)]
    return Cast(
        staff=[_player(next(numbers)) for _ in range(2)],
        owners=[_player(next(numbers), friend=one.number) for one in friends],
        friends=friends,
        askers=[_player(next(numbers), wishes=(ASKED_FOR,)) for _ in range(5)],
        fans=[_player(next(numbers), tastes=tastes) for _ in range(5)],
        children=[_player(next(numbers), birthday=day, zone=zone) for zone in zones],
    )


def _player(
    number: int,
    *,
    zone: str = "Europe/London",
    birthday: str | None = None,
    tastes: tuple[str, ...] = ("bags", "candles", "tea"),
    wishes: tuple[str, ...] = (),
    friend: str | None = None,
) -> Customer:
    return Customer(
        id=f"c{number}",
        number=f"+4477009{number:05d}",
        first_name="Ada",
        locale="en-GB",
        zone=zone,
        birthday=birthday,
        tastes=tastes,
        pace=1.0,
        churns=0,
        hour=12,
        consents=frozenset(PURPOSES),
        keen=1.0,
        guest=False,
        previews=False,
        scans=False,
        tracked=False,
        wishes=wishes,
        friend=friend,
        stays=True,
    )
