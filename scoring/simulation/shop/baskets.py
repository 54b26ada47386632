"""What is in the orders of a simulated shop: categories by taste, products by habit or fame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.simulation.shop.population import Population, products_within
from scoring.simulation.shop.settings import DemoShop

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

USED_TO: Final = 4
"""Categories in which people have a usual product."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Baskets:
    """Lines of orders, in the orders' order; each array but `prices` has one entry a line.

    Attributes
    ----------
    order : ndarray of int64
        Place of the order.
    line : ndarray of int64
        Counted from 1 in it.
    product : ndarray of int64
    quantity : ndarray of int64
    value : ndarray of float64
    prices : ndarray of float64
        Of each product.
    """

    order: Ints
    line: Ints
    product: Ints
    quantity: Ints
    value: Floats
    prices: Floats


def fill(shop: DemoShop, people: Population, person: Ints, rng: np.random.Generator) -> Baskets:
    """Draw what is in the orders of some persons."""
    counts = 1 + rng.poisson(0.9, len(person))
    order = np.repeat(np.arange(len(person)), counts)
    who = person[order]
    category = _categories(people.taste, who, rng)
    within = products_within(shop, rng, len(who))
    used = (category < USED_TO) & (rng.random(len(who)) < shop.again)
    within = np.where(used, people.usual[who, category], within)
    product = category * (shop.products // shop.categories) + within
    prices = np.round(rng.lognormal(2.9, 0.5, shop.products), 2)
    quantity = 1 + rng.poisson(0.3, len(who))
    starts = np.cumsum(counts) - counts
    return Baskets(
        order=order,
        line=np.arange(len(order)) - np.repeat(starts, counts) + 1,
        product=product,
        quantity=quantity,
        value=np.round(prices[product] * quantity, 2),
        prices=prices,
    )


def _categories(taste: Floats, who: Ints, rng: np.random.Generator) -> Ints:
    reached = taste.cumsum(axis=1)[who] > rng.random(len(who))[:, None]
    reached[:, -1] = True
    return reached.argmax(axis=1)
