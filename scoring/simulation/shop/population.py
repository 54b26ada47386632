"""The customers of a simulated shop: what each is like, before anything happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.simulation.shop.settings import DemoShop

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HABITS: Final = ("evening", "lunch", "morning", "any hour")
PEAKS: Final = (20.0, 12.5, 7.5)
"""Hours of the first three."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Population:
    """Customers; each array has one entry a person.

    Attributes
    ----------
    first : ndarray of int64
        Day of the first purchase, counted from the shop's first day.
    pace : ndarray of float64
        Purchases a day while she stays, on a day without season.
    leave : ndarray of float64
        Chance that a purchase is the last.
    habit : ndarray of int64
        Place in `HABITS`.
    hours : ndarray of shape (people, 24)
        P(hour) of what she does herself.
    interest : ndarray of float64
        Her clicks over those of a person of middling interest.
    taste : ndarray of shape (people, categories)
        P(category) of a line.
    usual : ndarray of shape (people, categories)
        Her usual product in each, counted within it.
    consented : ndarray of bool
    line : ndarray of int64
        Place in `DemoShop.lines`.
    """

    first: Ints
    pace: Floats
    leave: Floats
    habit: Ints
    hours: Floats
    interest: Floats
    taste: Floats
    usual: Ints
    consented: NDArray[np.bool_]
    line: Ints

    def __len__(self) -> int:
        return len(self.first)


def populate(shop: DemoShop, rng: np.random.Generator) -> Population:
    """Draw the customers of a shop."""
    n = shop.customers
    habit = _habits(shop, rng)
    shares = 0.8, 0.8 * (1 - shop.leave) / shop.leave
    return Population(
        first=(shop.days * rng.random(n) ** shop.growth).astype(np.int64),
        pace=rng.gamma(shop.spread, shop.orders_a_year / shop.spread / 365, n),
        leave=rng.beta(*shares, n),
        habit=habit,
        hours=hours_of(shop)[habit],
        interest=rng.lognormal(-0.18, 0.6, n),
        taste=_tastes(shop, rng),
        usual=_within(shop, rng, (n, shop.categories)),
        consented=rng.random(n) < shop.consented,
        line=rng.integers(len(shop.lines), size=n),
    )


def _habits(shop: DemoShop, rng: np.random.Generator) -> Ints:
    known = (shop.evening, shop.lunch, shop.morning)
    shares = [*known, 1 - sum(known)]
    return rng.choice(len(HABITS), size=shop.customers, p=shares)


def hours_of(shop: DemoShop) -> Floats:
    """P(hour) of a person of each habit, shape (habits, 24)."""
    hour = np.arange(24) + 0.5
    waking = np.exp(-0.5 * ((hour - 15) / 4.5) ** 2)
    waking /= waking.sum()
    rows = [waking]
    for peak in reversed(PEAKS):
        around = np.exp(-0.5 * ((hour - peak) / shop.width) ** 2)
        rows.insert(0, shop.own * around / around.sum() + (1 - shop.own) * waking)
    return np.array(rows)


def _tastes(shop: DemoShop, rng: np.random.Generator) -> Floats:
    """Draw what people like; categories of a pair are liked together."""
    group = np.arange(shop.categories)
    group[: 2 * shop.pairs] //= 2
    group = np.unique(group, return_inverse=True)[1]
    liked = rng.gamma(0.25, 1.0, (shop.customers, group.max() + 1)) + 1e-3
    taste = liked[:, group]
    return taste / taste.sum(axis=1, keepdims=True)


def _within(shop: DemoShop, rng: np.random.Generator, size: tuple[int, ...]) -> Ints:
    """Draw products, counted within their category; the first sells best."""
    each = shop.products // shop.categories
    return (each * rng.random(size) ** 2.5).astype(np.int64)


def products_within(shop: DemoShop, rng: np.random.Generator, rows: int) -> Ints:
    """Draw products that nobody is used to, as `_within` does."""
    return _within(shop, rng, (rows,))
