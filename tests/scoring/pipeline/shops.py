"""Simulated shops with known people, written as lakes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from scoring.schema import TABLES, Table, Type

ARROW = {
    Type.STRING: pa.string(),
    Type.INTEGER: pa.int64(),
    Type.NUMBER: pa.float64(),
    Type.FLAG: pa.bool_(),
    Type.INSTANT: pa.timestamp("us", tz="UTC"),
    Type.LOCAL: pa.timestamp("us"),
}
PRODUCTS = 12


@dataclass(frozen=True, kw_only=True)
class Shop:
    """People who buy at rates of their own until they leave."""

    people: int = 400
    days: int = 500
    until: date = date(2026, 6, 30)
    store: str = "acme"
    pace: float = 25.0
    """Mean days between purchases of a person who is there."""
    stay: float = 250.0
    """Mean days until one leaves."""
    seed: int = 3
    clock: bool = True
    """False: dates without a time of day."""


def orders_of(shop: Shop) -> pd.DataFrame:
    """Return orders: person, local_at, value."""
    rng = np.random.default_rng(shop.seed)
    begin = pd.Timestamp(shop.until - timedelta(days=shop.days - 1))
    rows = []
    for person in range(shop.people):
        wait = rng.gamma(2.0, shop.pace / 2)
        joined = rng.uniform(0, shop.days * 0.8)
        leaves = joined + rng.exponential(shop.stay)
        days = joined + np.cumsum(np.r_[0.0, rng.exponential(wait, 60)])
        days = np.floor(days[days < min(leaves, shop.days)])
        hours = (
            np.clip(rng.normal(14 + person % 6, 2, len(days)), 0, 23) if shop.clock else 0 * days
        )
        worth = rng.gamma(4, 10 + person % 7, len(days)).round(2)
        at = begin + pd.to_timedelta(days * 24 + np.floor(hours), unit="h")
        rows.append(pd.DataFrame({"person": person, "local_at": at, "value": worth}))
    return pd.concat(rows, ignore_index=True).sort_values("local_at", ignore_index=True)


def lake_of(folder: Path, shop: Shop | None = None, orders: pd.DataFrame | None = None) -> Path:
    """Write a shop, or given orders of it, as a lake; return its folder."""
    shop = shop or Shop()
    orders = orders_of(shop) if orders is None else orders
    names = [f"p{person:05d}" for person in orders["person"]]
    at = orders["local_at"].dt.tz_localize("UTC") - (
        pd.Timedelta("1h") if shop.clock else pd.Timedelta(0)
    )
    first = at.groupby(names).min()
    write(
        folder,
        "persons",
        {
            "store": shop.store,
            "person_id": first.index.to_numpy(),
            "country": "GB",
            "timezone": "Europe/Berlin",
            "first_seen_at": first.to_numpy(),
        },
        len(first),
    )
    common = {
        "store": shop.store,
        "order_id": [f"{shop.store}-{number}" for number in range(len(orders))],
        "person_id": names,
        "ordered_at": at.to_numpy(),
        "kind": "sale",
        "value": orders["value"].to_numpy(),
    }
    whole = {
        "local_at": orders["local_at"].to_numpy(),
        "currency": "GBP",
        "items": 2,
        "products": 1,
    }
    write(folder, "orders", common | whole, len(orders))
    product = (orders["person"] + np.arange(len(orders)) // 7) % PRODUCTS
    line = {"line": 1, "product_id": [f"sku{number}" for number in product], "quantity": 2}
    write(folder, "order_lines", common | line, len(orders))
    products = {
        "store": shop.store,
        "product_id": [f"sku{n}" for n in range(PRODUCTS)],
        "price": 5.0,
    }
    write(folder, "products", products, PRODUCTS)
    return folder


def write(folder: Path, name: str, columns: dict[str, object], rows: int) -> None:
    """Write a table into the months that its rows belong to; what is left out is null."""
    table = TABLES[name]
    frame = pd.DataFrame(columns, index=range(rows)).reindex(
        columns=[column.name for column in table.columns]
    )
    months = [""] * rows
    if table.clock is not None:
        months = frame[table.clock].dt.strftime("month=%Y-%m").tolist()
    for month, some in frame.groupby(months):
        place = folder / name / str(month) / f"{columns['store']}.parquet"
        place.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(_arrow(table, some), place)


def _arrow(table: Table, frame: pd.DataFrame) -> pa.Table:
    schema = pa.schema([(column.name, ARROW[column.type]) for column in table.columns])
    return pa.Table.from_arrays(
        [_column(frame[field.name], field.type) for field in schema], schema=schema
    )


def _column(values: pd.Series, kind: pa.DataType) -> pa.Array:
    if values.isna().all():
        return pa.nulls(len(values), kind)
    return pa.array(values, from_pandas=True).cast(kind, safe=False)
