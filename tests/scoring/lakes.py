"""Small lakes in memory, made of plain rows, for tests of what is computed from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import ibis
import pyarrow as pa

from scoring.engine import connect
from scoring.schema import TABLES, Type

Row = Mapping[str, Any]

ORIGIN = datetime(2020, 1, 6)  # noqa: DTZ001 -- a wall clock, and a Monday
"""Minute 0 of the rows below."""

AHEAD = timedelta(hours=5)
"""By which every wall clock here is ahead of UTC."""

_ARROW = {
    Type.STRING: pa.string(),
    Type.INTEGER: pa.int64(),
    Type.NUMBER: pa.float64(),
    Type.FLAG: pa.bool_(),
    Type.INSTANT: pa.timestamp("us", tz="UTC"),
    Type.LOCAL: pa.timestamp("us"),
}


def at(minute: float) -> datetime:
    """Return a wall clock time so many minutes after the origin."""
    return ORIGIN + timedelta(minutes=minute)


def utc(local: datetime) -> datetime:
    """Return the instant of a wall clock time."""
    return (local - AHEAD).replace(tzinfo=UTC)


def order(person: str, minute: float, *, value: float = 10.0, **columns: Any) -> Row:
    """Return one row of orders; a sale of one piece unless told otherwise."""
    row = {"store": "shop", "kind": "sale", "currency": "EUR", "items": 1, "products": 1}
    return row | {
        "order_id": f"{person}-{minute}-{value}-{sorted(columns.items())}",
        "person_id": person,
        "ordered_at": utc(at(minute)),
        "local_at": at(minute),
        "value": value,
        **columns,
    }


def message(person: str, name: str, minute: float, *, delay: float | None = 5.0) -> Row:
    """Return one row of messages, reported delivered so many seconds after it was sent."""
    sent = at(minute)
    delivered = None if delay is None else utc(sent + timedelta(seconds=delay))
    return {
        "store": "shop",
        "message_id": name,
        "person_id": person,
        "purpose": "marketing",
        "state": "delivered",
        "parts": 1,
        "created_at": utc(sent),
        "sent_at": utc(sent),
        "local_at": sent,
        "delivered_at": delivered,
        "report_delay": delay,
    }


def click(person: str, name: str, minute: float, *, machine: bool = False) -> Row:
    """Return one row of clicks on the message of that name."""
    return {
        "store": "shop",
        "click_id": f"{name}-{minute}-{machine}",
        "message_id": name,
        "person_id": person,
        "clicked_at": utc(at(minute)),
        "local_at": at(minute),
        "machine": machine,
    }


def reply(person: str, minute: float, *, kind: str = "text") -> Row:
    """Return one row of replies."""
    return {
        "store": "shop",
        "reply_id": f"{person}-{minute}-{kind}",
        "person_id": person,
        "received_at": utc(at(minute)),
        "local_at": at(minute),
        "kind": kind,
    }


@dataclass(kw_only=True)
class MemoryLake:
    """A lake whose tables are rows in memory; as `scoring.lake.Lake`, without its checks."""

    orders: Sequence[Row] = ()
    order_lines: Sequence[Row] = ()
    messages: Sequence[Row] = ()
    clicks: Sequence[Row] = ()
    replies: Sequence[Row] = ()
    clockless: frozenset[str] = frozenset()
    connection: Any = field(default_factory=connect)

    @property
    def stores(self) -> tuple[str, ...]:
        """Stores that have orders."""
        return tuple(sorted({row["store"] for row in self.orders}))

    def table(self, name: str) -> Any:
        """Return a table of the schema."""
        return ibis.memtable(arrow(name, getattr(self, name)))


def arrow(name: str, rows: Iterable[Row]) -> pa.Table:
    """Return rows as a table of the schema; columns that a row lacks are null."""
    columns = [pa.field(c.name, _ARROW[c.type]) for c in TABLES[name].columns]
    return pa.Table.from_pylist(list(rows), schema=pa.schema(columns))
