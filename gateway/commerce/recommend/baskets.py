"""What is bought together: how alike the orders are in which two products stand.

The measure is the cosine: orders with both, by the square root of the product of the orders with
each (Sarwar, Karypis, Konstan and Riedl, Item-based collaborative filtering, 2001, section 3.1.1).
It takes popularity out, as the lift does, and is not carried away by what was sold twice. A pair
needs some orders in common before it is taken for more than chance. Pure.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

LEAST_TOGETHER: Final = 5
"""Orders that have both products; fewer say nothing."""
MOST_PRODUCTS: Final = 200
"""Of an order that is looked at: who buys the whole shop says nothing of what goes together."""
_NEIGHBOURS: Final = 50
"""That are kept of a product; a message names few."""
_REMEMBERED: Final = 20_000
"""Products whose neighbours are kept."""


class Baskets:
    """The orders of some time, and what they say.

    What goes with a product is reckoned when it is first asked for, and kept.

    Args:
        lines: order and product of each line.
    """

    def __init__(self, lines: Iterable[tuple[str, str]]) -> None:
        self._names: list[str] = []
        numbers: dict[str, int] = {}
        orders: dict[str, set[int]] = {}
        for order, product in lines:
            number = numbers.setdefault(product, len(numbers))
            orders.setdefault(order, set()).add(number)
        self._names = list(numbers)
        self._numbers = numbers
        self._baskets = [array("I", basket) for basket in orders.values()]
        self._holding = self._held()
        self.neighbours = lru_cache(maxsize=_REMEMBERED)(self._neighbours)
        self.popular = [self._names[product] for product, _ in self._by_orders()]

    def _held(self) -> list[array[int]]:
        """Return, by product, the orders that have it."""
        holding: list[array[int]] = [array("I") for _ in self._names]
        for order, basket in enumerate(self._baskets):
            for product in basket:
                holding[product].append(order)
        return holding

    def _by_orders(self) -> list[tuple[int, int]]:
        counts = enumerate(map(len, self._holding))
        return sorted(counts, key=lambda one: (-one[1], self._names[one[0]]))

    @property
    def orders(self) -> int:
        """How many there are."""
        return len(self._baskets)

    def _neighbours(self, product: str) -> Sequence[tuple[str, float]]:
        """Return what is bought together with a product, and how much so, the most first."""
        this = self._numbers.get(product)
        if this is None:
            return ()
        together: Counter[int] = Counter()
        for order in self._holding[this]:
            basket = self._baskets[order]
            if len(basket) <= MOST_PRODUCTS:
                together.update(basket)
        alike = [
            (self._names[other], self._cosine(this, other, both))
            for other, both in together.items()
            if other != this and both >= LEAST_TOGETHER
        ]
        alike.sort(key=lambda one: (-one[1], one[0]))
        return tuple(alike[:_NEIGHBOURS])

    def _cosine(self, one: int, other: int, both: int) -> float:
        return both / math.sqrt(len(self._holding[one]) * len(self._holding[other]))

    def together(self, products: Iterable[str]) -> list[str]:
        """Return what is bought together with some products, best first; none of themselves."""
        asked = list(dict.fromkeys(products))
        scores: Counter[str] = Counter()
        for product in asked:
            for other, cosine in self.neighbours(product):
                scores[other] += cosine  # type: ignore[assignment]
        for product in asked:
            scores.pop(product, None)
        return sorted(scores, key=lambda other: (-scores[other], other))
