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
    impute_, splines_, regress_ : estimators
        Medians for what is undefined, the curves, and scaling with the regression.
    columns_ : list of str
        Columns that have a value at all.
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
        many = X[list(BENT)].nunique() > self.knots if set(BENT) <= set(X) else {}
        self.bent_ = [name for name in BENT if name in X and many[name]]
        self.impute_ = SimpleImputer(strategy="median").fit(X[self.columns_].to_numpy())
        if self.bent_:
            splines = SplineTransformer(self.knots, knots="quantile", extrapolation="linear")
            self.splines_ = splines.fit(X[self.bent_].to_numpy())
        regression = LogisticRegression(C=self.C, max_iter=2_000)
        self.regress_ = Pipeline([("scale", StandardScaler()), ("regress", regression)])
        self.regress_.fit(self._matrix(X), y)
        return self

    def predict_proba(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """P of 0 and 1, shape (n, 2)."""
        return self.regress_.predict_proba(self._matrix(X))

    def _matrix(self, X: pd.DataFrame) -> NDArray[np.float64]:
        lines = self.impute_.transform(X[self.columns_].to_numpy())
        if not self.bent_:
            return lines
        return np.hstack([lines, self.splines_.transform(X[self.bent_].to_numpy())])


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
