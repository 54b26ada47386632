"""What to offer next: lists of products on a time split, and products that go together.

Responsible for tables; the recommenders are those of `scoring.recommend`.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.analysis.masking import LEAST
from scoring.engine import fetch
from scoring.errors import NotEnoughDataError
from scoring.evaluation.recommend import evaluate_again, evaluate_new
from scoring.features.source import Tables, of_store, the_store
from scoring.recommend import (
    BuyAgain,
    EASERecommender,
    PopularRecommender,
    Purchases,
    choose_penalty,
    read_purchases,
)

BEST: Final = "what sells best"
AGAIN: Final = "buy again"
NEW: Final = "new for you"
PLACES: Final = ("first", "second", "third", "fourth", "fifth", "sixth")
MOST: Final = 24
"""Categories that are shown together; more could not be read."""


def split(
    lake: Tables, until: date, days: int, *, store: str | None = None
) -> tuple[Purchases, Purchases]:
    """Return what was known some days before the end, and the same products up to the end.

    Raises
    ------
    NotEnoughDataError
        Fewer than two products were bought often enough in the year before.
    """
    earlier = read_purchases(lake, until - timedelta(days=days), store=store)
    if len(earlier.items) < 2:
        what = "products that were bought ten times in the year before the split"
        raise NotEnoughDataError(what, len(earlier.items), 2)
    return earlier, read_purchases(lake, until, store=store, items=earlier.items)


def new_for_you(purchases: Purchases) -> EASERecommender:
    """Return the recommender of new products, its settings chosen where there is enough data."""
    try:
        return choose_penalty(purchases)
    except NotEnoughDataError:
        return EASERecommender()


def judged(earlier: Purchases, later: Purchases, days: int) -> pd.DataFrame:
    """Judge both lists by what was bought after the split, beside what sells best.

    Returns
    -------
    pandas.DataFrame
        One row a list and way: ``list`` (`AGAIN` or `NEW`), ``way`` (that list, or `BEST`),
        ``share`` of people of whose ten products one was bought, ``low``, ``high``; ``people``.
    """
    again = evaluate_again(earlier, later, days, {BEST: Bestsellers(), AGAIN: BuyAgain()})
    new = evaluate_new(
        earlier, later, days, {BEST: PopularRecommender(), NEW: new_for_you(earlier)}
    )
    rows = [
        {
            "list": name,
            "way": way,
            "share": table.loc[way, "hit"].estimate,
            "low": table.loc[way, "hit"].low,
            "high": table.loc[way, "hit"].high,
            "people": table.attrs["people"],
        }
        for name, table in ((AGAIN, again), (NEW, new))
        for way in (BEST, name)
    ]
    return pd.DataFrame(rows)


class Bestsellers(BuyAgain):
    """The same list for everybody, also of what she has: what sells most lately."""

    def fit(self, purchases: Purchases, y: None = None) -> Self:
        """Count what was bought lately."""
        self.order_ = np.argsort(-purchases.lately(), kind="stable").astype(np.int32)
        return self

    def recommend(
        self, purchases: Purchases, n: int = 10
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the first ``n`` for each person; there are no scores."""
        items = np.full((len(purchases.people), n), -1, dtype=np.int32)
        items[:, : len(self.order_)] = self.order_[:n]
        return items, np.zeros(items.shape, dtype=np.float32)


def categories(lake: Tables, items: NDArray[np.object_], *, store: str | None = None) -> pd.Series:
    """Return the category of each product, "" where the store names none."""
    rows = of_store(lake, "products", the_store(lake, store)).select("product_id", "category")
    known = fetch(lake.connection, rows).to_pandas().set_index("product_id")["category"]
    return known.reindex(items).fillna("").rename_axis("product_id")


def companions(
    purchases: Purchases, model: EASERecommender, category: pd.Series, *, n: int = 4
) -> pd.DataFrame:
    """Return what suits whoever bought a product, for each product, most bought first.

    Parameters
    ----------
    purchases : Purchases
    model : EASERecommender
        Fitted on them.
    category : pandas.Series
        From `categories`.
    n : int
        Products in each list, at most `PLACES`.

    Returns
    -------
    pandas.DataFrame
        One row a product and companion: ``product``, ``category``, ``buyers`` (people), ``place``
        (1 is best), ``companion``, ``companion_category`` and ``weight`` (what the one says of the
        other). Only what speaks for the other is listed.
    """
    rank = np.argsort(-model.buyers_, kind="stable")
    best = np.argsort(-model.weights_, axis=1, kind="stable")[rank, :n]
    names, words = purchases.items, category.to_numpy()
    first = np.repeat(rank, best.shape[1])
    table = pd.DataFrame(
        {
            "product": names[first],
            "category": words[first],
            "buyers": model.buyers_[first].astype(int),
            "place": np.tile(np.arange(best.shape[1]) + 1, len(rank)),
            "companion": names[best.ravel()],
            "companion_category": words[best.ravel()],
            "weight": model.weights_[first, best.ravel()],
        }
    )
    return table[table["weight"] > 0].reset_index(drop=True)


def lists(table: pd.DataFrame, *, most: int = 6, least: int = LEAST) -> pd.DataFrame:
    """Return `companions` of the products most bought, one row each, for reading.

    Products of fewer than ``least`` buyers are not told of.
    """
    shown = table[table["buyers"] >= least]
    wide = shown.pivot(index="product", columns="place", values="companion")
    wide.columns = [PLACES[place - 1] for place in wide.columns]
    first = shown["product"].drop_duplicates().head(most)
    return wide.loc[first].fillna("").rename_axis(index="who bought", columns="may like")


def together(purchases: Purchases, category: pd.Series, *, most: int = MOST) -> pd.DataFrame:
    """Return how often categories are bought by the same person, over what chance would make.

    Returns
    -------
    pandas.DataFrame
        Square, of the ``most`` categories with most buyers, by name; NaN on its diagonal and where
        fewer than `LEAST` people bought both. Empty where the store names no categories.
    """
    names, place = np.unique(category.to_numpy(dtype=str), return_inverse=True)
    of = np.eye(len(names))[place][:, names != ""]
    names = names[names != ""]
    has = (purchases.matrix() @ of > 0).astype(float)
    buyers = has.sum(axis=0)
    kept = np.sort(np.argsort(-buyers, kind="stable")[:most])
    both = has[:, kept].T @ has[:, kept]
    expected = np.outer(buyers[kept], buyers[kept]) / max(len(has), 1)
    lift = np.divide(both, expected, out=np.full_like(both, np.nan), where=both >= LEAST)
    np.fill_diagonal(lift, np.nan)
    return pd.DataFrame(lift, index=names[kept], columns=names[kept])


def partners(shop_pairs: int) -> dict[str, str]:
    """Return the true partner of each category of a simulated shop that has one."""
    return {f"c{i:02d}": f"c{i ^ 1:02d}" for i in range(2 * shop_pairs)}
