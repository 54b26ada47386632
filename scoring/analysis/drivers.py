"""What drives a churn model: what it loses without a column, and how chances change with one.

Responsible for asking a fitted model of people who are changed a little, and still possible:
columns that follow from a changed one change with it.
"""

from __future__ import annotations

from typing import Any, Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.inspection import partial_dependence, permutation_importance

from scoring.analysis.churn import HeldOut
from scoring.churn import ChurnModel
from scoring.churn.members import varying
from scoring.features.columns import FEATURES, WINDOWS

LOOKED_AT: Final = 1_000
"""People on whom it is tried out what drives the model; enough for a picture, and quick."""
TIED: Final = ("recency", "since_per_gap")
"""Columns that follow from others; by themselves they cannot change."""
_MEANINGS: Final = {feature.name: feature.meaning for feature in FEATURES}


def importance(held: HeldOut, *, repeats: int = 3) -> pd.DataFrame:
    """Return how much worse the order gets when a column's values are dealt out anew.

    Columns that say nearly the same stand in for each other, so that each seems to matter less.

    Returns
    -------
    pandas.DataFrame
        ``feature``, its ``meaning``, ``lost`` (mean fall of the AUC) and ``sd`` over repeats; what
        matters most comes first.

    References
    ----------
    Breiman, L. (2001). Random forests. Machine Learning 45: section 10.
    """
    X, y = _some(held)
    names = [name for name in varying(X) if name not in TIED]
    found = permutation_importance(
        _Tied(held.model, X),
        X[names],
        y,
        scoring="roc_auc",
        n_repeats=repeats,
        random_state=0,
    )
    table = pd.DataFrame(
        {
            "feature": names,
            "meaning": [_MEANINGS[name] for name in names],
            "lost": found.importances_mean,
            "sd": found.importances_std,
        }
    )
    return table.sort_values("lost", ascending=False, ignore_index=True)


def dependence(
    held: HeldOut, feature: str, by: str, *, points: int = 12, lines: int = 3
) -> pd.DataFrame:
    """Return the mean chance of churn if everybody had one value of a column, and one of another.

    Parameters
    ----------
    held : HeldOut
    feature, by : str
        Columns.
    points, lines : int
        At most so many values of each are tried, of those that people have, between the 10th and
        the 90th percentile.

    Returns
    -------
    pandas.DataFrame
        ``value`` of the first column, ``by`` of the other one, and the mean ``churn``.

    References
    ----------
    Friedman, J. H. (2001). Greedy function approximation. Annals of Statistics 29: section 8.2.
    """
    X, _ = _some(held)
    names = [name for name in varying(X) if name not in TIED]
    values = {feature: _spread(X[feature], points), by: _spread(X[by], lines)}
    found = partial_dependence(
        _Tied(held.model, X),
        X[names],
        [feature, by],
        custom_values=values,
        response_method="predict_proba",
        method="brute",
    )
    grid = np.meshgrid(values[feature], values[by], indexing="ij")
    churn = found["average"][0]
    return pd.DataFrame({"value": grid[0].ravel(), "by": grid[1].ravel(), "churn": churn.ravel()})


def _spread(column: pd.Series, points: int) -> NDArray[np.float64]:
    """Values that people have, from few to many."""
    found = column.quantile(np.linspace(0.1, 0.9, points), interpolation="nearest")
    return np.unique(found.dropna())


class _Tied(ClassifierMixin, BaseEstimator):
    """A fitted model asked of changed people: what follows from a changed column changes with it.

    Parameters
    ----------
    model : ChurnModel
    whole : pandas.DataFrame
        All columns of the people, in the order in which they will come.
    """

    def __init__(self, model: ChurnModel, whole: pd.DataFrame) -> None:
        self.model = model
        self.whole = whole

    @property
    def classes_(self) -> NDArray[Any]:
        return self.model.classes_

    def fit(self, X: pd.DataFrame, y: object = None) -> Self:
        """Do nothing; it is fitted."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def predict_proba(self, X: pd.DataFrame) -> NDArray[np.float64]:
        """P(buys) and P(churns)."""
        return self.model.predict_proba(tied(self.whole.assign(**X)))


def tied(X: pd.DataFrame) -> pd.DataFrame:
    """Let what follows from ``since``, ``age`` and ``frequency`` follow from them again.

    Who bought once did so when she came; nobody bought in days since the last purchase.

    Examples
    --------
    >>> X = pd.DataFrame({"since": [50.0, 9], "age": [80.0, 7], "frequency": [2.0, 0]})
    >>> tied(X)[["since", "age", "recency"]].to_numpy().tolist()
    [[50.0, 80.0, 30.0], [9.0, 9.0, 0.0]]
    """
    once = X["frequency"] <= 0
    age = X["since"].where(once, np.maximum(X["age"], X["since"]))
    columns = {"age": age, "recency": age - X["since"]}
    if "gap_mean" in X:
        columns["since_per_gap"] = X["since"] / X["gap_mean"].where(X["gap_mean"] > 0)
    for name in (f"{what}_{days}" for what in ("orders", "value") for days in WINDOWS):
        if name in X:
            columns[name] = X[name].where(X["since"] < int(name.rpartition("_")[2]), 0.0)
    return X.assign(**columns)


def _some(held: HeldOut) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    random = np.random.default_rng(0)
    rows = random.permutation(len(held.X))[:LOOKED_AT]
    return held.X.iloc[rows], held.churned[rows]
