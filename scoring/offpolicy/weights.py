"""Importance weights: for how many choices of the new policy each logged one speaks.

Responsible for weights and for refusing when too little is left of the log.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.errors import NotEnoughDataError
from scoring.offpolicy.log import Log

ENOUGH: Final = 200
"""The least effective sample size for which an interval is told."""


def policy_matrix(target: ArrayLike, log: Log, actions: int | None = None) -> NDArray[np.float64]:
    """Return a policy as probabilities of every action in every row.

    Parameters
    ----------
    target : array-like of shape (n,) or (n, actions)
        The action that the policy takes in each row, or the probability of each action.
    log : Log
        The log of n rows on which it is valued.
    actions : int, optional
        How many there are; by default as many as the log and the target name.

    Returns
    -------
    ndarray of shape (n, actions)

    Raises
    ------
    ValueError
        A shape does not fit, or a row is no distribution.
    """
    given = np.asarray(target)
    if given.ndim == 1:
        return _one_hot(given, log, actions)
    probabilities = np.asarray(given, dtype=np.float64)
    wide = max(int(log.action.max()) + 1, actions or 0)
    if probabilities.ndim != 2 or len(probabilities) != log.rows or probabilities.shape[1] < wide:
        raise ValueError(
            f"target: its shape is {given.shape}, {(log.rows, wide)} would fit the log"
        )
    if not (np.isfinite(probabilities).all() and probabilities.min() >= 0):
        raise ValueError("target: probabilities of at least 0 are needed")
    if not np.allclose(probabilities.sum(axis=1), 1.0, atol=1e-6):
        raise ValueError("target: the probabilities of each row must sum to 1")
    return probabilities


def _one_hot(chosen: NDArray[np.generic], log: Log, actions: int | None) -> NDArray[np.float64]:
    if chosen.shape != (log.rows,):
        raise ValueError(f"target: its shape is {chosen.shape}, {(log.rows,)} would fit the log")
    if not np.issubdtype(chosen.dtype, np.integer) or chosen.min() < 0:
        raise ValueError("target: actions are whole numbers from 0; probabilities have two axes")
    wide = max(int(log.action.max()), int(chosen.max())) + 1
    matrix = np.zeros((log.rows, max(wide, actions or 0)))
    matrix[np.arange(log.rows), chosen] = 1.0
    return matrix


def importance_weights(
    policy: NDArray[np.float64], log: Log, cap: float | None = None
) -> NDArray[np.float64]:
    """Return the weight of each row: P(action | new policy) / P(action | logging policy).

    Parameters
    ----------
    policy : ndarray of shape (n, actions)
        Probabilities of the policy to be valued.
    log : Log
        The log of n rows.
    cap : float, optional
        Larger weights are cut to it: less variance for some bias towards the log.

    Returns
    -------
    ndarray of shape (n,)

    Examples
    --------
    >>> log = Log.of([0, 1], [0, 1], [0.5, 0.25])
    >>> importance_weights(np.array([[0.0, 1.0], [0.0, 1.0]]), log)
    array([0., 4.])
    """
    weights = policy[np.arange(log.rows), log.action] / log.propensity
    return weights if cap is None else np.minimum(weights, cap)


def effective_size(weights: ArrayLike) -> float:
    """Return Kish's effective sample size, (sum w)^2 / sum w^2; 0 where all weights are 0.

    References
    ----------
    Kish, L. (1965). Survey Sampling. Wiley.

    Examples
    --------
    >>> effective_size([1.0, 1.0, 0.0, 0.0])
    2.0
    """
    values = np.asarray(weights, dtype=np.float64)
    squares = float(np.sum(values**2))
    return float(values.sum()) ** 2 / squares if squares else 0.0


def check_effective_size(weights: NDArray[np.float64], enough: float = ENOUGH) -> float:
    """Return the effective sample size.

    Raises
    ------
    NotEnoughDataError
        It is below `enough`.
    """
    size = effective_size(weights)
    if size < enough:
        what = f"sends worth for this policy (effective size of {weights.size:,} logged ones)"
        raise NotEnoughDataError(what, int(size), int(enough))
    return size
