"""The population stability index: how far a column has moved since training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import chi2

MOST_PSI: Final = 0.25
"""Above it a column counts as moved: the customary threshold of credit scoring."""

CONFIDENCE: Final = 0.999
"""Few people move a column by chance; below this confidence it counts as unmoved."""

_LEAST_SHARE: Final = 1e-4
"""Of a bin, so that an empty one does not make the index endless."""


def reference(values: ArrayLike, bins: int = 10) -> dict[str, Any]:
    """Return how a column is spread, as what JSON can hold.

    Parameters
    ----------
    values : array-like of shape (n,)
        NaN is a bin of its own.
    bins : int
        Between quantiles; fewer where many values are the same.

    Returns
    -------
    dict
        ``edges`` (inner ones, ascending), ``shares`` (one more than edges, and last that of NaN)
        and ``rows``.

    Examples
    --------
    >>> reference([1.0, 2.0, 3.0, 4.0], bins=2)
    {'edges': [2.5], 'shares': [0.5, 0.5, 0.0], 'rows': 4}
    """
    column = np.asarray(values, dtype=float)
    there = column[~np.isnan(column)]
    inner = np.linspace(0, 1, bins + 1)[1:-1]
    edges = np.unique(np.quantile(there, inner)) if len(there) else np.empty(0)
    return {
        "edges": edges.tolist(),
        "shares": _shares(column, edges).tolist(),
        "rows": len(column),
    }


def psi(then: Mapping[str, Any], values: ArrayLike) -> float:
    """Return the population stability index of a column against its reference.

    Parameters
    ----------
    then : mapping
        As of `reference`.
    values : array-like of shape (m,)
        The column now.

    Returns
    -------
    float
        Sum over bins of (now - then) * ln(now / then); 0 when nothing moved.

    References
    ----------
    Yurdakul, Naranjo: Statistical properties of the population stability index. Journal of Risk
    Model Validation 14 (2020).

    Examples
    --------
    >>> then = reference([1.0, 2.0, 3.0, 4.0], bins=2)
    >>> psi(then, [1.0, 2.0, 3.0, 4.0])
    0.0
    >>> psi(then, [3.0, 4.0, 5.0, 6.0]) > MOST_PSI
    True
    """
    old = np.maximum(np.asarray(then["shares"], dtype=float), _LEAST_SHARE)
    column = np.asarray(values, dtype=float)
    new = np.maximum(_shares(column, np.asarray(then["edges"], dtype=float)), _LEAST_SHARE)
    return float(np.sum((new - old) * np.log(new / old)))


def moved(then: Mapping[str, Any], values: ArrayLike) -> bool:
    """Tell whether a column has moved, beyond `MOST_PSI` and beyond what chance does to so few.

    With n people then and m now, an unmoved column's index times n m / (n + m) is about
    chi-squared with one degree of freedom less than there are bins.

    Examples
    --------
    >>> then = reference([1.0, 2.0, 3.0, 4.0], bins=2)
    >>> moved(then, [3.0, 4.0])  # too few to tell
    False
    """
    rows, now = int(then["rows"]), len(np.asarray(values))
    if not rows or not now:
        return False
    freedom = max(len(then["shares"]) - 1, 1)
    chance = chi2.ppf(CONFIDENCE, freedom) * (1 / rows + 1 / now)
    return psi(then, values) > max(MOST_PSI, float(chance))


def _shares(column: np.ndarray, edges: np.ndarray) -> np.ndarray:
    missing = np.isnan(column)
    place = np.where(missing, len(edges) + 1, np.searchsorted(edges, column, side="left"))
    return np.bincount(place, minlength=len(edges) + 2) / max(len(column), 1)
