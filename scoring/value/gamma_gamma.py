"""Gamma-Gamma: what a person spends on a purchase day, from his own mean and everybody's.

How often he buys is not its concern; it takes the two to be independent.
"""

from __future__ import annotations

from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import betaln
from sklearn.base import BaseEstimator
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from scoring.value.columns import people

PRIOR_SD: Final = 2.0
"""Of the logarithms of p, q and v (over the typical mean) around `CENTRE`; counts only where a
small shop leaves a parameter open."""

CENTRE: Final = np.log([4.0, 4.0, 3.0])
"""A shop whose people differ about as much as the purchases of one person."""

MOST: Final = 50_000
"""People of whom the parameters are learned, evenly spaced."""


class GammaGamma(BaseEstimator):
    """Expected spend of a purchase day.

    A person's purchases are gamma(p, nu) around his own mean, and nu is gamma(q, v) over people.

    Attributes
    ----------
    p_, q_ : float
        Shapes.
    v_ : float
        Rate, in the store's currency.
    n_features_in_, feature_names_in_
        As everywhere in scikit-learn.

    Notes
    -----
    X is a feature table of which ``frequency`` (purchase days after the first) and ``value_mean``
    (mean of all purchase days) are used, or an array of these two. The first purchase counts too;
    the paper leaves it out, for BG/NBD's sake. Who spent nothing is left out of the fit.

    The mean of the population is ``p v / (q - 1)``; q is kept above 1, so that there is one.

    References
    ----------
    Fader, Hardie: The Gamma-Gamma model of monetary value (2013), brucehardie.com/notes/025.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"frequency": [0.0, 30, 0, 5], "value_mean": [90.0, 90, 20, 25]})
    >>> once, often, *_ = GammaGamma().fit(people).predict(people)
    >>> bool(once < often < 90)  # who bought once is drawn further to the others
    True
    """

    def fit(self, X: ArrayLike, y: object = None) -> Self:
        """Learn p, q and v by maximum likelihood with a weak prior.

        Parameters
        ----------
        X : DataFrame or array of shape (n, 2)
            Frequency and mean of purchase days.
        y : ignored
            There are no labels.

        Raises
        ------
        ValueError
            A column is missing, NaN or negative.
        """
        days, mean = self._columns(X, reset=True)
        days, mean = days[mean > 0], mean[mean > 0]
        step = max(-(-len(mean) // MOST), 1)
        days, mean = days[::step], mean[::step]
        scale = float(np.exp(np.log(mean).mean())) if len(mean) else 0.0
        end = minimize(
            _cost, CENTRE, args=(days, mean / scale), method="L-BFGS-B", bounds=[(-9.0, 9.0)] * 3
        )
        self.p_, self.q_, self.v_ = _parameters(end.x) * (1.0, 1.0, scale)
        return self

    def predict(self, X: ArrayLike) -> np.ndarray:
        """Expected spend of a purchase day to come, in the store's currency, shape (n,)."""
        check_is_fitted(self, "p_")
        days, mean = self._columns(X, reset=False)
        return self.p_ * (self.v_ + days * mean) / (self.p_ * days + self.q_ - 1)

    def _columns(self, X: ArrayLike, *, reset: bool) -> tuple[np.ndarray, np.ndarray]:
        frame = people(self, X, reset=reset, needed=("frequency", "value_mean"))
        return frame["frequency"].to_numpy() + 1, frame["value_mean"].to_numpy()

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        return tags


def _parameters(theta: np.ndarray) -> np.ndarray:
    """p, q, v of their logarithms (q: of how far it is above 1)."""
    return np.exp(theta) + np.array([0.0, 1.0, 0.0])


def _cost(theta: np.ndarray, days: np.ndarray, mean: np.ndarray) -> float:
    """Mean negative log posterior."""
    away = (theta - CENTRE) / PRIOR_SD
    value = _log_likelihood(_parameters(theta), days, mean).sum() - away @ away / 2
    return float(-value / max(len(days), 1))


def _log_likelihood(parameters: np.ndarray, days: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Of each person's mean: the paper's eq. 1a, a beta prime in days * mean."""
    p, q, v = parameters
    total = days * mean
    shape = p * days
    found = (shape - 1) * np.log(total) + q * np.log(v) - (shape + q) * np.log(v + total)
    return found - betaln(shape, q) + np.log(days)
