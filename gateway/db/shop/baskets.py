"""What was bought: by whom, together with what, and what of it is still to be had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, distinct, func, or_, select

from gateway.db.names import AT_ONCE
from gateway.db.shop.orders import NO_ORDER, REFUNDED
from gateway.db.streams import rows
from gateway.db.tables import ORDER_LINES, ORDERS, PRODUCTS
from gateway.domain.ids import PersonId, StoreName

_LINES: Final = 10_000
_SAME: Final = and_(
    ORDERS.c.store == ORDER_LINES.c.store, ORDERS.c.order_id == ORDER_LINES.c.order_id
)
"""Joined from the outside, so that SQLite begins with the orders, not with all of a store's lines;
an order without lines gives a row without a product, which is left out here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bought:
    """A product that a person ordered."""

    product_id: str
    placed_at: datetime
    returned: bool
    """Whether the money of its order was given back."""


def lines_between(
    connection: Connection, store: StoreName, since: datetime, until: datetime
) -> Iterator[tuple[str, str]]:
    """Yield order and product of every line of the orders in a time.

    Args:
        connection: where to look.
        store: whose.
        since: inclusive; UTC.
        until: exclusive.
    """
    within = (ORDERS.c.placed_at >= since, ORDERS.c.placed_at < until)
    query = (
        select(ORDER_LINES.c.order_id, ORDER_LINES.c.product_id)
        .select_from(ORDERS.outerjoin(ORDER_LINES, _SAME))
        .where(ORDERS.c.store == store, *within, ORDERS.c.status.not_in(NO_ORDER))
    )
    for row in rows(connection, query, _LINES):
        if row.product_id is not None:
            yield row.order_id, row.product_id


def bought_by(connection: Connection, store: StoreName, person: PersonId) -> list[Bought]:
    """Return what a person ordered, the newest first."""
    query = (
        select(ORDER_LINES.c.product_id, ORDERS.c.placed_at, ORDERS.c.status)
        .select_from(ORDERS.outerjoin(ORDER_LINES, _SAME))
        .where(
            ORDERS.c.store == store,
            ORDERS.c.person == person,
            ORDERS.c.placed_at.is_not(None),
            ORDERS.c.status.not_in(NO_ORDER),
        )
        .order_by(ORDERS.c.placed_at.desc(), ORDER_LINES.c.order_id, ORDER_LINES.c.line)
    )
    return [
        Bought(product_id=row.product_id, placed_at=row.placed_at, returned=row.status == REFUNDED)
        for row in connection.execute(query)
        if row.product_id is not None
    ]


def sellable(connection: Connection, store: StoreName, products: Sequence[str]) -> set[str]:
    """Return which of some products can be had: known, not discontinued, and not out of stock."""
    found: set[str] = set()
    for first in range(0, len(products), AT_ONCE):
        asked = PRODUCTS.c.product_id.in_(products[first : first + AT_ONCE])
        query = select(PRODUCTS.c.product_id).where(PRODUCTS.c.store == store, asked, _to_be_had())
        found |= set(connection.scalars(query))
    return found


def better_than(
    connection: Connection, store: StoreName, product_id: str, most: Decimal
) -> str | None:
    """Return what is bought most of the dearer products of a product's category.

    Args:
        connection: where to look.
        store: whose.
        product_id: of what.
        most: how much dearer at most, as a factor of its price.

    Returns:
        Of several that are bought alike, the one that is least dear; None where there is none.
    """
    this = PRODUCTS.alias("this")
    known = select(this.c.price, this.c.category, this.c.currency).where(
        this.c.store == store, this.c.product_id == product_id
    )
    row = connection.execute(known).first()
    if row is None or row.price is None or row.category is None:
        return None
    query = (
        select(PRODUCTS.c.product_id)
        .outerjoin(
            ORDER_LINES,
            and_(
                ORDER_LINES.c.store == PRODUCTS.c.store,
                ORDER_LINES.c.product_id == PRODUCTS.c.product_id,
            ),
        )
        .where(
            PRODUCTS.c.store == store,
            PRODUCTS.c.category == row.category,
            PRODUCTS.c.currency.is_not_distinct_from(row.currency),
            PRODUCTS.c.price > row.price,
            PRODUCTS.c.price <= (row.price * most).quantize(Decimal("0.0001")),
            _to_be_had(),
        )
        .group_by(PRODUCTS.c.product_id, PRODUCTS.c.price)
        .order_by(
            func.count(distinct(ORDER_LINES.c.order_id)).desc(),
            PRODUCTS.c.price,
            PRODUCTS.c.product_id,
        )
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()


def _to_be_had() -> ColumnElement[bool]:
    in_stock = or_(PRODUCTS.c.inventory.is_(None), PRODUCTS.c.inventory > 0)
    return and_(PRODUCTS.c.discontinued.is_(False), in_stock)
