"""How sure a figure is: the bootstrap over persons.

Rows of one person are not independent of each other (the same person stands in every snapshot),
so persons are drawn with all their rows, never rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and the range that holds it with the stated coverage.

    Examples
    --------
    >>> print(Interval(0.7941, 0.7812, 0.806))
    0.794 [0.781, 0.806]
    """

    estimate: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.estimate:.3f} [{self.low:.3f}, {self.high:.3f}]"

    def __format__(self, spec: str) -> str:
        spec = spec or ".3f"
        return f"{self.estimate:{spec}} [{self.low:{spec}}, {self.high:{spec}}]"


def interval(
    statistic: Callable[..., float],
    *arrays: ArrayLike,
    groups: ArrayLike | None = None,
    times: int = 200,
    coverage: float = 0.95,
    random_state: int | None = 0,
) -> Interval:
    """A statistic with its percentile-bootstrap interval, clustered by person.

    Parameters
    ----------
    statistic : callable
        Takes as many arrays as are given and returns a number.
    *arrays : array-like of shape (n,) or (n, k)
        One entry a row.
    groups : array-like of shape (n,), optional
        Whose row it is; persons are drawn with all their rows. None: each row is its own.
    times : int, default 200
        Draws.
    coverage : float, default 0.95
        Of the interval.
    random_state : int or None, default 0
        Seed of the draws.

    Returns
    -------
    Interval
        Draws whose statistic is NaN (no positive was drawn) are left out.

    References
    ----------
    Field, Welsh: Bootstrapping clustered data. JRSS B 69 (2007).

    Examples
    --------
    >>> import numpy as np
    >>> x = np.r_[np.zeros(50), np.ones(50)]
    >>> found = interval(np.mean, x)
    >>> found.low < found.estimate == 0.5 < found.high
    True
    """
    arrays = tuple(np.asarray(array) for array in arrays)
    found = [
        statistic(*(array[rows] for array in arrays))
        for rows in draws(len(arrays[0]), groups, times, random_state)
    ]
    edges = np.nanquantile(found, [(1 - coverage) / 2, (1 + coverage) / 2])
    return Interval(float(statistic(*arrays)), float(edges[0]), float(edges[1]))


def paired_difference(
    statistic: Callable[[np.ndarray, np.ndarray], float],
    y: ArrayLike,
    ours: ArrayLike,
    theirs: ArrayLike,
    **options: object,
) -> Interval:
    """``statistic(y, ours) - statistic(y, theirs)`` on the same draws of the same rows.

    Parameters
    ----------
    statistic : callable
        Of what happened and what was predicted.
    y : array-like of shape (n,)
        What happened.
    ours, theirs : array-like of shape (n,)
        Two predictions of it.
    **options
        Those of `interval`.

    Examples
    --------
    >>> from scoring.metrics import brier
    >>> y = [0, 1, 0, 1]
    >>> paired_difference(brier, y, [0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5]).estimate
    -0.25
    """

    def difference(y: np.ndarray, a: np.ndarray, b: np.ndarray) -> float:
        return statistic(y, a) - statistic(y, b)

    return interval(difference, y, ours, theirs, **options)  # type: ignore[arg-type]


def draws(
    rows: int, groups: ArrayLike | None, times: int, random_state: int | None
) -> Iterator[np.ndarray]:
    """Yield the row numbers of each draw; persons are drawn with all their rows."""
    random = np.random.default_rng(random_state)
    if groups is None:
        for _ in range(times):
            yield random.integers(rows, size=rows)
        return
    code = np.unique(np.asarray(groups), return_inverse=True)[1]
    order = np.argsort(code, kind="stable")
    counts = np.bincount(code)
    starts = np.cumsum(counts) - counts
    for _ in range(times):
        yield order[_rows_of(random.integers(len(counts), size=len(counts)), starts, counts)]


def _rows_of(persons: np.ndarray, starts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Places of all rows of the persons, one person after the other."""
    count = counts[persons]
    shift = np.repeat(starts[persons] - (np.cumsum(count) - count), count)
    return np.arange(count.sum()) + shift
