"""What a message is about: an order, a cart, products, a parcel, as rows to make words of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, bindparam, select

from gateway.db.names import by_place, in_lots, one_of
from gateway.db.prepared import Prepared
from gateway.db.tables import CARTS, ORDER_LINES, ORDERS, PRODUCTS, SHIPMENTS
from gateway.domain.ids import StoreName

_STORE: Final[BindParameter[Any]] = bindparam("store")


def _by(table: Any, column: Any) -> Prepared:
    return Prepared(select(table).where(table.c.store == _STORE, column == bindparam("id")))


_ORDER = _by(ORDERS, ORDERS.c.order_id)
_LINES = Prepared(
    select(ORDER_LINES)
    .where(ORDER_LINES.c.store == _STORE, ORDER_LINES.c.order_id == bindparam("id"))
    .order_by(ORDER_LINES.c.line)
)
_CART = _by(CARTS, CARTS.c.cart_id)
_SHIPMENT = _by(SHIPMENTS, SHIPMENTS.c.shipment_id)
_PRODUCTS: dict[int, Prepared] = {}


def order_row(connection: Connection, store: StoreName, order: str) -> Any | None:
    """Return an order by the store's id, or None."""
    return _ORDER.first(connection, {"store": store, "id": order})


def line_rows(connection: Connection, store: StoreName, order: str) -> list[Any]:
    """Return the lines of an order, in their order."""
    return _LINES.all(connection, {"store": store, "id": order})


def cart_row(connection: Connection, store: StoreName, cart: str) -> Any | None:
    """Return a cart by the store's id, or None."""
    return _CART.first(connection, {"store": store, "id": cart})


def shipment_row(connection: Connection, store: StoreName, shipment: str) -> Any | None:
    """Return a shipment by the store's id, or None."""
    return _SHIPMENT.first(connection, {"store": store, "id": shipment})


def product_rows(connection: Connection, store: StoreName, products: Sequence[str]) -> list[Any]:
    """Return products by the store's ids, in the order that they are named; unknown ones not."""
    found = {
        row.product_id: row
        for lot in in_lots(products)
        for row in _products(len(lot)).all(connection, {"store": store, **by_place(lot)})
    }
    return [found[name] for name in dict.fromkeys(products) if name in found]


def _products(count: int) -> Prepared:
    if count not in _PRODUCTS:
        named = one_of(PRODUCTS.c.product_id, count)
        _PRODUCTS[count] = Prepared(select(PRODUCTS).where(PRODUCTS.c.store == _STORE, named))
    return _PRODUCTS[count]
