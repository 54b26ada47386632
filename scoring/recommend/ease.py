"""EASE: each product from all others, in closed form."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dpotrf, dpotri
from scipy.sparse import csr_array

from scoring.recommend.base import Recommender


class EASERecommender(Recommender):
    """A linear model of each product on all others, none on itself (EASE).

    With ``P = (X'X + penalty I)^-1`` the weights are ``-P[i, j] / P[j, j]``, and 0 on the diagonal.

    Parameters
    ----------
    penalty : float, default 400
        Of large weights (lambda of the paper); see `choose_penalty`.
    trend : float, default 0.75
        How much what sells lately counts; see `Recommender`. Needs ``lately`` in `fit`.
    prior : float, default 1
        See `Recommender`.

    Attributes
    ----------
    weights_ : float32 array of shape (items, items)
        Column j holds what each product says of product j.
    buyers_ : array of shape (items,)
    factor_ : float32 array of shape (items,)
        What scores are multiplied by, from the trend.

    Notes
    -----
    Memory is that of two matrices of items by items in float64; `Purchases.of` bounds the items.

    References
    ----------
    Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW (2019).

    Examples
    --------
    >>> import numpy as np
    >>> from scoring.recommend import EASERecommender
    >>> tea_and_cup = np.array([[1, 1, 0]] * 20 + [[0, 0, 1]] * 20)
    >>> model = EASERecommender(penalty=1).fit(tea_and_cup)
    >>> items, scores = model.recommend(np.array([[1, 0, 0]]), n=1)
    >>> items
    array([[1]], dtype=int32)
    """

    def __init__(self, penalty: float = 400.0, *, trend: float = 0.75, prior: float = 1.0) -> None:
        super().__init__(trend=trend, prior=prior)
        self.penalty = penalty

    def _learn(self, bought: csr_array) -> None:
        if not self.penalty > 0:
            raise ValueError(f"penalty is {self.penalty}; above 0 would be right")
        inverse = _inverse(_together(bought), self.penalty)
        inverse /= -np.diag(inverse).copy()
        np.fill_diagonal(inverse, 0)
        # By rows: each block of people reads the rows of what they bought.
        self.weights_ = inverse.astype(np.float32, order="C")

    def _score(self, bought: csr_array) -> NDArray[np.float32]:
        return bought @ self.weights_


def _together(bought: csr_array) -> NDArray[np.float64]:
    """Return how many persons bought each two products."""
    return np.asarray((bought.T @ bought).todense(), dtype=np.float64, order="F")


def _inverse(gram: Any, penalty: float) -> NDArray[np.float64]:
    """Return the inverse of a symmetric matrix with a penalty on its diagonal; uses it up."""
    gram[np.diag_indices_from(gram)] += penalty
    factor, failed = dpotrf(gram, lower=1, overwrite_a=1)
    inverse, failed = dpotri(factor, lower=1, overwrite_c=1) if not failed else (factor, failed)
    if failed:
        raise ValueError(f"penalty {penalty} is too small for these purchases; more would be right")
    # LAPACK gives the lower half only; the upper one is 0.
    upper = np.tril(inverse, -1).T
    inverse += upper
    return inverse
