"""Who the customers are: segments in words, what they are like, and who brings what share.

Responsible for people as they stand at the end of a day. Months of first purchase stand in
`scoring.analysis.cohorts`, what is to come in `scoring.analysis.outlook`.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from scoring.churn.stack import EVER
from scoring.features import features
from scoring.features.source import Tables

SEGMENTS: Final = {
    "best": "bought more than once, lately, and spent more than four of five customers",
    "regular": "bought more than once and lately",
    "new": "bought once, lately",
    "cooling": "bought more than once, the last time not lately",
    "lapsed": "bought more than once, the last time long ago",
    "once": "bought once, not lately",
}
"""What each word means."""
BEST: Final = 0.8
"""Share of customers who spent less than the best."""
MEASURES: Final = {
    "purchases": "purchases (days)",
    "since": "last purchase (days ago)",
    "age": "first purchase (days ago)",
    "basket": "basket (money)",
    "spend_mean": "spend so far (money)",
    "weekend": "at weekends (share)",
}
"""Columns of `portrait` in which segments may differ, in words."""


def people(lake: Tables, day: date, *, store: str | None = None) -> pd.DataFrame:
    """Return the features of everybody who ever bought, at the end of a day."""
    return features(lake, day, store=store, within=EVER)


def segments(X: pd.DataFrame, *, lately: int = 90) -> pd.Series:
    """Name the segment of each person.

    Parameters
    ----------
    X : pandas.DataFrame
        Of `people`.
    lately : int, default 90
        Days since the last purchase up to which somebody bought lately; twice as many are long.

    Returns
    -------
    pandas.Series
        Ordered categories, those of `SEGMENTS`.

    Examples
    --------
    >>> X = pd.DataFrame(
    ...     {"since": [5.0, 5, 100, 400, 5], "frequency": [0.0, 3, 3, 3, 9],
    ...      "value": [10.0, 20, 20, 20, 900]})
    >>> segments(X).tolist()
    ['new', 'regular', 'cooling', 'lapsed', 'best']
    """
    late, again = X["since"] <= lately, X["frequency"] > 0
    rich = X["value"] > X["value"].quantile(BEST)
    words = np.select(
        [again & late & rich, again & late, late, again & (X["since"] <= 2 * lately), again],
        ["best", "regular", "new", "cooling", "lapsed"],
        "once",
    )
    return pd.Series(
        pd.Categorical(words, categories=list(SEGMENTS), ordered=True),
        index=X.index,
        name="segment",
    )


def portrait(X: pd.DataFrame, segment: pd.Series) -> pd.DataFrame:
    """Tell what the people of each segment are like.

    Returns
    -------
    pandas.DataFrame
        One row a segment that has anybody: ``segment``, ``meaning``, ``people``, ``share`` (of
        all people), ``spend`` (sum of sales, currency), ``spend_share`` (of all spend), and means
        over its people: ``spend_mean`` (currency), ``basket`` (currency a purchase day),
        ``purchases`` (days), ``since`` and ``age`` (days from the last and the first purchase),
        ``weekend`` (share of sales).
    """
    rows = X.assign(segment=segment, purchases=X["frequency"] + 1)
    found = (
        rows.groupby("segment", observed=True)
        .agg(
            people=("value", "size"),
            spend=("value", "sum"),
            spend_mean=("value", "mean"),
            basket=("value_mean", "mean"),
            purchases=("purchases", "mean"),
            since=("since", "mean"),
            age=("age", "mean"),
            weekend=("weekend", "mean"),
        )
        .reset_index()
    )
    found["segment"] = found["segment"].astype(str)
    found.insert(1, "meaning", found["segment"].map(SEGMENTS))
    found.insert(3, "share", found["people"] / found["people"].sum())
    found.insert(5, "spend_share", found["spend"] / found["spend"].sum())
    return found


def unlike(portraits: pd.DataFrame) -> pd.DataFrame:
    """Return each measure of each segment beside the mean over all people.

    Parameters
    ----------
    portraits : pandas.DataFrame
        Of `portrait`, also with masked rows.

    Returns
    -------
    pandas.DataFrame
        ``segment``, ``people``, ``measure`` (words of `MEASURES`), ``value``, and ``times``, which
        is value over mean.
    """
    long = portraits.melt(["segment", "people"], list(MEASURES), "measure", "value")
    weighted = long["value"] * long["people"]
    sums = weighted.groupby(long["measure"]).sum() / portraits["people"].sum()
    mean = long["measure"].map(sums)
    long["times"] = long["value"] / mean.where(mean > 0)
    return long.assign(measure=long["measure"].map(MEASURES))


def concentration(spend: ArrayLike, *, points: int = 100) -> pd.DataFrame:
    """Return the Lorenz curve from its rich end: what share the first so many per cent bring.

    Parameters
    ----------
    spend : array-like of shape (n,)
        Of each person, not negative.
    points : int, default 100
        Of the curve, beside its beginning.

    Returns
    -------
    pandas.DataFrame
        ``people`` and ``spend``, shares from 0 to 1; empty without any spend.

    References
    ----------
    Lorenz, M. O. (1905). Methods of measuring the concentration of wealth. JASA 9.

    Examples
    --------
    >>> concentration([7.0, 1.0, 1.0, 1.0], points=4)["spend"].tolist()
    [0.0, 0.7, 0.8, 0.9, 1.0]
    """
    falling = np.sort(np.asarray(spend, float))[::-1]
    if falling.sum() <= 0:
        return pd.DataFrame({"people": [], "spend": []}, dtype=float)
    share = np.linspace(0, 1, points + 1)
    reached = np.r_[0.0, falling.cumsum() / falling.sum()]
    held = np.interp(share * len(falling), np.arange(len(falling) + 1), reached)
    return pd.DataFrame({"people": share, "spend": held})
