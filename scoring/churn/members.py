"""The members of the churn model that learn from labels; each takes the table of `design`."""

from __future__ import annotations

from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import SplineTransformer, StandardScaler

BENT = ("since", "age", "value", "bg_none")
"""Columns whose effect may be a curve: their splines stand beside their line."""


class SplineLogistic(ClassifierMixin, BaseEstimator):
    """Logistic regression on lines of all columns and cubic splines of a few.

    Parameters
    ----------
    C : float, default 0.01
        Inverse strength of the ridge penalty.
    knots : int, default 5
        Of each spline, at quantiles.

    Attributes
    ----------
    impute_, regress_ : estimators
        Medians for what is undefined, and scaling with the regression.
    knots_ : ndarray of shape (knots, curves)
        Where the pieces of each curve meet.
    columns_ : list of str
        Columns that vary.
    bent_ : list of str
        Columns that have a curve.
    """

    def __init__(self, C: float = 0.01, knots: int = 5) -> None:
        self.C = C
        self.knots = knots

    def fit(self, X: pd.DataFrame, y: NDArray[np.float64]) -> Self:
        """Learn from a design table and 0 or 1."""
        self.classes_ = np.unique(y)
        self.columns_ = varying(X)
        self.impute_ = SimpleImputer(strategy="median").fit(X[self.columns_].to_numpy())
        knots = self._quantiles(X)
        self.bent_ = list(knots)
        self.knots_ = np.column_stack([*knots.values()]) if knots else None
        regression = LogisticRegression(C=self.C, max_iter=2_000)
        self.regress_ = Pipeline([("scale", StandardScaler()), ("regress", regression)])
        self.regress_.fit(self._matrix(X), y)
        return self

    def predict_proba(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """P of 0 and 1, shape (n, 2)."""
        return self.regress_.predict_proba(self._matrix(X))

    def _quantiles(self, X: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
        """Knots of each column that is spread widely enough for a curve."""
        places = np.linspace(0, 1, self.knots)
        knots = {name: np.quantile(X[name], places) for name in BENT if name in self.columns_}
        return {name: at for name, at in knots.items() if (np.diff(at) > 0).all()}

    def _matrix(self, X: pd.DataFrame) -> NDArray[np.float64]:
        lines = self.impute_.transform(X[self.columns_].to_numpy())
        if not self.bent_:
            return lines
        # Made anew from its knots: the object of scipy inside is nothing that a file should hold.
        splines = SplineTransformer(knots=self.knots_, extrapolation="linear").fit(self.knots_)
        return np.hstack([lines, splines.transform(X[self.bent_].to_numpy())])


class SmallTrees(ClassifierMixin, BaseEstimator):
    """Boosting that a few thousand people can bear; a longer silence never lowers churn.

    Parameters
    ----------
    random_state : int or None, default 0
        Of the columns that each split may use.

    Attributes
    ----------
    columns_ : list of str
        Columns that vary.
    boost_ : HistGradientBoostingClassifier
        The trees.
    """

    def __init__(self, random_state: int | None = 0) -> None:
        self.random_state = random_state

    def fit(self, X: pd.DataFrame, y: NDArray[np.float64]) -> Self:
        """Learn from a design table and 0 or 1."""
        self.classes_ = np.unique(y)
        self.columns_ = varying(X)
        self.boost_ = HistGradientBoostingClassifier(
            max_leaf_nodes=4,
            max_iter=150,
            learning_rate=0.04,
            min_samples_leaf=100,
            l2_regularization=10.0,
            max_features=0.5,
            monotonic_cst=[int(name == "since") for name in self.columns_],
            early_stopping=False,
            random_state=self.random_state,
        )
        self.boost_.fit(X[self.columns_].to_numpy(), y)
        return self

    def predict_proba(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """P of 0 and 1, shape (n, 2)."""
        return self.boost_.predict_proba(X[self.columns_].to_numpy())


def varying(X: pd.DataFrame) -> list[str]:
    """Columns that hold two values at least; a shop without messages has many that do not."""
    return [name for name, values in X.nunique().items() if values > 1]
