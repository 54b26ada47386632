"""The level of predictions: their sum is what people spent, and one huge order does not set it.

Not responsible for the season (`scoring.value.season`).
"""

from __future__ import annotations

from typing import Final, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.linear_model import PoissonRegressor

CAP: Final = 0.99
"""Quantile of what buyers spent at which spend is cut for the learners."""

UNSURE: Final = 10.0
"""Buyers that stand for the belief that the level is right as it is, in a small shop."""

SLOPES: Final = (0.2, 3.0)
"""Between which the slope is kept: an order is not turned round."""


def cap_of(spend: np.ndarray) -> float:
    """Where spend is cut; infinity when nobody bought."""
    bought = spend[spend > 0]
    return float(np.quantile(bought, CAP)) if len(bought) else np.inf


class Level(BaseEstimator):
    """From a score, a logarithm of spend up to slope and level, to spend.

    ``p = exp(intercept + slope * score)`` is fitted to capped spend; what was cut off is given
    back by ``p (1 + more r^2 / (1 + r^2))`` with ``r = p / cap``: to those expected near the cap
    and beyond, as good as nothing to the others. The order of people stays as it is.

    Parameters
    ----------
    learn_slope : bool, default True
        False: the slope is 1, and the level is drawn to the score's own when few bought.
    """

    def __init__(self, learn_slope: bool = True) -> None:
        self.learn_slope = learn_slope

    def fit(self, score: np.ndarray, spend: np.ndarray) -> Self:
        """Learn from scores and spend, neither cut."""
        self.cap_ = cap_of(spend)
        capped = np.minimum(spend, self.cap_)
        if self.learn_slope:
            self.slope_, self.intercept_ = _slope(score, capped)
        else:
            self.slope_, self.intercept_ = 1.0, _few(score, capped)
        self.more_ = 0.0
        here = self.predict(score)
        room = _beyond(here, self.cap_).sum()
        if self.learn_slope and room > 0:
            self.more_ = max(float(spend.sum() - here.sum()), 0.0) / room
        return self

    def predict(self, score: np.ndarray) -> np.ndarray:
        """Expected spend, shape (n,)."""
        spend = np.exp(np.minimum(self.intercept_ + self.slope_ * score, 700.0))
        return spend + self.more_ * _beyond(spend, self.cap_)


def _slope(score: np.ndarray, capped: np.ndarray) -> tuple[float, float]:
    """Slope and intercept of a Poisson line through the capped spend."""
    scale = float(capped.mean())
    line = PoissonRegressor(alpha=0.0, solver="newton-cholesky", max_iter=300)
    line.fit((score - score.mean())[:, None], capped / scale)
    slope = float(np.clip(line.coef_[0], *SLOPES))
    return slope, _intercept(slope * score, capped)


def _few(score: np.ndarray, capped: np.ndarray) -> float:
    buyers = int((capped > 0).sum())
    return _intercept(score, capped) * buyers / (buyers + UNSURE) if buyers else -np.inf


def _intercept(score: np.ndarray, capped: np.ndarray) -> float:
    """Logarithm by which the sum of ``exp(score)`` misses that of the spend."""
    return float(np.log(capped.sum()) - np.log(np.exp(score).sum()))


def _beyond(spend: np.ndarray, cap: float) -> np.ndarray:
    ratio = (spend / cap) ** 2
    return spend * ratio / (1 + ratio)
