"""How good the lists are on a time split: what is new, and what is bought again, each by itself.

Learned is from what was known at the cut-off; judged by what the same people bought in the days
after it, of the products that were known. People who bought nothing of the kind are not judged.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from scoring.metrics.intervals import Interval, interval
from scoring.metrics.lists import hits, ndcg
from scoring.recommend import (
    BuyAgain,
    CosineRecommender,
    EASERecommender,
    PopularRecommender,
    Purchases,
    Recommender,
    SVDRecommender,
)

N = 10
"""Length of the lists that are judged."""


def recommenders() -> dict[str, Recommender]:
    """Return what is compared for new products: baselines, EASE as published, and EASE as ours."""
    return {
        "popularity": PopularRecommender(),
        "item cosine": CosineRecommender(),
        "SVD-64": SVDRecommender(random_state=0),
        "EASE": EASERecommender(200.0, trend=0.0),
        "EASE with trend": EASERecommender(),
    }


def evaluate_new(
    purchases: Purchases,
    later: Purchases,
    days: int,
    models: Mapping[str, Recommender] | None = None,
) -> pd.DataFrame:
    """Judge lists of products that a person has not bought.

    Parameters
    ----------
    purchases : Purchases
        Up to the cut-off.
    later : Purchases
        Of the same products, up to `days` later.
    days : int
        After the cut-off.
    models : mapping of str to Recommender, optional
        Not fitted; `recommenders` when left out.

    Returns
    -------
    pandas.DataFrame
        One row a model: ``hit`` and ``ndcg``, each an `Interval` over persons, and ``gain``, the
        NDCG above the first model's, of the same persons. ``attrs["people"]`` says how many.
    """
    wanted = purchases.bought_later(later, days)
    bought, lately = purchases.matrix(), purchases.lately()
    judged = np.flatnonzero(np.diff(wanted.indptr))
    lists = {
        name: model.fit(bought, lately=lately).recommend(bought[judged], N)[0]
        for name, model in (models or recommenders()).items()
    }
    return _table(lists, wanted[judged])


def evaluate_again(
    purchases: Purchases,
    later: Purchases,
    days: int,
    models: Mapping[str, BuyAgain] | None = None,
) -> pd.DataFrame:
    """Judge lists of products that a person has bought; as `evaluate_new`."""
    wanted = purchases.bought_later(later, days, again=True)
    judged = np.flatnonzero(np.diff(wanted.indptr))
    lists = {"own counts": _counts(purchases)[judged]}
    for name, model in (models or {"buy again": BuyAgain()}).items():
        lists[name] = model.fit(purchases).recommend(purchases, N)[0][judged]
    return _table(lists, wanted[judged])


def _counts(purchases: Purchases) -> NDArray[np.int32]:
    """Return lists by the number of own purchase days, then by the product's buyers."""
    count = csr_array(
        (np.ones(len(purchases.item)), (purchases.person, purchases.item)), shape=purchases.shape
    )
    buyers = np.asarray((count > 0).sum(axis=0)).ravel()
    items = np.full((count.shape[0], N), -1, dtype=np.int32)
    for person in range(count.shape[0]):
        own = slice(count.indptr[person], count.indptr[person + 1])
        order = np.lexsort((-buyers[count.indices[own]], -count.data[own]))[:N]
        items[person, : len(order)] = count.indices[own][order]
    return items


def _table(lists: Mapping[str, NDArray[np.int32]], wanted: csr_array) -> pd.DataFrame:
    gains = {name: ndcg(items, wanted) for name, items in lists.items()}
    first = next(iter(gains.values()))
    rows = {
        name: {
            "hit": _mean(hits(items, wanted)),
            "ndcg": _mean(gains[name]),
            "gain": _mean(gains[name] - first),
        }
        for name, items in lists.items()
    }
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.attrs["people"] = wanted.shape[0]
    return table


def _mean(values: NDArray[np.float64]) -> Interval:
    return interval(np.mean, values)
