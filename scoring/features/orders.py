"""What orders say of a person: first by purchase day, which no cut-off divides, then by cut-off.

Orders of one day count as one purchase, and the gaps between purchase days look backwards only.
So the table of purchase days is the same for every cut-off, and is computed once for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import ibis

from scoring.features.clock import day_of, seen, within
from scoring.features.columns import BLOCKS, WINDOWS

KEY: Final = ("cutoff", "person_id")


def purchase_days(orders: Any) -> Any:
    """Return one row for each person and day with a sale.

    Parameters
    ----------
    orders : ibis.expr.types.Table
        As in `scoring.schema`, of one store.

    Returns
    -------
    ibis.expr.types.Table
        ``person_id``, ``day``, sums of its sales, and ``gap``: days since the purchase day before,
        null on the first.
    """
    sales = orders.filter(orders.kind == "sale")
    sales = sales.mutate(day=day_of(sales.local_at), hour=sales.local_at.hour().cast("int32"))
    days = sales.group_by("person_id", "day").agg(
        value=sales.value.sum(),
        sales=sales.count(),
        items=sales["items"].sum(),
        products=sales.products.sum(),
        hours=sales.hour.sum(),
        **{f"in_{block}": (_in_block(sales.hour, block)).sum() for block in BLOCKS},
    )
    before = days.day.lag().over(group_by="person_id", order_by="day")
    return days.mutate(gap=days.day - before)


def _in_block(hour: Any, block: str) -> Any:
    start, end = (int(part) for part in block.split("_"))
    return ((hour >= start) & (hour < end)).cast("int32")


def from_purchases(days: Any, cutoffs: Sequence[int], days_back: int) -> Any:
    """Return the features of sales, one row for each cut-off and person of its population.

    Parameters
    ----------
    days : ibis.expr.types.Table
        From `purchase_days`.
    cutoffs : sequence of int
        Sorted day numbers.
    days_back : int
        Who bought in so many days up to the cut-off is of the population.
    """
    rows = seen(days, cutoffs)
    sums = rows.group_by(*KEY).agg(**_times(rows), **_values(rows), **_gaps(rows), **_habits(rows))
    return _ratios(sums.filter(sums.last > sums.cutoff - days_back))


def _times(rows: Any) -> dict[str, Any]:
    counts = {f"orders_{n}": within(rows, n).cast("int32").sum() for n in WINDOWS}
    return counts | {"first": rows.day.min(), "last": rows.day.max(), "days": rows.count()}


def _values(rows: Any) -> dict[str, Any]:
    recent = {f"value_{n}": ibis.ifelse(within(rows, n), rows.value, 0.0).sum() for n in WINDOWS}
    return recent | {
        "value": rows.value.sum(),
        "value_last": rows.value.argmax(rows.day),
        "value_sd": rows.value.std(how="sample"),
    }


def _gaps(rows: Any) -> dict[str, Any]:
    square = rows.gap.cast("int64") * rows.gap
    last = rows.gap.argmax(ibis.ifelse(rows.gap.notnull(), rows.day, None))
    return {"gap_squares": square.sum(), "gap_max": rows.gap.max(), "gap_last": last}


def _habits(rows: Any) -> dict[str, Any]:
    weekend = (rows.day + 3) % 7 >= 5
    names = ["sales", "items", "products", "hours", *(f"in_{block}" for block in BLOCKS)]
    sums = {f"{name}_sum": rows[name].sum() for name in names}
    return sums | {"weekend_sum": ibis.ifelse(weekend, rows.sales, 0).sum()}


def _ratios(sums: Any) -> Any:
    recency, gaps = sums.last - sums.first, sums.days - 1
    since, sales = sums.cutoff - sums.last, sums.sales_sum
    gap_mean = recency / gaps.nullif(0)
    return sums.mutate(
        since=since,
        frequency=gaps,
        recency=recency,
        age=sums.cutoff - sums.first,
        value_mean=sums.value / sums.days,
        items_mean=sums.items_sum / sales,
        products_mean=sums.products_sum / sales,
        orders=sales,
        gap_mean=gap_mean,
        gap_sd=_sd(gaps, recency, sums.gap_squares),
        since_per_gap=since / gap_mean,
        hour_mean=sums.hours_sum / sales,
        weekend=sums.weekend_sum / sales,
        **{f"share_{block}": sums[f"in_{block}_sum"] / sales for block in BLOCKS},
    )


def _sd(count: Any, total: Any, squares: Any) -> Any:
    """Return the sample's standard deviation; of whole numbers, so that no digit is lost."""
    count, total = count.cast("int64"), total.cast("int64")
    spread = count * squares - total * total
    return ibis.ifelse(count > 1, (spread / (count * (count - 1)).nullif(0)).sqrt(), None)


def from_returns(orders: Any, cutoffs: Sequence[int]) -> Any:
    """Return the features of what came back, one row for each cut-off and person with any."""
    back = orders.filter(orders.kind == "return")
    rows = seen(back.mutate(day=day_of(back.local_at)), cutoffs)
    return rows.group_by(*KEY).agg(returns=rows.count(), returned=rows.value.sum())
