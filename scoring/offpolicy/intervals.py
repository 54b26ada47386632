"""Intervals of an estimate: from its influence function, or by bootstrap; rows go by person.

Responsible for uncertainty only; knows no formula of `scoring.offpolicy.estimators`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.stats import t

Array = NDArray[np.float64]

_BLOCK = 4_000_000
"""Draws held at once by the bootstrap: 32 MB of counts."""


def by_person(columns: Array, person: NDArray[np.int64]) -> Array:
    """Return the sums of columns over the rows of each person.

    Parameters
    ----------
    columns : ndarray of shape (n, k)
    person : ndarray of shape (n,)
        Numbers from 0.

    Returns
    -------
    ndarray of shape (persons, k)

    Examples
    --------
    >>> by_person(np.array([[1.0], [2.0], [4.0]]), np.array([0, 1, 0]))
    array([[5.],
           [2.]])
    """
    rows = np.arange(len(person))
    shape = (int(person.max()) + 1, len(person))
    return np.asarray(csr_matrix((np.ones(len(person)), (person, rows)), shape=shape) @ columns)


def standard_error(influence: Array, person: NDArray[np.int64]) -> float:
    """Return the standard error of a mean whose influence function is given, by person.

    Parameters
    ----------
    influence : ndarray of shape (n,)
        Its mean is 0.
    person : ndarray of shape (n,)
        Rows of one person may depend on each other, persons do not.

    Returns
    -------
    float
        Infinite where there is one person only.

    References
    ----------
    Liang, K.-Y. and Zeger, S. L. (1986). Longitudinal data analysis using generalized linear
    models. Biometrika 73(1).
    """
    sums = by_person(influence[:, None], person)[:, 0]
    persons = len(sums)
    if persons < 2:
        return np.inf
    return float(np.sqrt(persons / (persons - 1) * np.sum(sums**2)) / len(influence))


def normal_interval(
    value: float, error: float, persons: int, coverage: float
) -> tuple[float, float]:
    """Return value and quantile of Student's t times its error, both ways."""
    reach = float(t.ppf(0.5 + coverage / 2, max(persons - 1, 1))) * error
    return value - reach, value + reach


def bootstrap_interval(
    moments: Array,
    person: NDArray[np.int64],
    value: Callable[[Array], Array],
    *,
    coverage: float,
    resamples: int,
    random_state: int | np.random.Generator | None,
) -> tuple[float, float]:
    """Return percentiles of an estimate over resamples of persons.

    Parameters
    ----------
    moments : ndarray of shape (n, k)
        The estimate is a function of their means.
    person : ndarray of shape (n,)
        Drawn with all their rows.
    value : callable
        Means of shape (resamples, k) to values of shape (resamples,).
    coverage : float
        Share of resamples inside of it.
    resamples : int
        How many.
    random_state : int, Generator or None
        Seed of the draws.

    References
    ----------
    Efron, B. and Tibshirani, R. (1993). An Introduction to the Bootstrap. Chapman and Hall.
    """
    sums = by_person(np.column_stack([moments, np.ones(len(moments))]), person)
    draws = np.concatenate(list(_resample(sums, resamples, np.random.default_rng(random_state))))
    values = value(draws[:, :-1] / draws[:, -1:])
    low, high = np.nanquantile(values, [0.5 - coverage / 2, 0.5 + coverage / 2])
    return float(low), float(high)


def _resample(sums: Array, resamples: int, rng: np.random.Generator):
    persons = len(sums)
    block = max(_BLOCK // persons, 1)
    for start in range(0, resamples, block):
        size = min(block, resamples - start)
        picks = rng.integers(persons, size=(size, persons))
        offsets = np.arange(size)[:, None] * persons
        counts = np.bincount((picks + offsets).ravel(), minlength=size * persons)
        yield counts.reshape(size, persons) @ sums
