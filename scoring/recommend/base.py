"""What every recommender of new products does: score, leave out what is known, take the best.

People are scored in blocks, so that a million of them need no more memory than a thousand.
"""

from __future__ import annotations

import os
from abc import abstractmethod
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, issparse
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from scoring.recommend.top import take_best

BLOCK_CELLS = 2_000_000
"""Scores that are held at once by a thread: 8 MB."""

WORKERS = min(4, os.cpu_count() or 1)
"""Threads: NumPy and SciPy let go of the interpreter while they reckon."""

NOTHING = -1
"""Stands in a list where there is no further product."""


class Recommender(BaseEstimator):
    """Base of the recommenders: learns from a matrix of persons by products.

    Parameters
    ----------
    trend : float, default 0
        How much what sells lately counts against what sold all the time: scores are multiplied by
        the ratio of the two, to this power. 0: not at all.
    prior : float, default 1
        Purchases that are added to both, so that rare products do not jump.
    """

    def __init__(self, *, trend: float = 0.0, prior: float = 1.0) -> None:
        self.trend = trend
        self.prior = prior

    def fit(self, X: Any, y: None = None, *, lately: ArrayLike | None = None) -> Self:
        """Learn.

        Parameters
        ----------
        X : sparse or dense array of shape (persons, items)
            Above 0 where the person bought the product.
        y : None
            Not used.
        lately : array of shape (items,), optional
            How much each product was bought lately (`Purchases.lately`), for `trend`.

        Returns
        -------
        self
        """
        bought = _bought(validate_data(self, X, accept_sparse="csr", dtype="numeric"))
        self.buyers_ = np.asarray(bought.sum(axis=0), dtype=np.float64).ravel()
        self.factor_ = self._factor(lately)
        self._learn(bought)
        return self

    def scores(self, X: Any) -> NDArray[np.float32]:
        """Return how well each product suits each person, (persons, items); also what she has."""
        check_is_fitted(self)
        bought = _bought(validate_data(self, X, accept_sparse="csr", dtype="numeric", reset=False))
        return self._scored(bought)

    def recommend(self, X: Any, n: int = 10) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the best products that each person has not bought.

        Parameters
        ----------
        X : sparse or dense array of shape (persons, items)
            As in `fit`; of anybody.
        n : int, default 10
            Length of each list.

        Returns
        -------
        items : int32 array of shape (persons, n)
            Columns of `X`, best first; -1 where there is no further one.
        scores : float32 array of shape (persons, n)
            Theirs; -inf where there is none.
        """
        check_is_fitted(self)
        bought = _bought(validate_data(self, X, accept_sparse="csr", dtype="numeric", reset=False))
        items = np.full((bought.shape[0], n), NOTHING, dtype=np.int32)
        best = np.full((bought.shape[0], n), -np.inf, dtype=np.float32)
        step = max(1, BLOCK_CELLS // max(bought.shape[1], 1))

        def fill(start: int) -> None:
            rows = slice(start, start + step)
            found = self._best(bought[rows], min(n, bought.shape[1]))
            items[rows, : found[0].shape[1]], best[rows, : found[0].shape[1]] = found

        with ThreadPoolExecutor(WORKERS) as workers:
            list(workers.map(fill, range(0, bought.shape[0], step)))
        items[best == -np.inf] = NOTHING
        return items, best

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    def _factor(self, lately: ArrayLike | None) -> NDArray[np.float32]:
        """Return what the scores of each product are multiplied by."""
        if lately is None or not self.trend:
            return np.ones(len(self.buyers_), dtype=np.float32)
        now = np.asarray(lately, dtype=np.float64)
        if now.shape != self.buyers_.shape:
            raise ValueError(f"lately has shape {now.shape}; {self.buyers_.shape} would be right")
        usual = self.buyers_ * (now.sum() / max(self.buyers_.sum(), 1))
        return (((now + self.prior) / (usual + self.prior)) ** self.trend).astype(np.float32)

    def _scored(self, bought: csr_array) -> NDArray[np.float32]:
        scores = self._score(bought)
        # What speaks against a product must not become less by its trend.
        np.maximum(scores, 0, out=scores)
        scores *= self.factor_
        return scores

    def _best(self, bought: csr_array, n: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the best products of some people, without those that they bought."""
        scores = self._scored(bought)
        person = np.repeat(np.arange(bought.shape[0]), np.diff(bought.indptr))
        scores[person, bought.indices] = -np.inf
        return take_best(scores, n)

    @abstractmethod
    def _learn(self, bought: csr_array) -> None:
        """Learn from ones where a person bought a product."""

    @abstractmethod
    def _score(self, bought: csr_array) -> NDArray[np.float32]:
        """Return a new array of scores; 0 or less: nothing speaks for it."""


def _bought(X: Any) -> csr_array:
    """Return ones where a person bought a product."""
    matrix = csr_array(X, dtype=np.float32, copy=True) if issparse(X) else csr_array(X > 0)
    matrix.data = (matrix.data > 0).astype(np.float32)
    matrix.eliminate_zeros()
    matrix.sum_duplicates()
    return matrix
