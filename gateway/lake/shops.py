"""Which tables of the lake come from shops and decisions: which rows, and how they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import pyarrow.parquet as pq
from sqlalchemy import Connection

from gateway.db.history import Rows
from gateway.db.shop.history import (
    Source,
    currencies,
    draws,
    opened_links,
    products_sold,
    sale_lines,
    sales,
    submitted,
)
from gateway.lake.folder import LakeFolder, stamps_of
from gateway.lake.person import Persons
from gateway.lake.shop_tables import (
    Bounds,
    Prices,
    click_batches,
    cost_batches,
    draw_batches,
    line_batches,
    product_batches,
    sale_batches,
)
from gateway.lake.tables import Batches
from scoring.schema import ASSIGNMENTS, CLICKS, COSTS, ORDER_LINES, ORDERS, PRODUCTS, Table


@dataclass(frozen=True, kw_only=True, slots=True)
class ShopSource:
    """Where a table of the lake comes from."""

    table: Table
    rows: Source
    batches: Callable[[Rows], Batches]
    mark: str = ""
    """What differs when the same rows would become others."""


def bounds_of(connection: Connection, persons: Persons, lake: LakeFolder) -> Bounds:
    """Return which orders are the gateway's to tell, and not those of a file that was imported."""
    until: dict[str, str] = {}
    for file in lake.others(ORDERS):
        told = pq.ParquetFile(file).read(columns=["store", "ordered_at"])
        for row in told.group_by("store").aggregate([("ordered_at", "max")]).to_pylist():
            last = f"{row['ordered_at_max']:%Y-%m-%d %H:%M:%S.%f}"
            until[row["store"]] = max(last, until.get(row["store"], ""))
    return Bounds(currency={**currencies(connection), **persons.currencies}, imported=until)


def shop_sources(
    persons: Persons, bounds: Bounds, lake: LakeFolder, prices: Prices | None
) -> Iterator[ShopSource]:
    """Yield the tables.

    Args:
        persons: turns numbers into pseudonyms.
        bounds: which orders are the gateway's to tell.
        lake: where they go.
        prices: what sending costs; None: that is not known.
    """
    told = f"{sorted(bounds.currency.items())} {sorted(bounds.imported.items())}"
    sold = partial(sale_batches, persons=persons, bounds=bounds)
    lines = partial(line_batches, persons=persons, bounds=bounds)
    clicks = partial(click_batches, persons=persons)
    drawn = partial(draw_batches, persons=persons)
    imported = lake.others(PRODUCTS)
    goods = partial(product_batches, imported=imported)
    yield ShopSource(table=ORDERS, rows=sales, batches=sold, mark=told)
    yield ShopSource(table=ORDER_LINES, rows=sale_lines, batches=lines, mark=told)
    yield ShopSource(table=PRODUCTS, rows=products_sold, batches=goods, mark=stamps_of(imported))
    yield ShopSource(table=CLICKS, rows=opened_links, batches=clicks)
    yield ShopSource(table=ASSIGNMENTS, rows=draws, batches=drawn)
    if prices is not None:
        cost = partial(cost_batches, persons=persons, prices=prices)
        yield ShopSource(table=COSTS, rows=submitted, batches=cost, mark=prices.mark)
