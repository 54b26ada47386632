"""People who buy as BG/NBD says they do, with known parameters."""

from __future__ import annotations

import numpy as np
import pandas as pd

TRUE = {"r": 0.8, "alpha": 30.0, "a": 1.2, "b": 3.0}


def buyers(
    people: int, horizon: float = 90, seed: int = 0, *, r: float, alpha: float, a: float, b: float
) -> tuple[pd.DataFrame, np.ndarray]:
    """Frequency, recency and age of people, and how often each buys within the horizon."""
    random = np.random.default_rng(seed)
    rate, stops = random.gamma(r, 1 / alpha, people), random.beta(a, b, people)
    age = random.integers(30, 730, people).astype(float)
    clock, last, past, future = np.zeros((4, people))
    alive = np.ones(people, dtype=bool)
    while alive.any():
        clock = np.where(alive, clock + random.exponential(1, people) / rate, np.inf)
        known = clock <= age
        past += known
        last = np.where(known, clock, last)
        future += (clock > age) & (clock <= age + horizon)
        alive &= (clock <= age + horizon) & (random.random(people) > stops)
    return pd.DataFrame({"frequency": past, "recency": last, "age": age}), future
