"""Which tables of the lake come from shops and decisions: which rows, and how they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from gateway.db.history import Rows
from gateway.db.shop_history import (
    Source,
    currencies,
    draws,
    opened_links,
    products_sold,
    sale_lines,
    sales,
    submitted,
)
from gateway.lake.person import Persons
from gateway.lake.shop_tables import (
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


def currencies_of(connection: Connection, persons: Persons) -> Mapping[str, str]:
    """Return the currency of each store: in the lake it has one."""
    return {**currencies(connection), **persons.currencies}


def shop_sources(
    persons: Persons, currency: Mapping[str, str], prices: Prices | None
) -> Iterator[ShopSource]:
    """Yield the tables.

    Args:
        persons: turns numbers into pseudonyms.
        currency: of each store.
        prices: what sending costs; None: that is not known.
    """
    money = " ".join(f"{store}={one}" for store, one in sorted(currency.items()))
    yield ShopSource(
        table=ORDERS,
        rows=sales,
        batches=partial(sale_batches, persons=persons, currency=currency),
        mark=money,
    )
    yield ShopSource(
        table=ORDER_LINES,
        rows=sale_lines,
        batches=partial(line_batches, persons=persons, currency=currency),
        mark=money,
    )
    yield ShopSource(table=PRODUCTS, rows=products_sold, batches=product_batches)
    yield ShopSource(
        table=CLICKS, rows=opened_links, batches=partial(click_batches, persons=persons)
    )
    yield ShopSource(table=ASSIGNMENTS, rows=draws, batches=partial(draw_batches, persons=persons))
    if prices is not None:
        yield ShopSource(
            table=COSTS,
            rows=submitted,
            batches=partial(cost_batches, persons=persons, prices=prices),
            mark=prices.mark,
        )
