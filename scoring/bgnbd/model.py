"""The estimator: BG/NBD as scikit-learn would have it.

It needs no labels: what it learns are four numbers of the shop. Where its columns come from, and
whether its level fits the season, is not its concern.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator
from sklearn.utils import Tags
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from scoring.bgnbd import posterior
from scoring.bgnbd.likelihood import fitted, rows_of

COLUMNS = ("frequency", "recency", "age")


class BGNBD(BaseEstimator):
    """Beta-geometric / negative binomial: P(no purchase), purchases to come, P(alive).

    Parameters
    ----------
    horizon : float, default 90
        Days that `predict_proba` and `predict` look ahead.

    Attributes
    ----------
    r_, alpha_ : float
        Shape and rate (days) of the gamma distribution of purchase rates.
    a_, b_ : float
        Of the beta distribution of the probability to stop after a repeat purchase.
    log_likelihood_ : float
        Mean over people, times in units of their mean age.
    classes_ : ndarray
        0 (buys) and 1 (does not).
    n_features_in_ : int
        Columns seen in `fit`.
    feature_names_in_ : ndarray of str
        Their names, when they had any.

    Notes
    -----
    X is a feature table, of which the columns ``frequency`` (purchase days after the first),
    ``recency`` (days from the first to the last purchase day) and ``age`` (days from the first
    purchase day to the cut-off) are used, or an array whose first three columns are these (of two
    columns: people who bought on the day itself, whose age is their recency). Named columns are
    held to their meaning; in an array recency is cut at age. NaN is refused.

    Never rank by ``1 - alive``: it is 0 for everybody who bought once.

    References
    ----------
    Fader, Hardie, Lee: "Counting your customers" the easy way: an alternative to the Pareto/NBD
    model. Marketing Science 24 (2005) 275-284.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame(
    ...     {"frequency": [0, 0, 3, 9], "recency": [0, 0, 80, 300], "age": [200, 30, 90, 310]},
    ...     dtype=float,
    ... )
    >>> model = BGNBD(horizon=90).fit(people)
    >>> model.predict_proba(people)[:, 1].argmin()  # buys often, and lately
    np.int64(3)
    >>> bool(model.expected_purchases(people, 30)[3] > model.expected_purchases(people, 30)[0])
    True
    """

    def __init__(self, horizon: float = 90) -> None:
        self.horizon = horizon

    def fit(self, X: ArrayLike, y: object = None, sample_weight: ArrayLike | None = None) -> Self:
        """Learn the four parameters by maximum likelihood with a weak prior.

        Parameters
        ----------
        X : DataFrame or array of shape (n, 3)
            People by frequency, recency and age in days.
        y : ignored
            There are no labels.
        sample_weight : array-like of shape (n,), optional
            People for whom each row stands.

        Raises
        ------
        ValueError
            A column is missing, or a value cannot be.
        """
        if not self.horizon > 0:
            raise ValueError(f"horizon is {self.horizon!r}; a positive number of days is right")
        x, recency, age = self._columns(X, reset=True)
        if sample_weight is not None:
            sample_weight = _check_sample_weight(sample_weight, X, ensure_non_negative=True)
            if not sample_weight.sum() > 0:
                raise ValueError("sample_weight is 0 for everybody; some must be positive")
        scale = max(float(np.average(age, weights=sample_weight)), 1.0)
        rows = rows_of(x, recency, age, sample_weight, scale)
        (self.r_, alpha, self.a_, self.b_), self.log_likelihood_ = fitted(rows)
        self.alpha_ = alpha * scale
        self.classes_ = np.array([0, 1])
        return self

    def predict_proba(self, X: ArrayLike) -> np.ndarray:
        """P(buys) and P(does not buy) within the horizon, shape (n, 2)."""
        none = self.none_within(X, self.horizon)
        return np.column_stack([1 - none, none])

    def predict(self, X: ArrayLike) -> np.ndarray:
        """1 where no purchase within the horizon is likelier than one, shape (n,)."""
        return (self.none_within(X, self.horizon) > 0.5).astype(int)

    def none_within(self, X: ArrayLike, horizon: float | np.ndarray) -> np.ndarray:
        """P(no purchase in the next `horizon` days), shape (n,); one horizon, or one a row."""
        return posterior.none_within(self._parameters(), *self._columns(X), horizon)

    def none_by_horizon(self, X: ArrayLike) -> Callable[[float], np.ndarray]:
        """`none_within` of the same people as a function of the horizon; X is checked once."""
        parameters, columns = self._parameters(), self._columns(X)
        return lambda horizon: posterior.none_within(parameters, *columns, horizon)

    def expected_purchases(self, X: ArrayLike, horizon: float | np.ndarray) -> np.ndarray:
        """Mean number of purchases in the next `horizon` days, shape (n,)."""
        return posterior.expected(self._parameters(), *self._columns(X), horizon)

    def alive(self, X: ArrayLike) -> np.ndarray:
        """P(has not stopped for good), shape (n,); 1 for everybody who bought once."""
        return posterior.alive(self._parameters(), *self._columns(X))

    def _parameters(self) -> np.ndarray:
        check_is_fitted(self, "r_")
        return np.array([self.r_, self.alpha_, self.a_, self.b_])

    def _columns(self, X: ArrayLike, *, reset: bool = False) -> tuple[np.ndarray, ...]:
        """Frequency, recency and age."""
        if isinstance(X, pd.DataFrame) and "frequency" in X:
            _check_names(X)
            X = X[list(COLUMNS)]
            _check_meaning(X)
        array = validate_data(self, X, dtype=float, reset=reset, ensure_min_features=1 + reset)
        if array.min() < 0:
            raise ValueError("Negative values in data passed to BGNBD; counts and days are not")
        x, recency, age = np.rint(array[:, 0]), array[:, 1], array[:, min(2, array.shape[1] - 1)]
        return x, np.where(x > 0, np.minimum(recency, age), 0.0), age

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        return tags


def _check_names(X: pd.DataFrame) -> None:
    missing = [name for name in COLUMNS if name not in X]
    if missing:
        raise ValueError(f"BGNBD needs the columns {', '.join(COLUMNS)}; {missing} is missing")


def _check_meaning(X: pd.DataFrame) -> None:
    wrong = int((X["recency"] > X["age"]).sum())
    if wrong:
        raise ValueError(
            f"recency is above age in {wrong:,} rows; it is the part of age before the last "
            "purchase day"
        )
