"""What came after a cut-off: the one place of `scoring.features` that looks ahead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import pandas as pd

from scoring.engine import fetch
from scoring.features.clock import day_of
from scoring.features.orders import KEY
from scoring.features.source import Tables, of_store, the_store


def label_rows(
    lake: Tables, cutoffs: Sequence[int], horizon: int, *, store: str | None = None
) -> pd.DataFrame:
    """Return who bought in the days after each cut-off, up to and with ``cutoff + horizon``.

    Parameters
    ----------
    lake : Lake
        On any engine.
    cutoffs : sequence of int
        Sorted day numbers.
    horizon : int
        Days.
    store : str, optional
        Needed where the lake has several.

    Returns
    -------
    pandas.DataFrame
        ``cutoff``, ``person_id``, ``purchases`` (purchase days, at least 1) and ``spend``.
    """
    orders = of_store(lake, "orders", the_store(lake, store))
    sales = orders.filter(orders.kind == "sale")
    sales = sales.mutate(day=day_of(sales.local_at))
    rows = _ahead(sales, cutoffs, horizon)
    labels = rows.group_by(*KEY).agg(purchases=rows.day.nunique(), spend=rows.value.sum())
    return fetch(lake.connection, labels).to_pandas()


def _ahead(sales: Any, cutoffs: Sequence[int], horizon: int) -> Any:
    """Return sales once for each cut-off in whose horizon they lie."""
    rows = sales.filter((sales.day > min(cutoffs)) & (sales.day <= max(cutoffs) + horizon))
    days = ibis.array([ibis.literal(cutoff, "int32") for cutoff in cutoffs])
    rows = rows.mutate(
        cutoff=days.filter(lambda cutoff: (cutoff < rows.day) & (cutoff + horizon >= rows.day))
    )
    return rows.mutate(cutoff=rows.cutoff.unnest())


def last_day(lake: Tables, store: str | None = None) -> int:
    """Return the day number of the last order or return: until then the lake knows."""
    orders = of_store(lake, "orders", the_store(lake, store))
    return int(fetch(lake.connection, day_of(orders.local_at).max().name("day"))["day"][0].as_py())
