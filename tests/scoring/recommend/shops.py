"""A made-up shop whose people have one of a few tastes."""

from __future__ import annotations

import numpy as np

from scoring.recommend import Purchases

TASTES, EACH = 4, 10


def tasteful(people: int = 800, seed: int = 0, days: int = 365) -> Purchases:
    """Return purchases: nine of ten are of the own taste's ten products, one is of any."""
    random = np.random.default_rng(seed)
    person = np.repeat(np.arange(people), random.poisson(8, people) + 1)
    own = random.random(len(person)) < 0.9
    taste = np.where(own, person % TASTES, random.integers(0, TASTES, len(person)))
    item = taste * EACH + random.integers(0, EACH, len(person))
    age = random.integers(0, days, len(person))
    return Purchases.of(person, item, age, least=1)


def taste_of(items: np.ndarray) -> np.ndarray:
    """Return the taste that products belong to."""
    return np.asarray(items) // EACH
