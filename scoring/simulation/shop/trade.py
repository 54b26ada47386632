"""The tables of what a simulated shop sells: persons, orders, their lines, products."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from scoring.simulation.shop.baskets import Baskets, fill
from scoring.simulation.shop.filing import (
    DAY,
    HOUR,
    clocks,
    days_since_epoch,
    instants,
    names,
    same,
    words,
)
from scoring.simulation.shop.history import History
from scoring.simulation.shop.population import Population
from scoring.simulation.shop.settings import DemoShop

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SENT_BACK: Final = (3, 21)
"""Days after which what comes back comes."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Trade:
    """What was sold; arrays have one entry a sale.

    Attributes
    ----------
    person, local : ndarray of int64
        Whose, and when on the wall clock, in microseconds since 1970.
    value : ndarray of float64
    tables : dict of str to pyarrow.Table
    """

    person: Ints
    local: Ints
    value: Floats
    tables: dict[str, pa.Table]


def first_day(shop: DemoShop) -> int:
    """Return the number of the shop's first day, counted from 1970."""
    return days_since_epoch(shop.until - timedelta(days=shop.days - 1))


def trade(
    shop: DemoShop, people: Population, ids: pa.Array, history: History, rng: np.random.Generator
) -> Trade:
    """Make the tables of what was sold."""
    person = history.person
    local = (first_day(shop) + history.day) * DAY + _moments(people.hours[person], rng)
    baskets = fill(shop, people, person, rng)
    value = np.round(np.bincount(baskets.order, baskets.value, minlength=len(person)), 2)
    order_ids = names(len(person), rng)
    orders = _orders(shop, ids, person, local, value, baskets, order_ids)
    back = _returns(shop, orders, local, rng)
    return Trade(
        person=person,
        local=local,
        value=value,
        tables={
            "persons": _persons(shop, people, ids, person, local),
            "orders": pa.concat_tables([orders, back]),
            "order_lines": _lines(shop, orders, baskets),
            "products": _products(shop, baskets, local),
        },
    )


def _moments(hours: Floats, rng: np.random.Generator) -> Ints:
    """Draw moments of the day, in microseconds, from the chances of its hours."""
    hour = (hours.cumsum(axis=1) > rng.random(len(hours))[:, None]).argmax(axis=1)
    return hour * HOUR + rng.integers(HOUR, size=len(hours))


def _persons(
    shop: DemoShop, people: Population, ids: pa.Array, person: Ints, local: Ints
) -> pa.Table:
    first = np.full(len(people), local.max())
    np.minimum.at(first, person, local)
    return pa.table(
        {
            "store": same(shop.store, len(people)),
            "person_id": ids,
            "country": same(shop.country, len(people)),
            "timezone": same(shop.timezone, len(people)),
            "first_seen_at": instants(first, shop.timezone),
        }
    )


def _orders(
    shop: DemoShop,
    ids: pa.Array,
    person: Ints,
    local: Ints,
    value: Floats,
    baskets: Baskets,
    order_ids: pa.Array,
) -> pa.Table:
    rows = len(person)
    pieces = np.bincount(baskets.order, baskets.quantity, minlength=rows).astype(np.int64)
    kinds = np.unique(baskets.order * shop.products + baskets.product) // shop.products
    return pa.table(
        {
            "store": same(shop.store, rows),
            "order_id": order_ids,
            "person_id": ids.take(pa.array(person)),
            "ordered_at": instants(local, shop.timezone),
            "local_at": clocks(local),
            "kind": same("sale", rows),
            "value": value,
            "currency": same(shop.currency, rows),
            "items": pieces,
            "products": np.bincount(kinds, minlength=rows),
        }
    )


def _returns(shop: DemoShop, orders: pa.Table, local: Ints, rng: np.random.Generator) -> pa.Table:
    """Return whole orders that came back before the history ends."""
    later = local + rng.integers(*SENT_BACK, size=len(local)) * DAY
    end = (first_day(shop) + shop.days) * DAY
    rows = np.flatnonzero((rng.random(len(local)) < shop.returned) & (later < end))
    back = orders.take(pa.array(rows)).to_pydict() | {
        "order_id": names(len(rows), rng),
        "ordered_at": instants(later[rows], shop.timezone),
        "local_at": clocks(later[rows]),
        "kind": same("return", len(rows)),
    }
    return pa.table(back, schema=orders.schema)


def _lines(shop: DemoShop, orders: pa.Table, baskets: Baskets) -> pa.Table:
    place = pa.array(baskets.order)
    taken = {
        name: orders[name].take(place)
        for name in ("store", "order_id", "person_id", "ordered_at", "kind")
    }
    columns = taken | {
        "line": pa.array(baskets.line),
        "product_id": words(product_ids(shop), baskets.product),
        "quantity": pa.array(baskets.quantity),
        "value": pa.array(baskets.value),
    }
    return pa.table(columns)


def product_ids(shop: DemoShop) -> list[str]:
    """Return the products' names: ``c03-p07`` is the eighth of the fourth category."""
    each = shop.products // shop.categories
    return [f"c{place // each:02d}-p{place % each:02d}" for place in range(shop.products)]


def _products(shop: DemoShop, baskets: Baskets, local: Ints) -> pa.Table:
    first = np.full(shop.products, local.max())
    np.minimum.at(first, baskets.product, local[baskets.order])
    sold = np.bincount(baskets.product, minlength=shop.products) > 0
    ids = product_ids(shop)
    table = pa.table(
        {
            "store": same(shop.store, shop.products),
            "product_id": pa.array(ids),
            "category": pa.array([name[:3] for name in ids]),
            "price": baskets.prices,
            "first_sold_at": instants(first, shop.timezone),
        }
    )
    return table.filter(pa.array(sold))
