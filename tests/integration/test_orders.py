"""A day of a real shop: each order is confirmed, each confirmation followed to its report."""

from __future__ import annotations

import os
from datetime import date
from typing import Any

import pytest
from support.plugin import Build
from support.processes import SHARED

ORDERS = SHARED / "data" / "orders" / "orders.parquet"
DAY = date(2011, 11, 23)

pytestmark = pytest.mark.skipif(
    not ORDERS.exists() and "CI" not in os.environ, reason=f"{ORDERS} is not here"
)


def orders_of(day: date) -> list[dict[str, Any]]:
    parquet = pytest.importorskip("pyarrow.parquet")
    rows: list[dict[str, Any]] = parquet.read_table(ORDERS).to_pylist()
    return [row for row in rows if row["ts"].date() == day]


def confirmation(order: dict[str, Any]) -> str:
    return (
        f"Thank you! Your order {order['invoice']} of {order['nprod']} products "
        f"for £{order['rev']:.2f} is confirmed."
    )


@pytest.mark.timeout(180)
def test_a_day_of_real_orders(house: Build) -> None:
    orders = orders_of(DAY)
    assert len(orders) > 50
    built = house(modems=4)
    built.start()
    for order in orders:
        built.store.submit(
            f"order-{order['invoice']}",
            to=f"+447700{int(order['cust']):06d}",
            text=confirmation(order),
        )
    built.store.await_all("delivered", len(orders), seconds=90)
    assert built.submits() == dict.fromkeys(map(confirmation, orders), 1)
    sent_to = {entry["text"]: entry["to"] for entry in built.log()}
    for order in orders:
        assert sent_to[confirmation(order)] == f"+447700{int(order['cust']):06d}"
