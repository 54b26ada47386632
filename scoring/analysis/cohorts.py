"""Cohorts: who first bought in one month, and what share of them bought in each month after.

Responsible for calendar months on the person's clock. A lake that begins in the middle of a shop's
life takes old customers for new in its first months.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from scoring.analysis.shares import with_share
from scoring.engine import fetch
from scoring.features.source import Tables, of_store, the_store


def triangle(
    lake: Tables, end: date, *, store: str | None = None, since: date | None = None
) -> pd.DataFrame:
    """Return the share of each cohort that bought in each month, as far as months are over.

    Parameters
    ----------
    lake : Lake
    end : date
        The last day that is known.
    store : str, optional
        Needed where the lake has several.
    since : date, optional
        Cohorts of its month and later; a person's first purchase is her first one ever.

    Returns
    -------
    pandas.DataFrame
        One row a ``cohort`` (first of its month) and ``month`` (0: that of the first purchase):
        ``people`` of the cohort, who ``bought``, their ``share``, and ``low`` and ``high`` (95 %).
    """
    counts = fetch(lake.connection, _counts(lake, the_store(lake, store))).to_pandas()
    return _filled(
        counts, _month(end + timedelta(days=1)) - 1, 0 if since is None else _month(since)
    )


def _counts(lake: Tables, store: str) -> Any:
    """Who bought, by ``first`` (month of the first purchase) and ``now`` (of another)."""
    orders = of_store(lake, "orders", store)
    sales = orders.filter(orders.kind == "sale")
    sales = sales.mutate(now=sales.local_at.year() * 12 + sales.local_at.month() - 1)
    firsts = sales.group_by("person_id").agg(first=sales.now.min())
    rows = sales.select("person_id", "now").inner_join(firsts, "person_id")
    return rows.group_by("first", "now").agg(bought=rows.person_id.nunique())


def _filled(counts: pd.DataFrame, last: int, since: int) -> pd.DataFrame:
    """The triangle, with zeros where nobody of a cohort bought."""
    sizes = counts[counts["first"] == counts["now"]].set_index("first")["bought"]
    sizes = sizes[(sizes.index >= since) & (sizes.index <= last)].sort_index()
    cells = [(first, now) for first in sizes.index for now in range(first, last + 1)]
    places = pd.MultiIndex.from_tuples(cells, names=["first", "now"])
    bought = counts.set_index(["first", "now"])["bought"].reindex(places, fill_value=0)
    first, now = (places.get_level_values(name).to_numpy(int) for name in places.names)
    frame = pd.DataFrame(
        {
            "cohort": pd.to_datetime([f"{at // 12}-{at % 12 + 1:02d}-01" for at in first]),
            "month": now - first,
            "people": sizes.reindex(first).to_numpy(int),
            "bought": bought.to_numpy(int),
        }
    )
    return with_share(frame, "bought", "people")


def retention(cohorts: pd.DataFrame) -> pd.DataFrame:
    """Return the share over all cohorts by ``month``, with its interval.

    Parameters
    ----------
    cohorts : pandas.DataFrame
        Of `triangle`.
    """
    sums = cohorts.groupby("month", as_index=False)[["people", "bought"]].sum()
    return with_share(sums, "bought", "people")


def still_there(X: pd.DataFrame, day: date, *, lately: int = 90) -> pd.DataFrame:
    """Return how many of each cohort bought in the last days.

    Parameters
    ----------
    X : pandas.DataFrame
        Features of everybody who ever bought (`scoring.analysis.customers.people`).
    day : date
        Their day.
    lately : int, default 90

    Returns
    -------
    pandas.DataFrame
        One row a ``cohort``: ``people``, who ``bought``, ``share``, ``low`` and ``high``.
    """
    rows = pd.DataFrame({"cohort": cohort_of(X, day), "bought": X["since"] < lately})
    counts = rows.groupby("cohort", as_index=False).agg(
        people=("bought", "size"), bought=("bought", "sum")
    )
    return with_share(counts, "bought", "people")


def cohort_of(X: pd.DataFrame, day: date) -> pd.Series:
    """Return the first day of the month of each person's first purchase."""
    first = pd.Timestamp(day) - pd.to_timedelta(X["age"].to_numpy(np.int64), unit="D")
    return pd.Series(first.to_period("M").to_timestamp(), index=X.index, name="cohort")


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1
