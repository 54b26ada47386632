"""Simulated people: how likely each clicks in each slot, and when she visited before.

Responsible for the world of the send-time benchmark and for nothing that is learned in it. The
logarithm of a person's click rate is her own level, the shop's curve and a smooth curve of hers
(a Gaussian process over the slots). Some of her visits follow her own rates, the rest are even.

What is assumed: rates are log-normal, visits are independent, nothing changes with time, a click
counts at the slot of its message.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]

SLOTS = 14
"""Hours from 08 to 21."""
LENGTH = 3.4
"""Slots over which a person's curve is alike (length scale of a squared exponential)."""
LEVEL_SD = 0.6
"""Spread of people's own level, in nats."""
MOST = 0.95
"""No click is more likely."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """How much hours matter in a world."""

    own: float
    """Standard deviation of a person's curve, in nats."""
    shop: float
    """Half of the way from the shop's worst slot to its best, in nats."""
    rate: float
    """Mean click rate of a slot chosen at random."""
    follow: float = 0.6
    """Share of visits that follow the person's own rates."""


WEAK = Setting(own=0.317, shop=0.026, rate=3.256 / 60)
"""Who always knew best would have 1.34 times the clicks of a random slot."""
STRONG = Setting(own=0.711, shop=0.068, rate=3.619 / 60)
"""1.83 times."""


@dataclass(frozen=True, kw_only=True, slots=True)
class People:
    """A world."""

    rates: Floats
    """P(click) of each person in each slot, shape (people, slots)."""
    visits: Floats
    """Visits before the first message, shape (people, slots)."""

    @property
    def random(self) -> float:
        """Click rate of a slot chosen at random."""
        return float(self.rates.mean())

    @property
    def best_slot(self) -> float:
        """Click rate of the one slot that is best for all together."""
        return float(self.rates.mean(0).max())

    @property
    def oracle(self) -> float:
        """Click rate of each person's own best slot."""
        return float(self.rates.max(1).mean())

    def click(self, slot: NDArray[np.integer], random: np.random.Generator) -> NDArray[np.bool_]:
        """Send to each person in her slot, and tell who clicks."""
        return random.random(len(slot)) < self.rates[np.arange(len(slot)), slot]


def simulate(
    setting: Setting,
    *,
    people: int = 20_000,
    slots: int = SLOTS,
    visits: int = 8,
    seed: int = 0,
) -> People:
    """Make a world.

    Parameters
    ----------
    setting : Setting
        How much hours matter.
    people, slots, visits : int
        How many people and slots, and visits of each person.
    seed : int
        The same seed makes the same world.

    Returns
    -------
    People

    Examples
    --------
    >>> world = simulate(WEAK, people=2_000, seed=1)
    >>> world.rates.shape, round(world.random * 60, 2)
    ((2000, 14), 3.26)
    >>> 1.25 < world.oracle / world.random < 1.45
    True
    """
    random = np.random.default_rng(seed)
    curves = setting.own * random.standard_normal((people, slots)) @ _smooth(slots).T
    place = 2 * np.pi * (np.arange(slots) - random.integers(slots)) / slots
    level = LEVEL_SD * random.standard_normal((people, 1))
    rates = np.exp(level + setting.shop * np.cos(place) + curves)
    rates = np.minimum(rates * setting.rate / rates.mean(), MOST)
    return People(rates=rates, visits=_visit(rates, setting.follow, visits, random))


def _smooth(slots: int) -> Floats:
    """Factor of the covariance, whose diagonal is 1."""
    steps = np.subtract.outer(np.arange(slots), np.arange(slots)) / LENGTH
    return np.linalg.cholesky(np.exp(-0.5 * steps**2) + 1e-6 * np.eye(slots))


def _visit(rates: Floats, follow: float, visits: int, random: np.random.Generator) -> Floats:
    own = rates / rates.sum(1, keepdims=True)
    return random.multinomial(visits, follow * own + (1 - follow) / rates.shape[1]).astype(float)
