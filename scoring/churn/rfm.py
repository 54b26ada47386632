"""The baseline that every shop knows: logistic regression on recency, frequency and money."""

from __future__ import annotations

from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

COLUMNS = ("since", "frequency", "value_mean", "age")


class RFMClassifier(ClassifierMixin, BaseEstimator):
    """Logistic regression on the logarithms of a few columns.

    Parameters
    ----------
    columns : sequence of str, default ("since", "frequency", "value_mean", "age")
        Of a DataFrame that has them all; of any other X all columns are used.
    C : float, default 1.0
        Inverse strength of the ridge penalty.
    logarithms : bool, default True
        Whether values are taken as ``sign(v) log(1 + |v|)``; not where they are already.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
        The two classes; `predict_proba` has their order.
    pipeline_ : Pipeline
        Scaling and regression.
    n_features_in_ : int
        Columns seen in `fit`.
    feature_names_in_ : ndarray of str
        Their names, when they had any.

    Notes
    -----
    NaN is refused. One column ("since",) makes the
    recency-only baseline.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame(
    ...     {"since": [5, 10, 200, 300], "frequency": [9, 4, 1, 0],
    ...      "value_mean": [20, 30, 25, 10], "age": [300, 200, 250, 300]}, dtype=float)
    >>> RFMClassifier().fit(people, [0, 0, 1, 1]).predict(people).tolist()
    [0, 0, 1, 1]
    """

    def __init__(
        self, columns: tuple[str, ...] = COLUMNS, C: float = 1.0, *, logarithms: bool = True
    ) -> None:
        self.columns = columns
        self.C = C
        self.logarithms = logarithms

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Learn the weights.

        Parameters
        ----------
        X : DataFrame or array of shape (n, k)
            People.
        y : array-like of shape (n,)
            Two classes.

        Raises
        ------
        ValueError
            There are not two classes.
        """
        X, y = validate_data(self, self._chosen(X), y, dtype=float)
        check_classification_targets(y)
        self.classes_ = two_classes(self, y)
        regression = LogisticRegression(C=self.C, max_iter=1_000)
        self.pipeline_ = Pipeline([("scale", StandardScaler()), ("regress", regression)])
        self.pipeline_.fit(self._scale(X), y)
        return self

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """P of each class, shape (n, 2)."""
        check_is_fitted(self)
        X = validate_data(self, self._chosen(X), dtype=float, reset=False)
        return self.pipeline_.predict_proba(self._scale(X))

    def predict(self, X: ArrayLike) -> NDArray:
        """The likelier class, shape (n,)."""
        second = self.predict_proba(X)[:, 1] > 0.5
        return self.classes_[second.astype(int)]

    def _scale(self, X: NDArray[np.float64]) -> NDArray[np.float64]:
        return logs(X) if self.logarithms else X

    def _chosen(self, X: ArrayLike) -> ArrayLike:
        if isinstance(X, pd.DataFrame) and set(self.columns) <= set(X.columns):
            return X[list(self.columns)]
        return X

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags


def logs(X: NDArray[np.float64]) -> NDArray[np.float64]:
    """The logarithm of 1 + |v| with the sign of v."""
    return np.sign(X) * np.log1p(np.abs(X))


def two_classes(estimator: BaseEstimator, y: NDArray) -> NDArray:
    """The two classes of y.

    Raises
    ------
    ValueError
        There are fewer or more.
    """
    classes = np.unique(y)
    name = type(estimator).__name__
    if len(classes) > 2:
        raise ValueError(
            "Only binary classification is supported. The type of the target is multiclass: "
            f"{name} was given {len(classes)} classes"
        )
    if len(classes) < 2:
        raise ValueError(f"{name} learns from two classes; all {len(y):,} rows are of one class")
    return classes
