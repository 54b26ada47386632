"""What the shop sells, made up: the same seed, the same goods."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Final

CATEGORIES: Final = (
    "kitchen",
    "tea",
    "garden",
    "candles",
    "stationery",
    "textiles",
    "toys",
    "bags",
)
GRADES: Final = ("plain", "fine", "grand")
"""Each thing is there in three, each better and dearer than the one before."""
_THINGS: Final = ("bowl", "jug", "box", "lamp", "tray", "case", "mug", "rack")


@dataclass(slots=True)
class Good:
    """A product; its price may fall, and it may run out."""

    id: str
    name: str
    category: str
    price: Decimal
    goes_with: str = ""
    """The id of what is bought with it more often than by chance."""

    @property
    def url(self) -> str:
        """Its page."""
        return f"https://shop.example/p/{self.id}"

    @property
    def image(self) -> str:
        """Its picture."""
        return f"https://shop.example/i/{self.id}.jpg"


def make_goods(seed: int) -> dict[str, Good]:
    """Return the assortment by id."""
    random = Random(f"goods {seed}")
    goods = {}
    for category in CATEGORIES:
        for place, thing in enumerate(_THINGS):
            base = random.randint(400, 2500)
            for grade, word in enumerate(GRADES):
                name = f"{category[:3]}-{place}{grade}"
                price = Decimal(base * (10 + 5 * grade) // 10).scaleb(-2)
                goods[name] = Good(name, f"{word} {category} {thing}", category, price)
    for good in goods.values():
        others = [one for one in goods.values() if one.category != good.category]
        good.goes_with = random.choice(others).id
    return goods
