"""BG/NBD times what a purchase day is worth: the baseline, which learns from no labels."""

from __future__ import annotations

from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from scoring.bgnbd import BGNBD
from scoring.value.columns import people
from scoring.value.gamma_gamma import GammaGamma
from scoring.value.means import ShrunkMean


class BGNBDValue(BaseEstimator):
    """Expected spend in the horizon: BG/NBD's purchase days times what one is worth.

    Parameters
    ----------
    horizon : float, default 90
        Days ahead.
    mean : {"own", "shrunk", "gamma_gamma"}, default "own"
        What a purchase day is worth: the person's own mean; the same, drawn to the typical one on
        the log scale (`scoring.value.means`); or `GammaGamma`.

    Attributes
    ----------
    buying_ : BGNBD
        How often people buy.
    spending_ : GammaGamma or ShrunkMean
        What a purchase day is worth; not with ``mean="own"``.
    n_features_in_, feature_names_in_
        As everywhere in scikit-learn.

    Notes
    -----
    X is a feature table with ``frequency``, ``recency``, ``age`` and ``value_mean``, or an array of
    these four. There are no labels, hence no season and no level: see `ValueModel`.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame(
    ...     {"frequency": [0.0, 9], "recency": [0.0, 300], "age": [300.0, 310], "value_mean": 20.0}
    ... )
    >>> gone, regular = BGNBDValue(horizon=90).fit(people).predict(people)
    >>> bool(gone < regular)
    True
    """

    def __init__(
        self, horizon: float = 90, mean: Literal["own", "shrunk", "gamma_gamma"] = "own"
    ) -> None:
        self.horizon = horizon
        self.mean = mean

    def fit(self, X: ArrayLike, y: object = None) -> Self:
        """Learn BG/NBD, and what is typical.

        Parameters
        ----------
        X : DataFrame or array of shape (n, 4)
            One row a person, at one cut-off.
        y : ignored
            There are no labels.

        Raises
        ------
        ValueError
            A column is missing, NaN or negative, or `mean` is none of the three.
        """
        if self.mean not in {"own", "shrunk", "gamma_gamma"}:
            raise ValueError(f"mean is {self.mean!r}; own, shrunk or gamma_gamma is right")
        frame = people(self, X, reset=True)
        self.buying_ = BGNBD(self.horizon).fit(frame)
        if self.mean != "own":
            spending = GammaGamma() if self.mean == "gamma_gamma" else ShrunkMean()
            self.spending_ = spending.fit(frame)
        return self

    def predict(self, X: ArrayLike) -> np.ndarray:
        """Expected spend in the horizon, in the store's currency, shape (n,)."""
        check_is_fitted(self, "buying_")
        frame = people(self, X, reset=False)
        bought = self.buying_.expected_purchases(frame, self.horizon)
        if self.mean == "own":
            return bought * frame["value_mean"].to_numpy()
        return bought * self.spending_.predict(frame)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        return tags
