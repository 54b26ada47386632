"""How well predictions put people in order; their level is not looked at."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata


def auc(y: ArrayLike, p: ArrayLike) -> float:
    """Area under the ROC curve; ties count one half.

    Parameters
    ----------
    y : array-like of shape (n,)
        0 or 1.
    p : array-like of shape (n,)
        Scores; larger means 1 is likelier.

    Returns
    -------
    float
        P(a random 1 has a larger score than a random 0); NaN when one of the two is absent.

    Examples
    --------
    >>> auc([0, 0, 1, 1], [0.1, 0.4, 0.4, 0.8])
    0.875
    >>> auc([1, 1], [0.2, 0.3])
    nan
    """
    ones = np.asarray(y) == 1
    n_ones, n_zeros = int(ones.sum()), int((~ones).sum())
    if not n_ones or not n_zeros:
        return float("nan")
    ranks = rankdata(np.asarray(p, dtype=float))
    return float((ranks[ones].sum() - n_ones * (n_ones + 1) / 2) / (n_ones * n_zeros))


def lift(y: ArrayLike, p: ArrayLike, share: float = 0.1) -> float:
    """How many times the base rate the highest scores hold.

    Parameters
    ----------
    y : array-like of shape (n,)
        0 or 1.
    p : array-like of shape (n,)
        Scores.
    share : float, default 0.1
        The part of all people that is looked at.

    Returns
    -------
    float
        At most ``1 / base rate``; NaN without a 1. People of one score share what they hold.

    Examples
    --------
    >>> lift([1, 0, 0, 0, 1, 0, 0, 0, 0, 0], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0], share=0.2)
    2.5
    """
    y = _evened(np.asarray(y, dtype=float), np.asarray(p, dtype=float))
    base = y.mean()
    top = max(round(share * len(y)), 1)
    return float(y[:top].mean() / base) if base > 0 else float("nan")


def normalised_gini(actual: ArrayLike, predicted: ArrayLike) -> float:
    """How much of the concentration of `actual` the order of `predicted` finds.

    Parameters
    ----------
    actual : array-like of shape (n,)
        Not negative, such as spend.
    predicted : array-like of shape (n,)
        Any scale; only its order counts, and equal predictions are taken in no order.

    Returns
    -------
    float
        1 for the best order, about 0 for a random one, -1 for the worst; NaN when all are alike.

    Examples
    --------
    >>> normalised_gini([0, 0, 10, 30], [1, 2, 3, 4])
    1.0
    >>> normalised_gini([0, 0, 10, 30], [4, 3, 2, 1])
    -1.0
    """
    actual = np.asarray(actual, dtype=float)
    best = _area(_evened(actual, actual))
    return _area(_evened(actual, np.asarray(predicted, dtype=float))) / best if best else np.nan


def spearman(actual: ArrayLike, predicted: ArrayLike) -> float:
    """Correlation of ranks; ties have their mean rank. NaN when one side is constant.

    Examples
    --------
    >>> spearman([1, 2, 3], [10, 100, 1000])
    1.0
    """
    a, b = (rankdata(np.asarray(values, dtype=float)) for values in (actual, predicted))
    a, b = a - a.mean(), b - b.mean()
    size = np.sqrt((a @ a) * (b @ b))
    return float(a @ b / size) if size else float("nan")


def _evened(values: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Values by falling score; each group of one score holds its mean."""
    order = np.argsort(-scores, kind="stable")
    values, scores = values[order], scores[order]
    starts = np.flatnonzero(np.r_[True, np.diff(scores) != 0])
    counts = np.diff(np.r_[starts, len(scores)])
    return np.repeat(np.add.reduceat(values, starts) / counts, counts)


def _area(values: np.ndarray) -> float:
    """Area between the curve of shares and the diagonal."""
    total = values.sum()
    if total <= 0:
        return 0.0
    n = len(values)
    area = float(np.cumsum(values).sum() / total - (n + 1) / 2) / n
    return area if abs(area) > 1e-12 else 0.0
