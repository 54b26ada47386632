"""What a shop writes to its customers, made up: the same seed, the same customers and orders.

Numbers are of the range that Ofcom keeps for fiction (+44 7700 900000 to 900999).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

FIRST_ORDER: Final = 1001

NAMES: Final = ("Asha", "Ben", "Chloë", "Dafydd", "Zoë", "Ewan", "José", "Niamh", "Søren", "Yuki")
GOODS: Final = (
    ("walnut bread board", 34),
    ("enamel teapot", 28),
    ("linen apron", 42),
    ("oak stool", 119),
    ("beeswax candles", 16),
)
_WEIGHTS: Final = (5, 4, 2, 1, 1)
"""How often each kind of message is written, in the order of `_KINDS`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderMessage:
    """One job's content."""

    id: str
    to: str
    text: str
    purpose: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Order:
    number: int
    name: str
    goods: str
    price: int
    pieces: int
    code: int


def order_messages(seed: int) -> Iterator[OrderMessage]:
    """Yield messages about orders without end."""
    random = Random(seed)  # noqa: S311 -- a story, not a secret
    number = FIRST_ORDER
    while True:
        order = _order(number, random)
        [kind] = random.choices(list(_KINDS), _WEIGHTS)
        yield OrderMessage(
            id=f"order-{number}-{kind}",
            to=f"+447700900{random.randrange(1000):03}",
            text=_KINDS[kind].format(order=order, total=order.price * order.pieces),
            purpose="otp" if kind == "code" else "transactional",
        )
        number += 1


def _order(number: int, random: Random) -> _Order:
    goods, price = random.choice(GOODS)
    return _Order(
        number=number,
        name=random.choice(NAMES),
        goods=goods,
        price=price,
        pieces=random.randint(1, 3),
        code=random.randrange(100_000, 1_000_000),
    )


_KINDS: Final = {
    "confirmed": (
        "Thank you {order.name}! Your order {order.number} ({order.pieces} x {order.goods}, "
        "£{total}) is confirmed. We write again when it ships."
    ),
    "shipped": (
        "Good news: order {order.number} is on its way and should be with you tomorrow "
        "between 9 and 13."
    ),
    "pickup": "{order.name}, order {order.number} waits for you at the counter 🎁 Until 18:00!",
    "delayed": (
        "Dear {order.name}, we are sorry: the {order.goods} of your order {order.number} is "
        "made by hand and takes four days longer than we said. You need not do anything; it "
        "ships on its own as soon as it is ready. If you would rather not wait, answer this "
        "message and we refund the £{total} today."
    ),
    "code": "{order.code} is your code to confirm order {order.number}, valid for 10 minutes.",
}
