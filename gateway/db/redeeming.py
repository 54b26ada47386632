"""Coupons that were used: seen in an order."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import Connection, and_, bindparam, or_, update

from gateway.db.prepared import Prepared
from gateway.db.tables import COUPONS
from gateway.domain.ids import StoreName

_C = COUPONS.c
_REDEEM: Final = Prepared(
    update(COUPONS)
    .where(
        _C.store == bindparam("of"),
        _C.code == bindparam("used"),
        or_(
            _C.redeemed_at.is_(None),
            _C.redeemed_at > bindparam("redeemed_at"),
            and_(_C.redeemed_at == bindparam("redeemed_at"), _C.order_id >= bindparam("order_id")),
        ),
    )
    .values(
        redeemed_at=bindparam("redeemed_at"),
        order_id=bindparam("order_id"),
        discount=bindparam("discount"),
    )
)


def redeem(
    connection: Connection,
    store: StoreName,
    code: str,
    order: str,
    discount: Decimal | None,
    at: datetime,
) -> bool:
    """Write down that a code of ours was used, by the first order that used it.

    Args:
        connection: the transaction.
        store: whose code it is.
        code: as the order has it.
        order: the store's id.
        discount: what it took off, where told.
        at: when the order was placed; UTC.

    Returns:
        Whether it is a code that we know, and its first use.
    """
    used = {"of": store, "used": code, "order_id": order, "discount": discount}
    return _REDEEM.run(connection, {**used, "redeemed_at": at}) > 0
