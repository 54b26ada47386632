"""Small lakes for tests: rows as one writes them, files as the schema wants them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

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


def schema_of(table: Table) -> pa.Schema:
    return pa.schema([(column.name, ARROW[column.type]) for column in table.columns])


def order(number: int, **changes: Any) -> dict[str, Any]:
    at = datetime(2011, 3, 5, 10, 30, tzinfo=UTC) + timedelta(hours=number)
    row = {
        "store": "acme",
        "order_id": f"o{number}",
        "person_id": f"p{number % 3}",
        "ordered_at": at,
        "kind": "sale",
        "value": 12.5,
        "currency": "GBP",
        "items": 2,
        "products": 1,
    } | changes
    wall = row["ordered_at"]
    return {"local_at": wall.replace(tzinfo=None) if wall else None} | row


def write(folder: Path, name: str, rows: Sequence[dict[str, Any]], file: str = "part") -> Path:
    """Write rows into the months that they belong to; return the last file."""
    table = TABLES[name]
    months: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        months.setdefault(f"{row[table.clock]:month=%Y-%m}" if table.clock else "", []).append(row)
    for month, some in months.items():
        place = folder / name / month / f"{file}.parquet"
        place.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(some, schema=schema_of(table)), place)
    return place
