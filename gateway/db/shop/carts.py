"""Carts of shops, as their events tell them, and whether they were bought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from gateway.db.prepared import Prepared
from gateway.db.shop.owners import owner
from gateway.db.tables import CARTS, ORDERS
from gateway.domain.ids import StoreName

AFTERMATH: Final = timedelta(hours=1)
"""How long after its order a cart may be told of again, as shops do that clear it or mark it paid,
without being a new one under the same id."""

_C, _O = CARTS.c, ORDERS.c
_IS = (_C.store == bindparam("of"), _C.cart_id == bindparam("id"))
_FIND: Final = Prepared(select(CARTS).where(*_IS))
_CHANGE: Final = Prepared(update(CARTS).where(*_IS))
_ADD: Final = Prepared(insert(CARTS))


@dataclass(frozen=True, kw_only=True, slots=True)
class CartNews:
    """What an event says of a cart."""

    at: datetime
    """When it was so; UTC."""
    products: str
    """A JSON list; empty: it was cleared."""
    value: Decimal
    currency: str
    url: str | None
    checkout_id: str | None = None
    """Where the person began to pay."""
    person: str | None = None
    customer: str | None = None


def tell_cart(connection: Connection, store: StoreName, cart: str, news: CartNews) -> None:
    """Keep what is told of a cart, and whether it was bought; the newest of it stands."""
    named = {"of": store, "id": cart}
    row = _FIND.first(connection, named)
    values = _whose(connection, store, row, news)
    if row is None:
        begun = None if news.checkout_id is None else news.at
        new = {"checkout_id": news.checkout_id, "checkout_at": begun, "active_at": news.at}
        new |= {**_snapshot(news), **values, "store": store, "cart_id": cart}
        _ADD.run(connection, {**new, "ordered_at": _bought(connection, new)})
        return
    values |= _paying(row, news)
    values["active_at"] = max(row.active_at, news.at)
    if _is_newest(row, news):
        values |= _snapshot(news)
    stands = {**row._asdict(), **values}
    _CHANGE.run(connection, {**values, "ordered_at": _bought(connection, stands), **named})


def _snapshot(news: CartNews) -> dict[str, Any]:
    return {
        "products": news.products,
        "value": news.value,
        "currency": news.currency,
        "url": news.url,
        "changed_at": news.at,
    }


def _is_newest(row: Any, news: CartNews) -> bool:
    """Tell whether what is in it is the newest; of two at one instant one stands, in any order."""
    told = (news.at, news.products, str(news.url))
    return told > (row.changed_at, row.products, str(row.url))


def _whose(connection: Connection, store: StoreName, row: Any, news: CartNews) -> dict[str, Any]:
    """Return who it is of: whoever was told last, and who was told at all."""
    told = (news.customer, news.person)
    before = (None, None) if row is None else (row.customer, row.person)
    newer = row is None or news.at >= row.changed_at
    first, second = (told, before) if newer else (before, told)
    customer = first[0] or second[0]
    person = owner(connection, store, customer, first[1] or second[1])
    return {"customer": customer, "person": person}


def _paying(row: Any, news: CartNews) -> dict[str, Any]:
    """Return what changes when the person began to pay, unless that was before what is known."""
    if news.checkout_id is None:
        return {}
    if row.checkout_at is not None:
        known = (row.checkout_at, row.checkout_id)
        if (news.at, news.checkout_id) <= known:
            return {}
    return {"checkout_id": news.checkout_id, "checkout_at": news.at}


def _first_order(*which: Any) -> Prepared:
    return Prepared(
        select(func.min(_O.placed_at).label("at")).where(
            _O.store == bindparam("store"), *which, _O.placed_at >= bindparam("since")
        )
    )


_ORDERS_OF: Final = {
    "cart_id": _first_order(_O.cart_id == bindparam("who")),
    "checkout_id": _first_order(_O.checkout_id == bindparam("who")),
    "person": _first_order(_O.person == bindparam("who")),
    "customer": _first_order(_O.customer == bindparam("who")),
}


def _slack(name: str) -> timedelta:
    """Return how much later than an order a cart may be told of, that is bought by it."""
    return AFTERMATH if name in ("cart_id", "checkout_id") else timedelta()


def _bought(connection: Connection, cart: Mapping[str, Any]) -> datetime | None:
    """Return when a cart was bought: by its own order, or the first of its person after it."""
    found = []
    for name, query in _ORDERS_OF.items():
        if cart[name] is not None:
            since = cart["active_at"] - _slack(name)
            asked = {"store": cart["store"], "who": cart[name], "since": since}
            found += [row.at for row in query.all(connection, asked) if row.at is not None]
    return min(found, default=None)


def _open(column: Any) -> Prepared:
    return Prepared(
        select(CARTS).where(
            _C.store == bindparam("of"),
            column == bindparam("who"),
            or_(_C.ordered_at.is_(None), _C.ordered_at > bindparam("at")),
        )
    )


_OPEN: Final = {name: _open(_C[name]) for name in _ORDERS_OF}


def mark_bought(connection: Connection, order: Any) -> None:
    """Mark the carts that an order is of, or that its person had before it.

    One that was marked by the same order is looked at again: it may have been placed earlier.

    Args:
        connection: the transaction.
        order: its row, with `placed_at`.
    """
    for name, query in _OPEN.items():
        if (who := getattr(order, name)) is not None:
            named = {"of": order.store, "who": who, "at": order.placed_at}
            _settle(connection, order.store, query.all(connection, named))


_OF_PERSON: Final = Prepared(
    select(CARTS).where(_C.store == bindparam("of"), _C.person == bindparam("who"))
)


def settle_carts(connection: Connection, store: StoreName, persons: Iterable[str]) -> None:
    """Tell anew which carts of persons were bought, since their orders are another's now."""
    for person in sorted(persons):
        _settle(connection, store, _OF_PERSON.all(connection, {"of": store, "who": person}))


def _settle(connection: Connection, store: StoreName, carts: Iterable[Any]) -> None:
    for row in carts:
        bought = _bought(connection, row._asdict())
        if bought != row.ordered_at:
            _CHANGE.run(connection, {"ordered_at": bought, "of": store, "id": row.cart_id})


def cart_whom(connection: Connection, store: StoreName, cart: str) -> tuple[str | None, ...]:
    """Return the person and the customer of a cart; of none where it is not known."""
    row = _FIND.first(connection, {"of": store, "id": cart})
    return (None, None) if row is None else (row.person, row.customer)
