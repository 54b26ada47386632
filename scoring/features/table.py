"""The feature table: all features of all people of a population, at one cut-off or several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from scoring.engine import fetch
from scoring.features.clock import day_number
from scoring.features.columns import BLOCKS, FEATURES, NAMES, Feature
from scoring.features.messages import from_clicks, from_messages, from_replies
from scoring.features.orders import KEY, from_orders
from scoring.features.source import Tables, of_store, the_store

ROWS_AT_ONCE: Final = 10_000_000
"""Orders times cut-offs in one query; more would take more memory than time is won."""

DIGITS: Final = 9
"""After the point, to which features are rounded: engines add up in different orders, and what
differs in its 16th digit would fall on different sides of a tree's threshold."""


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
    queries = [feature_query(lake, some, store, within) for some in _shares(lake, cutoffs, store)]
    frames = [_frame(fetch(lake.connection, query)) for query in queries]
    return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)


def _shares(lake: Tables, cutoffs: Sequence[int], store: str) -> Iterator[Sequence[int]]:
    """Yield as many cut-offs as one query may have at once."""
    if len(cutoffs) == 1:
        yield cutoffs
        return
    count = of_store(lake, "orders", store).count().name("count")
    [orders] = fetch(lake.connection, count)["count"].to_pylist()
    share = max(1, ROWS_AT_ONCE // max(1, orders))
    yield from (cutoffs[start : start + share] for start in range(0, len(cutoffs), share))


def _frame(table: pa.Table) -> pd.DataFrame:
    """Return rows in order, their numbers in one block; a column at a time, to save memory."""
    order = pc.sort_indices(table, sort_keys=[(name, "ascending") for name in KEY])
    places = order.to_numpy()
    block = np.empty((table.num_rows, len(NAMES)), order="F")
    for place, name in enumerate(NAMES):
        column = block[:, place]
        column[:] = table[name].to_numpy()[places]
        np.round(column, DIGITS, out=column)
    frame = pd.DataFrame(block, columns=list(NAMES), copy=False)
    for name in KEY:
        frame[name] = table[name].take(order).to_pandas()
    return frame


def feature_query(lake: Tables, cutoffs: Sequence[int], store: str, within: int) -> Any:
    """Return the features as an expression: ``cutoff``, ``person_id`` and `NAMES`."""
    orders = of_store(lake, "orders", store)
    rows = from_orders(orders, cutoffs, within)
    for part in (
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
