"""What orders say of a person at a cut-off, in one pass over them.

Orders of one day count as one purchase day. To know these days, those of a person are collected
and sorted: that takes half the time, and a third of the memory, of grouping by person and day.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import ibis

from scoring.features.clock import day_of, seen, within
from scoring.features.columns import BLOCKS, WINDOWS

KEY: Final = ("cutoff", "person_id")

_CENTS: Final = 2**36
"""Room for the value of a sale beside its minute, in one whole number."""


def from_orders(orders: Any, cutoffs: Sequence[int], days_back: int) -> Any:
    """Return the features of orders, one row for each cut-off and person of its population.

    Parameters
    ----------
    orders : ibis.expr.types.Table
        As in `scoring.schema`, of one store.
    cutoffs : sequence of int
        Sorted day numbers.
    days_back : int
        Who bought in so many days up to the cut-off is of the population.
    """
    rows = _sales_and_returns(seen(orders, orders.local_at, cutoffs))
    sums = rows.group_by(*KEY).agg(
        **_values(rows), **_habits(rows), **_days(rows), **_returns(rows)
    )
    sums = sums.filter(sums.since < days_back)
    return _ratios(_gaps(_purchase_days(sums))).drop("every", "days", "recent", "gaps")


def _sales_and_returns(rows: Any) -> Any:
    """Put returns beside sales: each has nothing where the other has something.

    To read orders once costs less than to read the few returns once more and to join them.
    """
    sale = rows.kind == "sale"
    of_sales = {name: ibis.ifelse(sale, rows[name], None) for name in _OF_SALES}
    rows = rows.mutate(**of_sales, back=ibis.ifelse(sale, None, rows.value))
    return rows.mutate(day=day_of(rows.local_at), hour=rows.local_at.hour())


_OF_SALES: Final = ("local_at", "value", "items", "products")


def _values(rows: Any) -> dict[str, Any]:
    recent = {f"value_{n}": rows.value.sum(where=within(rows, n)) for n in WINDOWS}
    return recent | {
        "value": rows.value.sum(),
        "last_sale": _place_and_worth(rows).max(),
        "value_sd": rows.value.std(how="sample"),
    }


def _place_and_worth(rows: Any) -> Any:
    """Return the minute and the cents of a sale in one whole number, which engines compare fast."""
    # A bound in floating point would be compared as a decimal, eight times as slow.
    cents = ibis.least((rows.value * 100).round().cast("int64"), _CENTS - 1)
    return (rows.local_at.epoch_seconds() // 60).cast("int64") * _CENTS + cents


def _habits(rows: Any) -> dict[str, Any]:
    # Sums of whole numbers in floating point are exact here, and faster than in 128 bits.
    sums = {f"{name}_sum": rows[name].cast("float64").sum() for name in _SUMMED}
    counts = {f"until_{hour}": rows.count(where=rows.hour < hour) for hour in _ENDS}
    return sums | counts | {"on_weekend": rows.count(where=(rows.day + 3) % 7 >= 5)}


_SUMMED: Final = ("items", "products", "hour")

_ENDS: Final = tuple(int(block.split("_")[1]) for block in BLOCKS[:-1])
"""Of the parts of the day but the last, which has the rest."""


def _returns(rows: Any) -> dict[str, Any]:
    return {"returns": rows.back.count(), "returned": rows.back.sum()}


def _days(rows: Any) -> dict[str, Any]:
    ago = rows.cutoff - rows.day
    # Sorted here, where the engine cannot put it off and do it once for each day.
    return {"every": ago.collect().sort(), "since": ago.min()}


def _purchase_days(sums: Any) -> Any:
    """Add the purchase days as days ago, the last one first, each once; and the recent of them."""
    every = sums.every
    sums = sums.mutate(days=every.filter(lambda ago, i: (i == 0) | (every[i - 1] < ago)))
    return sums.mutate(recent=sums.days.filter(lambda ago: ago < max(WINDOWS)))


def _gaps(sums: Any) -> Any:
    """Add the days between one purchase day and the next, the last gap first."""
    days = sums.days
    return sums.mutate(gaps=days[1:].map(lambda ago, k: ago - days[k]))


def _ratios(sums: Any) -> Any:
    frequency, sales = sums.gaps.length(), sums.every.length()
    age = sums.days[frequency]
    recency = age - sums.since
    gap_mean = recency / frequency.nullif(0)
    return sums.mutate(
        frequency=frequency,
        recency=recency,
        age=age,
        value_mean=sums.value / sums.days.length(),
        value_last=(sums.last_sale % _CENTS) / 100,
        items_mean=sums.items_sum / sales,
        products_mean=sums.products_sum / sales,
        orders=sales,
        **{f"orders_{n}": _recent(sums, n) for n in WINDOWS},
        gap_mean=gap_mean,
        gap_sd=_sd(frequency, recency, sums.gaps),
        gap_max=sums.gaps.maxs(),
        gap_last=ibis.ifelse(frequency > 0, sums.gaps[0], None),
        since_per_gap=sums.since / gap_mean,
        hour_mean=sums.hour_sum / sales,
        weekend=sums.on_weekend / sales,
        **_shares(sums, sales),
    )


def _recent(sums: Any, count: int) -> Any:
    if count == max(WINDOWS):
        return sums.recent.length()
    return sums.recent.filter(lambda ago: ago < count).length()


def _shares(sums: Any, sales: Any) -> dict[str, Any]:
    ends = [0, *(sums[f"until_{hour}"] for hour in _ENDS), sales]
    parts = zip(BLOCKS, pairwise(ends), strict=True)
    return {f"share_{block}": (end - start) / sales for block, (start, end) in parts}


def _sd(count: Any, total: Any, gaps: Any) -> Any:
    """Return the sample's standard deviation; of whole numbers, so that no digit is lost."""
    squares = gaps.map(lambda gap: gap.cast("int64") * gap).sums()
    count, total = count.cast("int64"), total.cast("int64")
    spread = count * squares - total * total
    return ibis.ifelse(count > 1, (spread / (count * (count - 1)).nullif(0)).sqrt(), None)
