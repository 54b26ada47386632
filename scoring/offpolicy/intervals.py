"""Intervals of an estimate: from its influence function, or by bootstrap; rows go by person.

Responsible for uncertainty only; knows no formula of `scoring.offpolicy.estimators`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """How sure a mean is.

    Attributes
    ----------
    error : float
        Its standard error; infinite where there is one person only.
    freedom : float
        Degrees of freedom of that error: few where few persons carry most of it, as those do for
        whom a log of small probabilities speaks.

    References
    ----------
    Liang, K.-Y. and Zeger, S. L. (1986). Longitudinal data analysis using generalized linear
    models. Biometrika 73(1). Satterthwaite, F. E. (1946). An approximate distribution of
    estimates of variance components. Biometrics Bulletin 2(6).
    """

    error: float
    freedom: float

    @classmethod
    def of(cls, sums: Array, rows: int) -> Self:
        """Return the spread of a mean over rows from its influence, summed by person.

        Examples
        --------
        >>> even = Spread.of(np.array([1.0, -1.0, 1.0, -1.0]), rows=4)
        >>> round(even.error, 3), even.freedom
        (0.577, 3.0)
        >>> Spread.of(np.array([9.0, -1.0, -1.0, -1.0]), rows=4).freedom < 3
        True
        """
        persons, squares = len(sums), float(np.sum(sums**2))
        if persons < 2:
            return cls(error=np.inf, freedom=1.0)
        error = float(np.sqrt(persons / (persons - 1) * squares)) / rows
        uneven = float(np.sum(sums**4)) / squares**2 - 1 / persons if squares else 0.0
        freedom = min(2 / uneven, persons - 1) if uneven > 0 else persons - 1
        return cls(error=error, freedom=max(float(freedom), 1.0))

    def reach(self, coverage: float) -> float:
        """Return how far an interval of Student's t goes to either side."""
        return float(t.ppf(0.5 + coverage / 2, self.freedom)) * self.error


def t_interval(value: float, spread: Spread, coverage: float) -> tuple[float, float]:
    """Return an interval that goes as far to either side."""
    reach = spread.reach(coverage)
    return value - reach, value + reach


def log_interval(value: float, spread: Spread, coverage: float) -> tuple[float, float]:
    """Return an interval that goes as far to either side on the scale of logarithms.

    A mean of rare rewards tends to be told too low and too sure at once, so its interval must
    reach farther up than down. The value must be above 0.
    """
    factor = float(np.exp(spread.reach(coverage) / value))
    return value / factor, value * factor


def difference_interval(
    values: tuple[float, float],
    ends: tuple[tuple[float, float], tuple[float, float]],
    correlation: float,
) -> tuple[float, float]:
    """Return an interval of the first value minus the second from the intervals of both.

    References
    ----------
    Zou, G. Y. and Donner, A. (2008). Construction of confidence limits about effect measures: a
    general approach. Statistics in Medicine 27(10).

    Examples
    --------
    >>> low, high = difference_interval((3.0, 1.0), ((0.0, 6.0), (-3.0, 5.0)), 0.0)
    >>> low, high
    (-3.0, 7.0)
    """
    (first, second), ((low, high), (low_2, high_2)) = values, ends

    def reach(one: float, other: float) -> float:
        return float(np.sqrt(max(one**2 + other**2 - 2 * correlation * one * other, 0.0)))

    value = first - second
    return value - reach(first - low, high_2 - second), value + reach(high - first, second - low_2)


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


def _resample(sums: Array, resamples: int, rng: np.random.Generator) -> Iterator[Array]:
    persons = len(sums)
    block = max(_BLOCK // persons, 1)
    for start in range(0, resamples, block):
        size = min(block, resamples - start)
        picks = rng.integers(persons, size=(size, persons))
        offsets = np.arange(size)[:, None] * persons
        counts = np.bincount((picks + offsets).ravel(), minlength=size * persons)
        yield counts.reshape(size, persons) @ sums
