"""The season: how much faster or slower a shop's people buy than BG/NBD expects of them.

BG/NBD knows no calendar. A *pace* of 1.4 in a window says that its people bought as if each of
its days were 1.4 days long. The pace of past windows is read off what people did; that of a
window to come is told from them, drawn towards 1 by as much as it is unknown: a shop that has
not seen this time of the year yet is told no season.

Not responsible for any model's probabilities: a caller stretches its horizon by the pace.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import brentq, minimize

from scoring.bgnbd.model import BGNBD

YEAR = 365.25
"""Days."""

WIDTH = 0.35
"""Of a season: windows 45 days apart in the calendar are nearly strangers (Christmas is short)."""

MEMORY = 30.0
"""Days after which what was once and not every year is forgotten."""

WARMING = 90.0
"""Days in which the first excess fades that comes from where the data begins: people who had
bought for years look as if they were new."""

LEVEL_SD, WARMING_SD = 0.3, 0.7
"""Of the logarithm of a pace: over the years, and of the first excess."""

SCALES, SCALES_SD = np.log([0.2, 0.15, 0.1]), 0.7
"""What is believed before any data of the size of a season, of passing moods and of noise."""

SHORTEST, LONGEST = 7, 62
"""Days of a window from which a pace is read."""

FASTEST = 3.0
"""Largest logarithm of a pace, up and down."""


def observed_pace(
    model: BGNBD, X: pd.DataFrame, bought: ArrayLike, days: float
) -> tuple[float, float]:
    """Logarithm of the pace at which people bought in a window, and its variance.

    Parameters
    ----------
    model : BGNBD
        Fitted.
    X : DataFrame of shape (n, k)
        Frequency, recency and age when the window began.
    bought : array-like of shape (n,)
        Whether each bought in the window.
    days : float
        Its length.

    Returns
    -------
    tuple of float
        The pace at which the model expects as many people to buy as did; where nobody or
        everybody did, the slowest or fastest that is ever said, with a variance of 1.
    """
    buyers = int(np.sum(bought))
    rest = len(X) - buyers
    none, told = rest / len(X), model.none_by_horizon(X)

    def excess(log_pace: float) -> float:
        return float(told(days * np.exp(log_pace)).mean()) - none

    variance = 1 / max(buyers, 1) + 1 / max(rest, 1)
    if excess(-FASTEST) <= 0:
        return -FASTEST, max(variance, 1.0)
    if excess(FASTEST) >= 0:
        return FASTEST, max(variance, 1.0)
    return float(brentq(excess, -FASTEST, FASTEST, xtol=1e-4)), variance


class Pace:
    """The paces of a shop's past windows, and what they say of a window to come.

    Attributes
    ----------
    middle_ : ndarray of shape (m,)
        Middle of each past window, in days since 1970-01-01.
    log_pace_, variance_ : ndarray of shape (m,)
        What was read, and how unsure that is.
    history_ : ndarray of shape (m,)
        Days of data before each window.
    scales_ : ndarray of shape (3,)
        Standard deviations of the season, of passing moods and of noise, as the windows speak for.

    Notes
    -----
    A Gaussian process on the logarithm: a periodic part of one year, a part that is forgotten, a
    level, noise, and an excess that fades after the first day of data. The three scales are those
    of highest posterior; with less than a year of data nothing tells the periodic part of a window
    that has not been seen, so its forecast is the level's.

    References
    ----------
    Rasmussen, Williams: Gaussian Processes for Machine Learning (2006), sections 4.2 and 5.4.

    Examples
    --------
    >>> Pace().forecast("2024-05-01", 90)  # nothing seen: as BG/NBD says
    1.0
    """

    def __init__(self) -> None:
        self.middle_ = self.log_pace_ = self.variance_ = self.history_ = np.zeros(0)
        self.scales_ = np.exp(SCALES)

    def fit(self, model: BGNBD, X: pd.DataFrame, cutoffs: ArrayLike) -> Self:
        """Read the pace between each two neighbouring cut-offs.

        Parameters
        ----------
        model : BGNBD
            Fitted.
        X : DataFrame of shape (n, k)
            Feature tables of several cut-offs; the index names the person, ``since`` (days from
            the last purchase day) tells at the next cut-off who bought in between.
        cutoffs : array-like of shape (n,), datetime64
            The day of each row.
        """
        days = np.asarray(cutoffs, dtype="datetime64[D]").astype(float)
        steps = np.unique(days)
        windows = [
            _window(model, X[days == start], X[days == end], start, end)
            for start, end in pairwise(steps)
            if SHORTEST <= end - start <= LONGEST
        ]
        if windows:
            self.middle_, self.log_pace_, self.variance_, oldest = np.array(windows).T
            self.history_ = oldest - oldest[0] + _first_history(X[days == steps[0]])
            self.scales_ = self._likeliest()
        return self

    def forecast(self, cutoff: object, horizon: float) -> float:
        """The pace to expect in the `horizon` days after the cut-off.

        Parameters
        ----------
        cutoff : date, str or datetime64
            The last day that is known.
        horizon : float
            Days.

        Returns
        -------
        float
            1 where nothing is known.
        """
        if not len(self.middle_):
            return 1.0
        start = np.datetime64(str(cutoff)[:10], "D").astype(float)
        cells = max(round(horizon / 30), 1)
        ahead = start + (np.arange(cells) + 0.5) * horizon / cells
        return float(np.exp(self._mean(ahead)).mean())

    def told(self, cutoff: object, horizon: float) -> float | None:
        """The pace of past windows within the `horizon` days after a cut-off; None: none is there.

        Parameters
        ----------
        cutoff : date, str or datetime64
            A day that lies behind.
        horizon : float
            Days.
        """
        start = np.datetime64(str(cutoff)[:10], "D").astype(float)
        inside = (self.middle_ > start) & (self.middle_ < start + horizon)
        return float(np.exp(self.log_pace_[inside]).mean()) if inside.any() else None

    def _mean(self, ahead: NDArray[np.float64]) -> NDArray[np.float64]:
        across = _alike(ahead[:, None] - self.middle_, self.scales_)
        return across @ cho_solve(cho_factor(self._covariance(self.scales_)), self.log_pace_)

    def _covariance(self, scales: NDArray[np.float64]) -> NDArray[np.float64]:
        """Of what was read; a window to come is past the first excess, so that is only here."""
        fresh = WARMING_SD * np.exp(-self.history_ / WARMING)
        between = _alike(self.middle_[:, None] - self.middle_, scales)
        return between + np.outer(fresh, fresh) + np.diag(self.variance_ + scales[2] ** 2)

    def _likeliest(self) -> NDArray[np.float64]:
        def cost(logs: NDArray[np.float64]) -> float:
            factor = cho_factor(self._covariance(np.exp(logs)), lower=True)
            fit = self.log_pace_ @ cho_solve(factor, self.log_pace_) / 2
            size = float(np.log(np.diag(factor[0])).sum())
            return fit + size + float(((logs - SCALES) ** 2).sum()) / (2 * SCALES_SD**2)

        return np.exp(minimize(cost, SCALES, method="L-BFGS-B", bounds=[(-5.0, 1.0)] * 3).x)


def _window(
    model: BGNBD, before: pd.DataFrame, after: pd.DataFrame, start: float, end: float
) -> tuple[float, float, float, float]:
    """Middle, log pace, variance and start of one window."""
    since = after["since"].reindex(before.index).fillna(np.inf)
    log_pace, variance = observed_pace(model, before, since < end - start, end - start)
    return (start + end) / 2, log_pace, variance, start


def _first_history(X: pd.DataFrame) -> float:
    return float(X["age"].max())


def _alike(days: NDArray[np.float64], scales: NDArray[np.float64]) -> NDArray[np.float64]:
    """Covariance of two log paces so many days apart."""
    yearly = scales[0] ** 2 * np.exp(-2 * (np.sin(np.pi * days / YEAR) / WIDTH) ** 2)
    return yearly + scales[1] ** 2 * np.exp(-np.abs(days) / MEMORY) + LEVEL_SD**2
