"""The model of rewards behind the direct method and the doubly robust estimators.

Responsible for predictions that never saw the person they are for: fitted on the other folds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone, is_classifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

Array = NDArray[np.float64]


def predict_rewards(
    X: ArrayLike,
    reward: ArrayLike,
    action: ArrayLike,
    *,
    actions: int | None = None,
    persons: ArrayLike | None = None,
    model: Any = None,
    folds: int = 5,
    random_state: int | None = 0,
) -> Array:
    """Predict the reward of every action in every row, cross-fitted by person.

    Parameters
    ----------
    X : array-like of shape (n, features)
        What was known before the choice; the action itself is added as indicator columns.
    reward, action : array-like of shape (n,)
        As in `scoring.offpolicy.Log`.
    actions : int, optional
        How many there are; by default as many as `action` names.
    persons : array-like of shape (n,), optional
        All rows of a person fall into one fold.
    model : estimator, optional
        A classifier (its ``predict_proba`` is used) or regressor; by default logistic regression
        where all rewards are 0 or 1, ridge regression elsewhere.
    folds : int
        How many; at most as many as there are persons.
    random_state : int or None
        Seed of the folds.

    Returns
    -------
    ndarray of shape (n, actions)

    Raises
    ------
    ValueError
        Fewer than two persons: none can be predicted from the others.

    References
    ----------
    Chernozhukov, V. et al. (2018). Double/debiased machine learning for treatment and structural
    parameters. The Econometrics Journal 21(1).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X, action = rng.normal(size=(400, 1)), rng.integers(2, size=400)
    >>> reward = (rng.random(400) < 0.2 + 0.4 * action).astype(int)
    >>> predict_rewards(X, reward, action).mean(axis=0).round(1)
    array([0.2, 0.6])
    """
    context = np.asarray(X, dtype=np.float64).reshape(len(np.asarray(reward)), -1)
    y, taken = np.asarray(reward, dtype=np.float64), np.asarray(action, dtype=np.int64)
    groups = np.arange(len(y)) if persons is None else np.asarray(persons)
    wide = max(int(taken.max()) + 1, actions or 0)
    model = _default(y) if model is None else model
    predicted = np.empty((len(y), wide))
    for train, test in _folds(groups, folds, random_state):
        fitted = _fit(model, _with_action(context[train], taken[train], wide), y[train])
        for each in range(wide):
            chosen = np.full(len(test), each)
            predicted[test, each] = fitted(_with_action(context[test], chosen, wide))
    return predicted


def _folds(groups: NDArray[np.generic], folds: int, random_state: int | None):
    there = len(np.unique(groups))
    if there < 2:
        raise ValueError("persons: at least 2 are needed to predict one from the others")
    splitter = GroupKFold(min(folds, there), shuffle=True, random_state=random_state)
    return splitter.split(np.zeros(len(groups)), groups=groups)


def _default(y: Array) -> Any:
    binary = np.isin(y, (0.0, 1.0)).all()
    return make_pipeline(StandardScaler(), LogisticRegression() if binary else Ridge())


def _with_action(context: Array, action: NDArray[np.int64], actions: int) -> Array:
    return np.hstack([context, np.eye(actions)[action]])


def _fit(model: Any, X: Array, y: Array):
    """Fit a clone and return its prediction as a function; a constant where y is one."""
    if np.ptp(y) == 0:
        return lambda rows: np.full(len(rows), y[0])
    fitted = clone(model).fit(X, y)
    if is_classifier(fitted):
        return lambda rows: fitted.predict_proba(rows)[:, 1]
    return fitted.predict
