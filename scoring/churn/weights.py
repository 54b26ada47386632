"""How much each member counts in the mean: as the latest snapshot says, drawn towards equal."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, softmax
from sklearn.base import BaseEstimator

from scoring.churn.rows import Rows

BELIEF = 500
"""Rows that equal weights are worth."""

Learner = Callable[[tuple[str, ...], Rows], Mapping[str, BaseEstimator]]


def validated_weights(
    names: tuple[str, ...], rows: Rows, horizon: int, learn: Learner
) -> dict[str, float]:
    """Weights of members, which sum to 1.

    They are those of the likeliest mixture at the latest snapshot whose labels are known, from
    members that learned on snapshots whose labels were over by then; equal where there is none.

    Parameters
    ----------
    names : tuple of str
        The members.
    rows : Rows
        Design tables with labels.
    horizon : int
        Days that labels look ahead.
    learn : callable
        Fits members on rows.
    """
    equal = {name: 1 / len(names) for name in names}
    if len(names) == 1:
        return equal
    last = rows.days[-1]
    before = rows.take(rows.day + np.timedelta64(horizon, "D") <= last)
    if len(np.unique(before.y)) < 2:
        return equal
    test = rows.at(last)
    told = _told(names, learn(names, before), test)
    return dict(zip(names, _likeliest(told, test.y).tolist(), strict=True))


def _told(
    names: tuple[str, ...], members: Mapping[str, BaseEstimator], rows: Rows
) -> NDArray[np.float64]:
    columns = [
        expit(rows.X["bg_none"]) if name == "bgnbd" else members[name].predict_proba(rows.X)[:, 1]
        for name in names
    ]
    return np.column_stack(columns)


def _likeliest(told: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights of highest posterior; the belief is a Dirichlet around equal ones."""
    happened = np.where(y[:, None] == 1, told, 1 - told)

    def cost(free: NDArray[np.float64]) -> float:
        weights = softmax(np.r_[0.0, free])
        fit = np.log(np.clip(happened @ weights, 1e-9, None)).sum()
        return float(-(fit + BELIEF * np.log(weights).mean())) / len(y)

    end = minimize(cost, np.zeros(told.shape[1] - 1), method="L-BFGS-B")
    return softmax(np.r_[0.0, end.x])
