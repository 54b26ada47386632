"""Shares with their intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm


def wilson(
    successes: ArrayLike, trials: ArrayLike, *, coverage: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the ends of the interval of a share.

    Parameters
    ----------
    successes, trials : array-like of shape (n,)
    coverage : float

    Returns
    -------
    low, high : ndarray of shape (n,)
        0 and 1 where there was no trial.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    JASA 22.

    Examples
    --------
    >>> low, high = wilson([0, 50], [10, 100])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.404], [0.278, 0.596])
    """
    x, n = np.asarray(successes, float), np.asarray(trials, float)
    z = norm.ppf((1 + coverage) / 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = (x + z**2 / 2) / (n + z**2)
        half = z / (n + z**2) * np.sqrt(x * (n - x) / n + z**2 / 4)
    low, high = np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)
    return np.where(n > 0, low, 0.0), np.where(n > 0, high, 1.0)


def with_share(frame: Any, part: str, whole: str, *, coverage: float = 0.95) -> Any:
    """Return a table with ``share``, ``low`` and ``high`` of one column in another."""
    low, high = wilson(frame[part], frame[whole], coverage=coverage)
    return frame.assign(
        share=frame[part] / frame[whole].where(frame[whole] > 0), low=low, high=high
    )
