"""People who buy as BG/NBD says, and spend around a mean of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tests.scoring.simulated import TRUE, buyers


@dataclass(frozen=True, kw_only=True)
class Spenders:
    """Features at a cut-off, and what came in the horizon after it."""

    X: pd.DataFrame
    spend: np.ndarray
    purchases: np.ndarray


def spenders(people: int, seed: int = 0, *, season: float = 1.0) -> Spenders:
    """`season` is by how much more is spent in the horizon than in other days."""
    X, bought = buyers(people, seed=seed, **TRUE)
    random = np.random.default_rng(seed + 1)
    own = random.lognormal(3.5, 0.8, people)
    X["value_mean"] = own * random.lognormal(0, 0.5 / np.sqrt(X["frequency"] + 1))
    spend = np.where(bought > 0, bought * own * random.lognormal(0, 0.4, people), 0.0) * season
    return Spenders(X=X, spend=spend, purchases=bought)
