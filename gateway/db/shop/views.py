"""Who looked at what: one row a customer and product, or a number and product, with a count."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from gateway.db.prepared import Prepared
from gateway.db.shop.owners import owner
from gateway.db.tables import PRODUCT_VIEWS
from gateway.domain.ids import StoreName

_VIEWS = PRODUCT_VIEWS.c
_OF = (_VIEWS.store == bindparam("store"), _VIEWS.product_id == bindparam("product"))
_BY_CUSTOMER: Final = Prepared(
    select(PRODUCT_VIEWS).where(*_OF, _VIEWS.customer == bindparam("who"))
)
_BY_NUMBER: Final = Prepared(
    select(PRODUCT_VIEWS).where(*_OF, _VIEWS.person == bindparam("who"), _VIEWS.customer.is_(None))
)
_AGAIN: Final = Prepared(update(PRODUCT_VIEWS).where(_VIEWS.key == bindparam("row")))
_ADD: Final = Prepared(insert(PRODUCT_VIEWS))


def count_view(
    connection: Connection,
    store: StoreName,
    product: str,
    person: str | None,
    customer: str | None,
    at: datetime,
) -> None:
    """Count that somebody looked at a product; of nobody in particular nothing is kept.

    Args:
        connection: the transaction.
        store: whose product it is.
        product: the store's id.
        person: the pseudonym, where the number is known.
        customer: what the store calls the person.
        at: when; UTC.
    """
    if customer is None and person is None:
        return
    find, who = (_BY_NUMBER, person) if customer is None else (_BY_CUSTOMER, customer)
    row = find.first(connection, {"store": store, "product": product, "who": who})
    if row is None:
        new = {"store": store, "product_id": product, "customer": customer, "views": 1}
        _ADD.run(
            connection,
            {**new, "person": owner(connection, store, customer, person), "viewed_at": at},
        )
        return
    told = owner(connection, store, customer, row.person or person)
    last = max(row.viewed_at, at)
    _AGAIN.run(
        connection, {"row": row.key, "views": row.views + 1, "viewed_at": last, "person": told}
    )
