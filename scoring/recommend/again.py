"""What a person buys again: her own repeats, weighed by how often the product is bought again."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from scoring.recommend.base import NOTHING
from scoring.recommend.purchases import Purchases

FIRST = 0.5
"""Taken off the days on which a person bought a product: the first one says little of repeats."""


class BuyAgain(BaseEstimator):
    """Lists of what each person bought before, the likeliest to be bought again first.

    The score of a product that a person bought on k days is ``(k - 0.5) * repeats * lately``, with
    the product's repeats for each of its buyers and its trend.

    Parameters
    ----------
    trend : float, default 0.75
        How much what sells lately counts, as in `Recommender`: what is sold no more is not bought
        again.
    due : float, default 0
        Share of the product's usual interval before which a repeat is less likely, in proportion to
        the days since the last one. 0: not at all, which is better for gifts; what is used up
        (coffee, feed) may want 0.5.
    prior : float, default 5
        Buyers of an average product that are added to each one, so that rare ones do not jump.

    Attributes
    ----------
    repeats_ : array of shape (items,)
        Repeats for each buyer.
    interval_ : array of shape (items,)
        Mean days from one purchase to the next by the same person.
    factor_ : array of shape (items,)
        From the trend.

    Examples
    --------
    >>> from scoring.recommend import BuyAgain, Purchases
    >>> bought = Purchases.of(
    ...     ["a"] * 4 + ["b"], ["tea", "tea", "tea", "cup", "cup"], [90, 60, 30, 5, 5], least=1
    ... )
    >>> items, scores = BuyAgain().fit(bought).recommend(bought, n=2)
    >>> bought.items[items[0]]
    array(['tea', 'cup'], dtype=object)
    """

    def __init__(self, *, trend: float = 0.75, due: float = 0.0, prior: float = 5.0) -> None:
        self.trend = trend
        self.due = due
        self.prior = prior

    def fit(self, purchases: Purchases, y: None = None) -> Self:
        """Learn how often each product is bought again, and after how long."""
        pairs = _Pairs(purchases)
        items = len(purchases.items)
        buyers = np.bincount(pairs.item, minlength=items)
        repeats = np.bincount(pairs.item, weights=pairs.days - 1, minlength=items)
        spans = np.bincount(pairs.item, weights=pairs.first - pairs.last, minlength=items)
        usual = repeats.sum() / max(buyers.sum(), 1)
        pause = spans.sum() / max(repeats.sum(), 1)
        self.repeats_ = (repeats + self.prior * usual) / (buyers + self.prior)
        self.interval_ = (spans + self.prior * pause) / (repeats + self.prior)
        self.factor_ = self._factor(purchases)
        return self

    def recommend(
        self, purchases: Purchases, n: int = 10
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return what each person is likeliest to buy again.

        Parameters
        ----------
        purchases : Purchases
            Of the products of `fit`.
        n : int, default 10
            Length of each list.

        Returns
        -------
        items : int32 array of shape (people, n)
            Rows of ``purchases.items``, best first; -1 where there is no further one.
        scores : float32 array of shape (people, n)
            Theirs; -inf where there is none.
        """
        check_is_fitted(self)
        if len(purchases.items) != len(self.repeats_):
            raise ValueError(
                f"purchases has {len(purchases.items)} products; those of fit, "
                f"{len(self.repeats_)}, would be right"
            )
        pairs = _Pairs(purchases)
        score = (pairs.days - FIRST) * self.repeats_[pairs.item] * self.factor_[pairs.item]
        if self.due:
            wait = self.due * np.maximum(self.interval_[pairs.item], 1)
            score *= np.minimum((pairs.last + 1) / wait, 1)
        return _ranked(pairs, score, len(purchases.people), n)

    def _factor(self, purchases: Purchases) -> NDArray[np.float64]:
        now = purchases.lately()
        usual = np.bincount(purchases.item, minlength=len(now)).astype(float)
        usual *= now.sum() / max(usual.sum(), 1)
        return ((now + 1) / (usual + 1)) ** self.trend


class _Pairs:
    """Each person and product once: days bought, and the ages of the first and the last one."""

    def __init__(self, purchases: Purchases) -> None:
        width = max(len(purchases.items), 1)
        key = purchases.person.astype(np.int64) * width + purchases.item
        span = int(purchases.age.max(initial=0)) + 1
        key, age = np.divmod(_sorted(key * span + purchases.age), span)
        start = np.flatnonzero(np.diff(key, prepend=-1))
        end = np.append(start, len(key))[1:]
        self.person, self.item = np.divmod(key[start], width)
        self.days = end - start
        self.last, self.first = age[start], age[end - 1]


def _sorted(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return them in order; those of `Purchases.of` are."""
    return keys if (keys[1:] >= keys[:-1]).all() else np.sort(keys)


def _ranked(
    pairs: _Pairs, score: NDArray[np.float64], people: int, n: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the best n pairs of each person."""
    order = np.lexsort((-score, pairs.person))
    person = pairs.person[order]
    rank = np.arange(len(person)) - np.searchsorted(person, person)
    kept = rank < n
    items = np.full((people, n), NOTHING, dtype=np.int32)
    best = np.full((people, n), -np.inf, dtype=np.float32)
    items[person[kept], rank[kept]] = pairs.item[order][kept]
    best[person[kept], rank[kept]] = score[order][kept]
    return items, best
