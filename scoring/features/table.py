"""The feature table: all features of all people of a population, at one cut-off or several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import pandas as pd

from scoring.features.clock import day_number
from scoring.features.columns import BLOCKS, FEATURES, Feature
from scoring.features.messages import from_clicks, from_messages, from_replies
from scoring.features.orders import KEY, from_purchases, from_returns, purchase_days
from scoring.features.source import Tables, of_store, the_store


def features(
    lake: Tables, cutoff: Any, *, store: str | None = None, within: int = 365
) -> pd.DataFrame:
    """Compute what is known of each person at the end of a day.

    Parameters
    ----------
    lake : Lake
        On any engine.
    cutoff : datetime.date or str
        The last day that is seen, on the wall clock of the person.
    store : str, optional
        Needed where the lake has several.
    within : int, default 365
        Who bought in so many days up to the cut-off is of the population.

    Returns
    -------
    pandas.DataFrame
        Columns `NAMES`, all float64, NaN where undefined; one row a person, sorted by the index
        ``person_id``.

    Raises
    ------
    ScoringError
        The lake has several stores and none is named, or not the one that is.
    ValueError
        The cut-off is no day, or ``within`` not positive.
    """
    rows = feature_rows(lake, [day_number(cutoff)], store=store, within=within)
    return rows.drop(columns="cutoff").set_index("person_id")


def feature_rows(
    lake: Tables, cutoffs: Sequence[int], *, store: str | None = None, within: int = 365
) -> pd.DataFrame:
    """Return the features at several cut-offs, sorted by ``cutoff`` (a day number) and person."""
    if within < 1:
        raise ValueError(f"within is {within}; at least one day is right")
    store = the_store(lake, store)
    expression = feature_query(lake, cutoffs, store, within)
    frame = lake.connection.to_pyarrow(expression).to_pandas()
    return frame.sort_values(list(KEY), ignore_index=True)


def feature_query(lake: Tables, cutoffs: Sequence[int], store: str, within: int) -> Any:
    """Return the features as an expression: ``cutoff``, ``person_id`` and `NAMES`."""
    orders = of_store(lake, "orders", store)
    rows = from_purchases(purchase_days(orders), cutoffs, within)
    for part in (
        from_returns(orders, cutoffs),
        from_messages(of_store(lake, "messages", store), cutoffs),
        from_clicks(of_store(lake, "clicks", store), cutoffs),
        from_replies(of_store(lake, "replies", store), cutoffs),
    ):
        rows = rows.left_join(part, list(KEY)).drop(*(f"{name}_right" for name in KEY))
    return rows.select(*KEY, **_columns(rows, clockless=store in lake.clockless))


def _columns(rows: Any, *, clockless: bool) -> dict[str, Any]:
    columns = {feature.name: _column(rows[feature.name], feature) for feature in FEATURES}
    unknown = {name: ibis.null("float64") for name in _HOURS if clockless}
    return columns | unknown


def _column(values: Any, feature: Feature) -> Any:
    return (values if feature.nullable else values.fill_null(0)).cast("float64")


_HOURS = frozenset({"hour_mean", *(f"share_{block}" for block in BLOCKS)})
