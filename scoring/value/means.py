"""What a purchase day of a person is worth, drawn to what is typical of the shop."""

from __future__ import annotations

from typing import Final, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

PRIOR_ORDERS: Final = 4.0
"""Purchase days of a typical person that are mixed into everybody's own mean, on the log scale.
Of 0, 1, 2 and 4 it put people into the best order of ranks on Online Retail II before
2011-02-12."""

FLOOR: Final = 0.2
"""Quantile up to which small amounts count as alike. A tiny order is a sample or a trial: who
began with one spends later as much as others do. Of 0, 0.05, 0.1, 0.2 and 0.3 it had the best
normalised Gini there."""


class ShrunkMean(BaseEstimator):
    """The own mean on the log scale, the nearer to the typical one, the less often he bought.

    Attributes
    ----------
    typical_ : float
        Mean of ``log1p(value_mean)``.
    floor_ : float
        What a mean is at least.
    """

    def fit(self, frame: pd.DataFrame) -> Self:
        """Learn from one row a person, with ``value_mean``."""
        means = frame["value_mean"].to_numpy()
        self.floor_ = float(np.quantile(means, FLOOR))
        self.typical_ = float(np.log1p(np.maximum(means, self.floor_)).mean())
        return self

    def predict(self, frame: pd.DataFrame) -> np.ndarray:
        """Worth of a purchase day, of people with ``frequency`` and ``value_mean``."""
        days = frame["frequency"].to_numpy() + 1
        own = np.log1p(np.maximum(frame["value_mean"].to_numpy(), self.floor_))
        return np.expm1((days * own + PRIOR_ORDERS * self.typical_) / (days + PRIOR_ORDERS))
