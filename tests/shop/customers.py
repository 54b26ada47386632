"""Who buys in the shop, made up: the same seed, the same customers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import Final

from shop.goods import CATEGORIES

FIRST_NAMES: Final = (
    "Asha",
    "Ben",
    "Chloë",
    "Dafydd",
    "Zoë",
    "Ewan",
    "José",
    "Niamh",
    "Søren",
    "Yuki",
)
_ELSEWHERE: Final = ("Europe/Paris", "Europe/Berlin", "America/New_York", "Asia/Kolkata")
PURPOSES: Final = ("marketing.offers", "marketing.cart", "marketing.restock")


@dataclass(slots=True)
class Customer:
    """A customer, and what only the simulation knows of them."""

    id: str
    number: str
    first_name: str | None
    locale: str
    zone: str
    birthday: str | None
    """Month and day."""
    tastes: tuple[str, ...]
    """Categories, the dearest first."""
    pace: float
    """Visits a day."""
    churns: float
    """Days from the start until they come no more."""
    hour: float
    """Of their day at which they like to shop."""
    consents: frozenset[str]
    keen: float
    """How much more or less than others messages move them."""
    guest: bool
    """Whether they order without an account."""
    previews: bool
    """Whether their messenger fetches links for a preview."""
    scans: bool
    """Whether a scanner on their phone opens links."""
    tracked: bool
    """Whether they allow that it is seen who clicked."""
    wishes: tuple[str, ...] = ()
    """Products of which they want to hear."""
    friend: str | None = None
    """The number of who gets each code that they may pass on."""
    stays: bool = False
    """Whether they never write STOP."""
    stopped: bool = False
    """Whether they wrote STOP."""


def make_customers(seed: int, count: int, *, pace: float, consenting: float) -> list[Customer]:
    """Return customers.

    Args:
        seed: the same, the same customers.
        count: how many; at most 100,000 numbers are kept free for drama (lengthened range of
            Ofcom's).
        pace: visits a day of the middle one.
        consenting: share of those who allow marketing.
    """
    random = Random(f"customers {seed}")
    return [_customer(random, number, pace, consenting) for number in range(count)]


def _customer(random: Random, number: int, pace: float, consenting: float) -> Customer:
    abroad = random.random() < 0.05
    allows = random.random() < consenting
    some = frozenset(PURPOSES if random.random() < 0.8 else random.sample(PURPOSES, 2))
    return Customer(
        id=f"c{number}",
        number=f"+4477009{number:05d}",
        first_name=None if random.random() < 0.1 else random.choice(FIRST_NAMES),
        locale=random.choices(("en-GB", "de-DE", "fr-FR"), (0.85, 0.1, 0.05))[0],
        zone=random.choice(_ELSEWHERE) if abroad else "Europe/London",
        birthday=_birthday(random) if random.random() < 0.6 else None,
        tastes=tuple(random.sample(CATEGORIES, 3)),
        pace=pace * math.exp(random.gauss(-0.3, 0.8)),
        churns=random.expovariate(1 / 200),
        hour=random.gauss(15, 4) % 24,
        consents=some if allows else frozenset(),
        keen=random.uniform(0.5, 1.5),
        guest=random.random() < 0.08,
        previews=random.random() < 0.4,
        scans=random.random() < 0.03,
        tracked=allows and random.random() < 0.3,
    )


def _birthday(random: Random) -> str:
    return f"{random.randint(1, 12):02}-{random.randint(1, 28):02}"
