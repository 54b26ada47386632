"""What orders say of a person at a cut-off, in one pass over them.

Orders of one day count as one purchase day. To know these days, those of a person are collected
and sorted: that takes half the time, and a third of the memory, of grouping by person and day.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import ibis

from scoring.features.clock import day_of, seen, within
from scoring.features.columns import BLOCKS, WINDOWS

KEY: Final = ("cutoff", "person_id")

_CENTS: Final = 2**36
"""Room for the value of a sale beside its minute, in one whole number."""


def from_sales(orders: Any, cutoffs: Sequence[int], days_back: int) -> Any:
    """Return the features of sales, one row for each cut-off and person of its population.

    Parameters
    ----------
    orders : ibis.expr.types.Table
        As in `scoring.schema`, of one store.
    cutoffs : sequence of int
        Sorted day numbers.
    days_back : int
        Who bought in so many days up to the cut-off is of the population.
    """
    sales = orders.filter(orders.kind == "sale")
    sales = sales.mutate(day=day_of(sales.local_at), hour=sales.local_at.hour())
    rows = seen(sales, cutoffs)
    sums = rows.group_by(*KEY).agg(**_values(rows), **_habits(rows), **_days(rows))
    sums = sums.filter(sums.last > sums.cutoff - days_back)
    return _ratios(_gaps(_purchase_days(sums))).drop("sale_days", "days", "gaps")


def _values(rows: Any) -> dict[str, Any]:
    recent = {f"value_{n}": rows.value.sum(where=within(rows, n)) for n in WINDOWS}
    return recent | {
        "value": rows.value.sum(),
        "last_sale": _place_and_worth(rows).max(),
        "value_sd": rows.value.std(how="sample"),
    }


def _place_and_worth(rows: Any) -> Any:
    """Return the minute and the cents of a sale in one whole number, which engines compare fast."""
    cents = ibis.least((rows.value * 100).round(), float(_CENTS - 1)).cast("int64")
    return (rows.local_at.epoch_seconds() // 60).cast("int64") * _CENTS + cents


def _habits(rows: Any) -> dict[str, Any]:
    # Sums of whole numbers in floating point are exact here, and faster than in 128 bits.
    sums = {f"{name}_sum": rows[name].cast("float64").sum() for name in _SUMMED}
    counts = {f"in_{block}": rows.count(where=_in_block(rows.hour, block)) for block in BLOCKS}
    weekend = rows.count(where=(rows.day + 3) % 7 >= 5)
    return sums | counts | {"orders": rows.count(), "on_weekend": weekend}


_SUMMED: Final = ("items", "products", "hour")


def _in_block(hour: Any, block: str) -> Any:
    start, end = (int(part) for part in block.split("_"))
    return (hour >= start) & (hour < end)


def _days(rows: Any) -> dict[str, Any]:
    # Sorted here, where the engine cannot put it off and do it once for each day.
    return {"sale_days": rows.day.collect().sort(), "last": rows.day.max()}


def _purchase_days(sums: Any) -> Any:
    """Add the purchase days, sorted, each once."""
    every = sums.sale_days
    return sums.mutate(days=every.filter(lambda day, i: (i == 0) | (every[_before(i)] < day)))


def _gaps(sums: Any) -> Any:
    """Add the days between one purchase day and the next."""
    days = sums.days
    # The first has none before it, and stands for it itself: 0, which is no gap.
    apart = days.map(lambda day, k: day - days[_before(k)])
    return sums.mutate(gaps=apart.filter(lambda gap: gap > 0))


def _before(place: Any) -> Any:
    return ibis.greatest(place - 1, 0)


def _ratios(sums: Any) -> Any:
    days, sales = sums.days, sums.orders
    frequency, recency = days.length() - 1, sums.last - days[0]
    since, gap_mean = sums.cutoff - sums.last, recency / frequency.nullif(0)
    return sums.mutate(
        since=since,
        frequency=frequency,
        recency=recency,
        age=sums.cutoff - days[0],
        value_mean=sums.value / days.length(),
        value_last=(sums.last_sale % _CENTS) / 100,
        items_mean=sums.items_sum / sales,
        products_mean=sums.products_sum / sales,
        **{f"orders_{n}": _recent(sums, n) for n in WINDOWS},
        gap_mean=gap_mean,
        gap_sd=_sd(frequency, recency, sums.gaps),
        gap_max=sums.gaps.maxs(),
        gap_last=ibis.ifelse(frequency > 0, sums.gaps[frequency - 1], None),
        since_per_gap=since / gap_mean,
        hour_mean=sums.hour_sum / sales,
        weekend=sums.on_weekend / sales,
        **{f"share_{block}": sums[f"in_{block}"] / sales for block in BLOCKS},
    )


def _recent(sums: Any, count: int) -> Any:
    return sums.days.filter(lambda day: day > sums.cutoff - count).length()


def _sd(count: Any, total: Any, gaps: Any) -> Any:
    """Return the sample's standard deviation; of whole numbers, so that no digit is lost."""
    squares = gaps.map(lambda gap: gap.cast("int64") * gap).sums()
    count, total = count.cast("int64"), total.cast("int64")
    spread = count * squares - total * total
    return ibis.ifelse(count > 1, (spread / (count * (count - 1)).nullif(0)).sqrt(), None)


def from_returns(orders: Any, cutoffs: Sequence[int]) -> Any:
    """Return the features of what came back, one row for each cut-off and person with any."""
    back = orders.filter(orders.kind == "return")
    rows = seen(back.mutate(day=day_of(back.local_at)), cutoffs)
    return rows.group_by(*KEY).agg(returns=rows.count(), returned=rows.value.sum())
