"""What a person is to a store as a buyer, added up as segments count it (`people`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, func, select, true

from gateway.db.owned import Whose
from gateway.db.shop.orders import NO_ORDER
from gateway.db.shop.people import People
from gateway.db.tables import CARTS, ORDER_LINES, ORDERS, PERSONS, PRODUCT_VIEWS, PRODUCTS
from gateway.domain.ids import PersonId, StoreName
from gateway.domain.money import of_kept

MOST_VIEWED: Final = 20

_AMOUNTS: Final = ("spend", "refunded", "average_order", "cart_value")
_OTHERS: Final = ("orders", "first_order_at", "last_order_at", "cart_active_at")


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """A person as a buyer; amounts in the currencies of the orders and carts."""

    store: StoreName
    person: PersonId
    orders: int
    """That were not cancelled."""
    spend: Decimal
    """What was paid for them, less what was given back."""
    refunded: Decimal
    average_order: Decimal | None
    currencies: tuple[str, ...]
    first_order_at: datetime | None
    last_order_at: datetime | None
    categories: tuple[str, ...]
    """Bought, that of most pieces first."""
    viewed: tuple[str, ...]
    """Products that the person looked at, the last first; at most `MOST_VIEWED`."""
    cart_ids: tuple[str, ...]
    """Carts that are open, the last first."""
    cart_value: Decimal
    """Of them all."""
    cart_active_at: datetime | None


def read_profile(
    connection: Connection, store: StoreName, person: PersonId, now: datetime
) -> Profile | None:
    """Return a person as a buyer; None: the store never told of the person.

    Args:
        connection: for reading.
        store: whose person it is.
        person: the pseudonym.
        now: the current instant, UTC.
    """
    view = People(connection.dialect.name, store, now, person)
    columns = [view.column(name).label(name) for name in (*_AMOUNTS, *_OTHERS)]
    row = connection.execute(view.query(true(), *columns)).first()
    if row is None:
        return None
    amounts: dict[str, Any] = {name: _amount(getattr(row, name)) for name in _AMOUNTS}
    others: dict[str, Any] = {name: getattr(row, name) for name in _OTHERS}
    return Profile(
        store=store,
        person=person,
        currencies=_currencies(connection, store, person),
        categories=_categories(connection, store, person),
        viewed=_viewed(connection, store, person),
        cart_ids=_carts(connection, store, person),
        **amounts,
        **others,
    )


def profiles_of(connection: Connection, whose: Whose, now: datetime) -> list[Profile]:
    """Return a person as a buyer of each store that told of them."""
    query = select(PERSONS.c.store, PERSONS.c.person).where(PERSONS.c.person.in_(whose.persons))
    if whose.store is not None:
        query = query.where(PERSONS.c.store == whose.store)
    found = [read_profile(connection, *row, now) for row in connection.execute(query).all()]
    return [one for one in found if one is not None]


def _amount(kept: int | None) -> Decimal | None:
    return None if kept is None else of_kept(kept)


def _counts(store: StoreName, person: PersonId) -> Sequence[Any]:
    return (
        ORDERS.c.store == store,
        ORDERS.c.person == person,
        ORDERS.c.placed_at.is_not(None),
        ORDERS.c.status.not_in(NO_ORDER),
    )


def _currencies(connection: Connection, store: StoreName, person: PersonId) -> tuple[str, ...]:
    query = select(ORDERS.c.currency).where(*_counts(store, person)).distinct()
    return tuple(sorted(one for one in connection.scalars(query) if one is not None))


def _categories(connection: Connection, store: StoreName, person: PersonId) -> tuple[str, ...]:
    """Return what is said of a line, else what is known of its product."""
    lines, sold = ORDER_LINES.c, PRODUCTS.c
    category = func.coalesce(lines.category, sold.category)
    query = (
        select(category)
        .select_from(ORDERS)
        .join(ORDER_LINES, (lines.store == ORDERS.c.store) & (lines.order_id == ORDERS.c.order_id))
        .outerjoin(PRODUCTS, (sold.store == lines.store) & (sold.product_id == lines.product_id))
        .where(*_counts(store, person), category.is_not(None))
        .group_by(category)
        .order_by(func.sum(lines.quantity).desc(), category)
    )
    return tuple(connection.scalars(query))


def _viewed(connection: Connection, store: StoreName, person: PersonId) -> tuple[str, ...]:
    views = PRODUCT_VIEWS.c
    last = func.max(views.viewed_at)
    query = (
        select(views.product_id)
        .where(views.store == store, views.person == person)
        .group_by(views.product_id)
        .order_by(last.desc(), views.product_id)
        .limit(MOST_VIEWED)
    )
    return tuple(connection.scalars(query))


def _carts(connection: Connection, store: StoreName, person: PersonId) -> tuple[str, ...]:
    carts = CARTS.c
    query = (
        select(carts.cart_id)
        .where(
            carts.store == store,
            carts.person == person,
            carts.ordered_at.is_(None),
            carts.products != "[]",
        )
        .order_by(carts.active_at.desc(), carts.cart_id)
    )
    return tuple(connection.scalars(query))
