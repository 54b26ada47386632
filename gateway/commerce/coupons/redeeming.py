"""Codes in orders: which one was used, by whom, and who is credited for a friend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from gateway.db.commerce.coupons import (
    REFERRAL,
    CouponRecord,
    find_coupon,
    mark_redeemed,
)
from gateway.db.commerce.referrals import credit_referral, first_order, ordered_before
from gateway.domain.ids import PersonId, StoreName


@dataclass(frozen=True, kw_only=True, slots=True)
class Redemption:
    """What an order did to a code of ours."""

    coupon: CouponRecord
    """As it was before."""
    counted: bool
    """Whether it is new: the first order of a code that is used once, or the first order of a
    friend."""

    @property
    def credited(self) -> PersonId | None:
        """Who brought a friend with it."""
        is_new_friend = self.counted and self.coupon.kind == REFERRAL
        return self.coupon.person if is_new_friend else None


def redeem(
    connection: Connection,
    store: StoreName,
    code: str,
    order_id: str,
    person: PersonId | None,
    at: datetime,
    *,
    discount: Decimal | None = None,
    first: bool | None = None,
) -> Redemption | None:
    """Note that an order used a code; None where the code is none of ours.

    The same order again changes nothing, and of several orders with one code the earliest has used
    it, in whatever order they are told. An order that is cancelled gives nothing back: the code was
    used, and the shop's software takes it as used.

    Args:
        connection: the transaction in which the order is kept.
        store: whose.
        code: as the order has it, in whatever capitals.
        order_id: the order.
        person: who ordered, where that is known; a friend who is not is not credited.
        at: when the order was placed, UTC.
        discount: what it took off.
        first: whether the store says that it is the person's first order.
    """
    coupon = find_coupon(connection, store, code)
    if coupon is None:
        return None
    if coupon.kind == REFERRAL:
        counted = _credit(connection, coupon, order_id, person, at, first)
    else:
        counted = mark_redeemed(connection, coupon.key, order_id, at, discount)
    return Redemption(coupon=coupon, counted=counted)


def _credit(
    connection: Connection,
    coupon: CouponRecord,
    order_id: str,
    friend: PersonId | None,
    at: datetime,
    first: bool | None,
) -> bool:
    """Credit a friend's first order, once, and never one's own."""
    if friend is None or friend == coupon.person or first is False:
        return False
    if ordered_before(connection, coupon.store, friend, order_id, at):
        return False
    return credit_referral(connection, coupon.store, friend, coupon.key, order_id, at)


def credit_late(connection: Connection, store: StoreName, friend: PersonId) -> None:
    """Credit who brought a friend, of whom it is told only now that an earlier order is theirs."""
    row = first_order(connection, store, friend)
    if row is None or row.coupon is None:
        return
    coupon = find_coupon(connection, store, row.coupon)
    if coupon is not None and coupon.kind == REFERRAL:
        _credit(connection, coupon, row.order_id, friend, row.placed_at, row.first)
