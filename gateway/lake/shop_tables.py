"""Rows of shops and decisions as batches of the lake's tables, in Arrow.

Not responsible for which rows (`gateway.db.shop.history`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from gateway.db.history import Rows
from gateway.domain.ids import LineId
from gateway.domain.money import of_kept
from gateway.domain.tariff import Tariff
from gateway.lake.person import Persons
from gateway.lake.tables import (
    Batches,
    columns_of,
    instants_of,
    local_of,
    make_batch,
    without,
)
from scoring.schema import ASSIGNMENTS, CLICKS, COSTS, ORDER_LINES, ORDERS, PRODUCTS

CONTROL: Final = "control"
"""What the lake calls the arm of those who get nothing."""

_HOLDOUT: Final = "holdout"


@dataclass(frozen=True, kw_only=True, slots=True)
class Prices:
    """What sending costs."""

    currency: str
    """ISO 4217."""
    tariff_of: Callable[[LineId], Tariff]
    mark: str
    """What differs when a tariff does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """Which orders are the gateway's to tell."""

    currency: Mapping[str, str]
    """Of each store: in the lake it has one, and orders in another are left out."""
    imported: Mapping[str, str]
    """Until when, by store, a file of the shop's tells; it told of the same orders."""

    def __contains__(self, row: Any) -> bool:
        """Tell whether an order is among them."""
        if row.currency != self.currency.get(row.store):
            return False
        return bool(row.at > self.imported.get(row.store, ""))


def sale_batches(rows: Rows, persons: Persons, bounds: Bounds) -> Batches:
    """Yield orders, and what of them came back."""
    for some in rows:
        kept = [row for row in some if row in bounds]
        if not kept:
            continue
        placed, stores, orders, numbers, kinds, values, money, items, products = columns_of(kept)
        at = instants_of(placed)
        yield make_batch(
            ORDERS,
            (
                stores,
                _order_ids(stores, orders, kinds, persons),
                list(map(persons.person_id, numbers)),
                at,
                _local(at, numbers, stores, persons),
                kinds,
                _money(values),
                money,
                items,
                products,
            ),
        )


def line_batches(rows: Rows, persons: Persons, bounds: Bounds) -> Batches:
    """Yield lines of the same orders."""
    for some in rows:
        kept = [row for row in some if row in bounds]
        if not kept:
            continue
        placed, stores, orders, lines, numbers, products, kinds, quantities, values, _ = columns_of(
            kept
        )
        yield make_batch(
            ORDER_LINES,
            (
                stores,
                _order_ids(stores, orders, kinds, persons),
                lines,
                list(map(persons.person_id, numbers)),
                instants_of(placed),
                products,
                kinds,
                quantities,
                _money(values),
            ),
        )


def _local(
    at: pa.Array, numbers: Sequence[str], stores: Sequence[str], persons: Persons
) -> pa.Array:
    """Return instants on the wall clocks of persons, else of stores; in UTC where none is known."""
    return pc.coalesce(local_of(at, numbers, stores, persons), at.cast(pa.timestamp("us")))


def _order_ids(
    stores: Sequence[str], orders: Sequence[str], kinds: Sequence[str], persons: Persons
) -> list[str]:
    """Return names of orders; what came back is a row of its own, with a name of its own."""
    return [
        persons.order_id(store, order, kind)
        for store, order, kind in zip(stores, orders, kinds, strict=True)
    ]


def product_batches(rows: Rows, imported: Sequence[Path]) -> Batches:
    """Yield what shops sell or sold, without what their own files tell of."""
    return without(_products(rows), imported, PRODUCTS)


def _products(rows: Rows) -> Batches:
    for some in rows:
        _, stores, products, categories, prices, first = columns_of(some)
        yield make_batch(
            PRODUCTS, (stores, products, categories, _money(prices), instants_of(first))
        )


def click_batches(rows: Rows, persons: Persons) -> Batches:
    """Yield who opened a link of their own."""
    for some in rows:
        clicked, stores, keys, jobs, numbers, machines = columns_of(some)
        at = instants_of(clicked)
        yield make_batch(
            CLICKS,
            (
                stores,
                [persons.click_id(key) for key in keys],
                list(map(persons.message_id, stores, jobs)),
                list(map(persons.person_id, numbers)),
                at,
                local_of(at, numbers, stores, persons),
                list(map(bool, machines)),
            ),
        )


def draw_batches(rows: Rows, persons: Persons) -> Batches:
    """Yield which arm each person was given."""
    for some in rows:
        drawn, stores, keys, numbers, jobs, campaigns, arms, chances, candidates, policies = (
            columns_of(some)
        )
        yield make_batch(
            ASSIGNMENTS,
            (
                stores,
                [persons.draw_id(key) for key in keys],
                list(map(persons.person_id, numbers)),
                [
                    None if job is None else persons.message_id(store, job)
                    for store, job in zip(stores, jobs, strict=True)
                ],
                campaigns,
                ["treatment"] * len(stores),
                [CONTROL if arm == _HOLDOUT else arm for arm in arms],
                chances,
                [max(1, len(json.loads(some_arms))) for some_arms in candidates],
                policies,
                instants_of(drawn),
            ),
        )


def cost_batches(rows: Rows, persons: Persons, prices: Prices) -> Batches:
    """Yield what each line cost a store on a day, by the tariffs as they are now."""
    parts: Counter[tuple[str, str, str]] = Counter()
    amounts: dict[tuple[str, str, str], Decimal] = {}
    for some in rows:
        for day, store, line, recipient, count in some:
            where = (store, persons.line_id(line), f"{day} 00:00:00.000000")
            price = prices.tariff_of(LineId(line)).price(recipient)
            parts[where] += count
            amounts[where] = amounts.get(where, Decimal()) + price * count
    if not parts:
        return
    stores, lines, days = columns_of(list(parts))
    yield make_batch(
        COSTS,
        (
            stores,
            lines,
            instants_of(days),
            list(parts.values()),
            [float(amounts[where]) for where in parts],
            [prices.currency] * len(parts),
        ),
    )


def _money(kept: Sequence[Any]) -> list[float | None]:
    """Return amounts as the lake has them, of what the database keeps."""
    return [None if one is None else float(of_kept(int(one))) for one in kept]
