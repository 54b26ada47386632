"""The learners of spend, of which the value model takes the geometric mean.

Lines on logarithms follow the few who spend a hundred times the rest beyond what trees can reach;
trees find what is not a line. Each looks at spend through something that one huge order cannot
bend: a cap, a root or a logarithm. Hence their level means nothing here; `scoring.value.level`
sets it.
"""

from __future__ import annotations

from typing import Final, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import GammaRegressor, PoissonRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from scoring.value.means import FLOOR

TILT: Final = 0.5
"""Power of the expected purchases that is multiplied in. The mean alone leans to who spends much
when he buys; this puts who buys at all into the better order (chosen before 2011-02-12)."""

LEAST: Final = 1e-3
"""Smallest prediction of a learner, in the store's currency, so that it has a logarithm."""


class Learners(BaseEstimator):
    """Poisson line, trees on the root, two-part model, and a line for purchases.

    Parameters
    ----------
    random_state : int, RandomState or None
        Of the trees.
    """

    def __init__(self, random_state: object = None) -> None:
        self.random_state = random_state

    def fit(self, logs: pd.DataFrame, spend: np.ndarray, purchases: np.ndarray) -> Self:
        """Learn from logarithms of features and capped spend; somebody bought, somebody not."""
        bought = spend > 0
        self.scale_ = float(spend.mean())
        self.empty_ = logs.isna().all().to_numpy()
        self.low_, self.high_ = logs.quantile(FLOOR).to_numpy(), logs.max().to_numpy()
        trees = self._kept(logs)
        lines = np.nan_to_num(trees)
        relative = spend / self.scale_
        self.spend_ = _line(PoissonRegressor(alpha=0.1, **_NEWTON)).fit(lines, relative)
        self.purchases_ = _line(PoissonRegressor(alpha=0.01, **_NEWTON)).fit(lines, purchases)
        self.worth_ = _line(GammaRegressor(alpha=0.1, **_NEWTON))
        self.worth_.fit(lines[bought], relative[bought])
        options = {**_SMALL_TREES, "random_state": self.random_state}
        self.root_ = HistGradientBoostingRegressor(**options).fit(trees, np.sqrt(spend))
        self.buys_ = HistGradientBoostingClassifier(**options).fit(trees, bought)
        return self

    def spends(self, logs: pd.DataFrame) -> dict[str, np.ndarray]:
        """What each learner expects, by its name, on the scale of capped spend."""
        trees = self._kept(logs)
        lines = np.nan_to_num(trees)
        buys = self.buys_.predict_proba(trees)[:, 1]
        return {
            "line": self.spend_.predict(lines) * self.scale_,
            "trees": np.maximum(self.root_.predict(trees), 0.0) ** 2,
            "two-part": buys * self.worth_.predict(lines) * self.scale_,
        }

    def purchases(self, logs: pd.DataFrame) -> np.ndarray:
        """Expected purchase days, shape (n,)."""
        return self.purchases_.predict(np.nan_to_num(self._kept(logs)))

    def _kept(self, logs: pd.DataFrame) -> np.ndarray:
        """Nothing above what was seen, where lines run away; and small is small (`FLOOR`)."""
        kept = np.clip(logs.to_numpy(), self.low_, self.high_)
        kept[:, self.empty_] = 0.0
        return kept


_NEWTON: Final = {"solver": "newton-cholesky", "max_iter": 300}
_SMALL_TREES: Final = {
    "max_leaf_nodes": 6,
    "max_iter": 120,
    "learning_rate": 0.05,
    "min_samples_leaf": 60,
    "early_stopping": False,
}


def _line(regressor: BaseEstimator) -> Pipeline:
    return make_pipeline(StandardScaler(), regressor)


def geometric(spends: dict[str, np.ndarray], purchases: np.ndarray) -> np.ndarray:
    """Logarithm of the geometric mean of spends, tilted by purchases."""
    logs = [np.log(np.maximum(spend, LEAST)) for spend in spends.values()]
    return np.mean(logs, axis=0) + TILT * np.log(np.maximum(purchases, 1e-9))
