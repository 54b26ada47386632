"""Clicks, and what is known of the message that a link stood in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from gateway.db.prepared import Prepared
from gateway.db.tables import CLICKS, JOBS, PARTS, PRODUCTS
from gateway.domain.click import Opened
from gateway.domain.ids import StoreName
from gateway.domain.money import Price
from gateway.domain.states import PartState

_PUT = Prepared(
    insert(CLICKS)
    .values(
        token=bindparam("token"),
        store=bindparam("store"),
        at=bindparam("at"),
        machine=bindparam("machine"),
        reason=bindparam("reason"),
    )
    .returning(CLICKS.c.key)
)


def put_clicks(connection: Connection, opened: Sequence[Opened]) -> list[int]:
    """Write clicks; return their keys, in the same order."""
    rows = [
        {
            "token": one.token,
            "store": one.store,
            "at": one.at,
            "machine": one.machine is not None,
            "reason": one.machine,
        }
        for one in opened
    ]
    return [row.key for row in _PUT.each(connection, rows)] if rows else []


@dataclass(frozen=True, kw_only=True, slots=True)
class Sending:
    """How far a message has come that a link stood in."""

    sent_at: datetime | None
    """When a part of it was last handed to a modem; None: not yet."""
    reported: bool
    """Whether a delivery report was asked for."""
    delivered_at: datetime | None
    """When the first report came that a part has arrived."""


_SENDING = Prepared(
    select(JOBS.c.report, PARTS.c.handed_at, PARTS.c.settled_at, PARTS.c.state)
    .join(PARTS, PARTS.c.job_key == JOBS.c.key)
    .where(JOBS.c.store == bindparam("store"), JOBS.c.id == bindparam("job"))
)


def sending_of(connection: Connection, store: StoreName, job: str) -> Sending | None:
    """Return how far a message has come; None when it is long over, or was never there."""
    rows = _SENDING.all(connection, {"store": store, "job": job})
    if not rows:
        return None
    handed = [row.handed_at for row in rows if row.handed_at is not None]
    arrived = [row.settled_at for row in rows if row.state == PartState.DELIVERED]
    return Sending(
        sent_at=max(handed, default=None),
        reported=rows[0].report,
        delivered_at=min((at for at in arrived if at is not None), default=None),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A product, as a card shows it; all of it is the store's words."""

    name: str | None
    brand: str | None
    image_url: str | None
    price: Price | None


_SHOWN = Prepared(
    select(
        PRODUCTS.c.name,
        PRODUCTS.c.brand,
        PRODUCTS.c.image_url,
        PRODUCTS.c.price,
        PRODUCTS.c.currency,
    ).where(
        PRODUCTS.c.store == bindparam("store"), PRODUCTS.c.product_id == bindparam("product_id")
    )
)


def shown_product(connection: Connection, store: StoreName, product_id: str) -> Shown | None:
    """Return what a card shows of a product."""
    row = _SHOWN.first(connection, {"store": store, "product_id": product_id})
    if row is None:
        return None
    priced = row.price is not None and row.currency is not None
    price = Price(row.price, row.currency) if priced else None
    return Shown(name=row.name, brand=row.brand, image_url=row.image_url, price=price)
