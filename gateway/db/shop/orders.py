"""Orders of shops, as their events tell them, in any order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from gateway.db.prepared import Prepared
from gateway.db.shop.owners import owner
from gateway.db.tables import ORDER_LINES, ORDERS
from gateway.domain.ids import StoreName

PLACED: Final = "placed"
CANCELLED: Final = "cancelled"
REFUNDED: Final = "refunded"

NO_ORDER: Final = (CANCELLED, "failed", "trash")
"""Statuses of what was no order in the end; the last two are WooCommerce's. What was refunded was
one: the person bought, and may have kept a part."""

_RANK: Final = {PLACED: 0, REFUNDED: 2, CANCELLED: 3}
"""Of two statuses of the same instant the higher stands; another word of the store's is between."""

_IS = (ORDERS.c.store == bindparam("of"), ORDERS.c.order_id == bindparam("id"))
_FIND: Final = Prepared(select(ORDERS).where(*_IS))
_CHANGE: Final = Prepared(update(ORDERS).where(*_IS))
_ADD: Final = Prepared(insert(ORDERS))
_ADD_LINE: Final = Prepared(insert(ORDER_LINES))
_DROP_LINES: Final = Prepared(
    delete(ORDER_LINES).where(
        ORDER_LINES.c.store == bindparam("of"), ORDER_LINES.c.order_id == bindparam("id")
    )
)

_CONTENT: Final = ("total", "revenue", "currency", "coupon", "first")
_ORIGIN: Final = ("cart_id", "checkout_id")
_BLANK: Final[dict[str, Any]] = {
    **dict.fromkeys(
        (*_CONTENT, *_ORIGIN, "person", "customer", "placed_at", "refunded", "told_at")
    ),
    "items": 0,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """What was ordered."""

    facts: Mapping[str, Any]
    """By column: what it cost, which cart it was, and so on."""
    lines: Sequence[Mapping[str, Any]]
    """By column, without store, order and number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderNews:
    """What an event says of an order."""

    at: datetime
    """When it was so; UTC."""
    status: str
    placed: Placed | None = None
    refunded: Decimal | None = None
    """In all so far."""
    currency: str | None = None
    person: str | None = None
    customer: str | None = None


def tell_order(connection: Connection, store: StoreName, order: str, news: OrderNews) -> Any:
    """Keep what is told of an order; return its row as it stands then."""
    named = {"of": store, "id": order}
    row = _FIND.first(connection, named)
    known = _BLANK if row is None else row._asdict()
    values = {**_whose(connection, store, known, news), **_state(known, news)}
    if news.placed is not None:
        values["placed_at"] = min(known["placed_at"] or news.at, news.at)
        values |= _origin(known, news.placed)
        if _is_newer(known, news.at, news.placed):
            values |= _content(news.placed, news.at)
            _DROP_LINES.run(connection, named)
            _ADD_LINE.many(connection, _lines(store, order, news.placed))
    if row is None:
        _ADD.run(connection, {**_BLANK, **values, "store": store, "order_id": order})
    else:
        _CHANGE.run(connection, {**values, **named})
    return _FIND.first(connection, named)


def _whose(
    connection: Connection, store: StoreName, known: Mapping[str, Any], news: OrderNews
) -> dict[str, Any]:
    """Return who it is of: what the order itself says, before what is said of it later."""
    told, before = (news.customer, news.person), (known["customer"], known["person"])
    first, second = (told, before) if news.placed is not None else (before, told)
    customer = first[0] or second[0]
    person = owner(connection, store, customer, first[1] or second[1])
    return {"customer": customer, "person": person}


def _state(known: Mapping[str, Any], news: OrderNews) -> dict[str, Any]:
    changed = max(known.get("changed_at", news.at), news.at)
    values: dict[str, Any] = {"changed_at": changed}
    before = known.get("status_at")
    if before is None or _standing(news.at, news.status) > _standing(before, known["status"]):
        values |= {"status": news.status, "status_at": news.at}
    if news.refunded is not None:  # a sum grows: the greater is the later
        values["refunded"] = max(known["refunded"] or news.refunded, news.refunded)
        values["currency"] = known["currency"] or news.currency
    return values


def _standing(at: datetime, status: str) -> tuple[datetime, int, str]:
    return at, _RANK.get(status, 1), status


def _origin(known: Mapping[str, Any], placed: Placed) -> dict[str, Any]:
    """Return which cart it was; that stays, whatever is told of the order later."""
    return {name: known[name] or placed.facts[name] for name in _ORIGIN}


def _is_newer(known: Mapping[str, Any], at: datetime, placed: Placed) -> bool:
    """Tell whether it is the newest that is told of what was ordered; once is enough."""
    before = known["told_at"]
    if before is None or at != before:
        return before is None or bool(at > before)
    facts = [repr(placed.facts[name]) for name in _CONTENT]
    return facts > [repr(known[name]) for name in _CONTENT]


def _content(placed: Placed, at: datetime) -> dict[str, Any]:
    items = sum(line["quantity"] for line in placed.lines)
    return {**{name: placed.facts[name] for name in _CONTENT}, "items": items, "told_at": at}


def _lines(store: StoreName, order: str, placed: Placed) -> list[dict[str, Any]]:
    return [
        {"store": store, "order_id": order, "line": number, **line}
        for number, line in enumerate(placed.lines, start=1)
    ]


def order_whom(connection: Connection, store: StoreName, order: str) -> tuple[str | None, ...]:
    """Return the person and the customer of an order; of none where it is not known."""
    row = _FIND.first(connection, {"of": store, "id": order})
    return (None, None) if row is None else (row.person, row.customer)
