"""The Qini curve: what is gained by treating the persons of the highest predicted uplift first.

Responsible for judging an order of persons on an experiment that the order never saw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.metrics import Interval
from scoring.uplift.draw import Array, Draw


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Curve:
    """A Qini curve.

    Attributes
    ----------
    share : ndarray
        Of everybody who is treated, from 0 to 1.
    gain : ndarray
        Outcome caused by it, for each person there is; ends in the average effect.
    """

    share: Array
    gain: Array

    @property
    def coefficient(self) -> float:
        """Area between the curve and the straight line to its end: the gain of a random order."""
        return float(np.trapezoid(self.gain, self.share) - self.gain[-1] / 2)


def qini_curve(
    outcome: ArrayLike,
    uplift: ArrayLike,
    treatment: ArrayLike,
    *,
    probability: ArrayLike | float | None = None,
) -> Curve:
    """Return the Qini curve of an order.

    Where the first k of n persons are treated, the gain is k / n times the difference of the mean
    outcomes of the treated and the controls among them. Persons of the same predicted uplift come
    at once, so that one figure for everybody has the straight line.

    Parameters
    ----------
    outcome, treatment : array-like of shape (n,)
        Of an experiment.
    uplift : array-like of shape (n,)
        By which persons are put into order, highest first.
    probability : array-like of shape (n,) or float, optional
        Chance of being treated.

    Returns
    -------
    Curve

    References
    ----------
    Radcliffe, N. J. (2007). Using control groups to target on predicted lift. Direct Marketing
    Analytics Journal. Devriendt, F. et al. (2020). Learning to rank for uplift modeling. IEEE
    TKDE (the form with means of both arms among the first k).

    Examples
    --------
    >>> curve = qini_curve([1, 0, 0, 0], [0.9, 0.8, 0.1, 0.1], [1, 0, 1, 0])
    >>> curve.share.tolist(), curve.gain.tolist(), curve.coefficient
    ([0.0, 0.25, 0.5, 1.0], [0.0, 0.0, 0.5, 0.5], 0.0625)
    """
    draw = Draw.of(outcome, treatment, probability=probability)
    return Order(draw, uplift).curve(np.ones(draw.outcome.size))


def qini_coefficient(
    outcome: ArrayLike,
    uplift: ArrayLike,
    treatment: ArrayLike,
    *,
    probability: ArrayLike | float | None = None,
) -> float:
    """Return the area between the Qini curve and the line of a random order.

    Parameters
    ----------
    outcome, uplift, treatment, probability
        As for `qini_curve`.

    Examples
    --------
    >>> qini_coefficient([1, 0, 0, 1], [0.5, 0.5, 0.5, 0.5], [1, 0, 1, 0])
    0.0
    """
    return qini_curve(outcome, uplift, treatment, probability=probability).coefficient


def qini_interval(
    outcome: ArrayLike,
    uplift: ArrayLike,
    treatment: ArrayLike,
    *,
    against: ArrayLike | None = None,
    probability: ArrayLike | float | None = None,
    persons: ArrayLike | None = None,
    coverage: float = 0.95,
    resamples: int = 200,
    random_state: int | None = 0,
) -> Interval:
    """Return a Qini coefficient, or its lead over that of another order, with an interval.

    Parameters
    ----------
    outcome, uplift, treatment, probability
        As for `qini_curve`.
    against : array-like of shape (n,), optional
        Another order of the same persons, such as that of a response model.
    persons : array-like of shape (n,), optional
        Drawn with all their rows.
    coverage, resamples, random_state
        Of the bootstrap.

    Returns
    -------
    Interval

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x, written = rng.random(4000), rng.integers(2, size=4000)
    >>> bought = rng.random(4000) < 0.1 + 0.4 * x * written
    >>> qini_interval(bought, x, written).low > 0
    True
    """
    draw = Draw.of(outcome, treatment, probability=probability, persons=persons)
    orders = [Order(draw, uplift)] + ([] if against is None else [Order(draw, against)])

    def figure(times: Array) -> float:
        found = [order.curve(times).coefficient for order in orders]
        return found[0] - sum(found[1:])

    rng = np.random.default_rng(random_state)
    there = int(draw.person.max()) + 1
    draws = [
        figure(np.bincount(rng.integers(there, size=there), minlength=there)[draw.person])
        for _ in range(resamples)
    ]
    low, high = np.quantile(draws, [0.5 - coverage / 2, 0.5 + coverage / 2])
    return Interval(figure(np.ones(draw.outcome.size)), float(low), float(high))


class Order:
    """Rows of an experiment in the order of an uplift, ready for the curve of any resample.

    Parameters
    ----------
    draw : Draw
        The experiment.
    uplift : array-like of shape (n,)
        By which its rows are put into order, highest first.

    Raises
    ------
    ValueError
        The uplift has another length, or a number that is not finite.
    """

    def __init__(self, draw: Draw, uplift: ArrayLike) -> None:
        score = np.asarray(uplift, dtype=np.float64)
        if score.shape != draw.outcome.shape or not np.isfinite(score).all():
            raise ValueError(f"uplift: {draw.outcome.size:,} finite numbers are needed")
        self._rows = np.argsort(-score, kind="stable")
        ranked = score[self._rows]
        self._last = np.r_[np.flatnonzero(np.diff(ranked)), ranked.size - 1]
        self._weights = tuple(
            np.where(arm, draw.weight, 0.0)[self._rows] for arm in (draw.treated, ~draw.treated)
        )
        self._outcome = draw.outcome[self._rows]

    def curve(self, times: Array) -> Curve:
        """Return the curve where each row of the draw stands so many times."""
        counts = np.asarray(times, dtype=np.float64)[self._rows]
        share = np.cumsum(counts)[self._last] / counts.sum()
        treated, control = (self._mean(counts * weight) for weight in self._weights)
        gain = np.nan_to_num(share * (treated - control))
        return Curve(share=np.r_[0.0, share], gain=np.r_[0.0, gain])

    def _mean(self, weight: Array) -> Array:
        """Return the mean outcome of an arm among the first k, NaN where nobody of it is there."""
        size = np.cumsum(weight)[self._last]
        total = np.cumsum(weight * self._outcome)[self._last]
        return np.divide(total, size, out=np.full_like(total, np.nan), where=size > 0)
