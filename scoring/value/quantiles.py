"""Intervals of spend: quantiles of a two-part model, conformalised on people not learned from.

Most people spend nothing, and few spend very much. So the distribution is a mass at 0 and a line
on log spend with residuals as they were seen; no shape is assumed for its tail. How wide the truth
is stands for itself in each fifth of people by P(buys): who will most likely spend nothing is
easily right, and would else pay for intervals that miss who buys often.

References
----------
Romano, Patterson, Candes: Conformalized quantile regression. NeurIPS 2019.
Chernozhukov, Wuthrich, Zhu: Distributional conformal prediction. PNAS 118 (2021).
"""

from __future__ import annotations

from typing import Final, Self

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

GRID: Final = 401
"""Quantiles that are kept of residuals and of conformity scores."""

FEW: Final = 20
"""Buyers, and people who did not buy, below which nothing can be learned."""

GROUPS: Final = 5
"""Parts of people by P(buys) that are calibrated apart."""

GROUP: Final = 100
"""People that each of them must have."""


class SpendQuantiles(BaseEstimator):
    """P(buys), log spend of who buys, its spread; and how wide the truth was."""

    def fit(self, logs: pd.DataFrame, spend: np.ndarray, held: np.ndarray) -> Self:
        """Learn from the rows that are not `held`, and calibrate on those that are."""
        known = ~held
        self.low_, self.high_ = logs[known].min().to_numpy(), logs[known].max().to_numpy()
        lines, bought = self._lines(logs), spend > 0
        rows, log_spend = known & bought, np.log(np.where(bought, spend, 1.0))
        self.buys_ = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=2000))
        self.buys_.fit(lines[known], bought[known])
        self.worth_ = make_pipeline(StandardScaler(), Ridge(10.0))
        self.worth_.fit(lines[rows], log_spend[rows])
        missed = np.abs(log_spend - self.worth_.predict(lines))
        self.spread_ = make_pipeline(StandardScaler(), Ridge(100.0))
        self.spread_.fit(lines[rows], np.log(np.maximum(missed[rows], 0.05)))
        self._calibrate(logs[held], spend[held])
        return self

    def _calibrate(self, logs: pd.DataFrame, spend: np.ndarray) -> None:
        buys, middle, spread = self._parts(logs)
        bought = spend > 0
        z = (np.log(np.where(bought, spend, 1.0)) - middle) / spread
        shares = np.linspace(0, 1, GRID)
        self.residuals_ = np.quantile(z[bought], shares)
        below = 1 - buys + buys * np.interp(z, self.residuals_, shares)
        scores = _score(np.where(bought, below, 0.0), buys)
        groups = max(min(len(scores) // GROUP, GROUPS), 1)
        self.edges_ = np.quantile(buys, np.arange(1, groups) / groups)
        which = np.digitize(buys, self.edges_)
        self.scores_ = [_thinned(scores[which == group]) for group in range(groups)]

    def interval(
        self, logs: pd.DataFrame, coverage: float, season: float = 0.0, buying: float = 0.0
    ) -> np.ndarray:
        """Lower and upper end, shape (n, 2).

        Parameters
        ----------
        logs : DataFrame
            As in `fit`.
        coverage : float
            Share of people whose spend lies within.
        season : float, default 0
            Logarithm by which total spend is above that learned from.
        buying : float, default 0
            The same of the odds to buy; the rest is what a buyer spends.
        """
        buys, middle, spread = self._parts(logs)
        more = expit(logit(buys) + buying)
        middle = middle + season - np.log(more / buys)
        widths = np.array([_ranked(scores, coverage) for scores in self.scores_])
        wide = widths[np.digitize(buys, self.edges_)]
        low, high = _levels(wide, more)
        return np.column_stack(
            [self._quantile(level, more, middle, spread) for level in (low, high)]
        )

    def _quantile(
        self, level: np.ndarray, buys: np.ndarray, middle: np.ndarray, spread: np.ndarray
    ) -> np.ndarray:
        share = (level - (1 - buys)) / buys
        z = np.interp(share, np.linspace(0, 1, GRID), self.residuals_)
        return np.where(share > 1e-12, np.exp(np.minimum(middle + spread * z, 700.0)), 0.0)

    def _parts(self, logs: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        lines = self._lines(logs)
        buys = np.clip(self.buys_.predict_proba(lines)[:, 1], 1e-6, 1 - 1e-6)
        return buys, self.worth_.predict(lines), np.exp(self.spread_.predict(lines))

    def _lines(self, logs: pd.DataFrame) -> np.ndarray:
        return np.nan_to_num(np.clip(logs.to_numpy(), self.low_, self.high_))


def _thinned(scores: np.ndarray) -> np.ndarray:
    """Sorted; of very many, quantiles."""
    if len(scores) > GRID * 10:
        return np.quantile(scores, np.linspace(0, 1, GRID * 10))
    return np.sort(scores)


def _ranked(scores: np.ndarray, coverage: float) -> float:
    """What one more score is below with the coverage; infinitely wide when they are too few."""
    rank = int(np.ceil((len(scores) + 1) * coverage))
    return float(scores[rank - 1]) if rank <= len(scores) else 1.0


def _levels(wide: np.ndarray, buys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Quantile levels of the ends of an interval that grows with `wide`, 0 to 1.

    Between equal tails where 0 lies in the lower tail; else from 0 up, so that the mass at 0 is
    not counted as a tail: it is what will most likely happen.
    """
    inside = 2 * buys - 1 > wide
    low = np.where(inside, (1 - wide) / 2, 0.0)
    return low, np.where(inside, (1 + wide) / 2, np.maximum(wide, np.where(buys > 0.5, buys, 0.0)))


def _score(below: np.ndarray, buys: np.ndarray) -> np.ndarray:
    """The smallest `wide` whose interval holds a spend with this share of people below it.

    `below` is 0 for who spent nothing.
    """
    turn = np.maximum(2 * buys - 1, 0.0)
    upper = np.where(below <= buys, np.clip(2 * below - 1, 0.0, turn), np.maximum(below, turn))
    lower = np.clip(1 - 2 * below, 0.0, turn)
    return np.where(below == 0, turn, np.where(buys > 0.5, np.maximum(upper, lower), below))
