"""The two lists of each person, for the nightly run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.recommend.again import BuyAgain
from scoring.recommend.base import NOTHING, Recommender
from scoring.recommend.ease import EASERecommender
from scoring.recommend.purchases import Purchases


def recommend(
    purchases: Purchases,
    model: Recommender | None = None,
    again: BuyAgain | None = None,
    *,
    n: int = 10,
) -> pd.DataFrame:
    """Return what each person may buy again, and what is new for her.

    Parameters
    ----------
    purchases : Purchases
        Up to the cut-off. Only people in it get lists: of others nothing is known.
    model : Recommender, optional
        Not fitted yet; `EASERecommender` with its defaults when left out.
    again : BuyAgain, optional
        Not fitted yet.
    n : int, default 10
        Length of each list at most.

    Returns
    -------
    pandas.DataFrame
        Index ``person_id``; ``buy_again`` and ``new_for_you`` hold lists of product_ids, best
        first; they have no product in common.

    Examples
    --------
    >>> from scoring.recommend import EASERecommender, Purchases, recommend
    >>> bought = Purchases.of(
    ...     ["a", "a", "b", "b", "c"], ["tea", "cup", "tea", "cup", "tea"], [1] * 5, least=1
    ... )
    >>> recommend(bought, EASERecommender(1.0)).loc["c"].to_dict()
    {'buy_again': ['tea'], 'new_for_you': ['cup']}
    """
    again = (again or BuyAgain()).fit(purchases)
    lists = {"buy_again": again.recommend(purchases, n)[0]}
    lists["new_for_you"] = np.full((len(purchases.people), n), NOTHING, dtype=np.int32)
    if len(purchases.people) and len(purchases.items) > 1:
        bought = purchases.matrix()
        new = (model or EASERecommender()).fit(bought, lately=purchases.lately())
        lists["new_for_you"] = new.recommend(bought, n)[0]
    columns = {name: _named(items, purchases.items) for name, items in lists.items()}
    return pd.DataFrame(columns, index=pd.Index(purchases.people, name="person_id"))


def _named(items: NDArray[np.int32], names: NDArray[Any]) -> pd.Series:
    """Return lists of product_ids."""
    padded = np.append(np.asarray(names, dtype=object), None)[items]
    length = (items != NOTHING).sum(axis=1)
    rows = [row[:many] for row, many in zip(padded.tolist(), length, strict=True)]
    made = np.empty(len(rows), dtype=object)
    made[:] = rows
    return made
