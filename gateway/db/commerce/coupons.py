"""Codes: put in store, given once, found again by what an order says, and counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, bindparam, case, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.db.prepared import Prepared
from gateway.db.tables import COUPONS, ORDERS, REFERRALS
from gateway.domain.ids import PersonId, StoreName

SINGLE: Final = "single"
REFERRAL: Final = "referral"

_FREE = (COUPONS.c.given_at.is_(None), COUPONS.c.redeemed_at.is_(None))


@dataclass(frozen=True, kw_only=True, slots=True)
class CouponRecord:
    """A code."""

    key: int
    store: StoreName
    pool: str
    code: str
    kind: str
    """`SINGLE` or `REFERRAL`."""
    person: PersonId | None
    given_at: datetime | None
    expires_at: datetime | None
    redeemed_at: datetime | None
    order_id: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolCount:
    """How many codes of a pool there are."""

    pool: str
    free: int
    """Neither given nor used."""
    given: int
    redeemed: int
    credited: int
    """Friends' first orders, of codes that are passed on."""


def fold(code: str) -> str:
    """Return a code as it is compared: persons type it as they like."""
    return "".join(code.split()).upper()


@cache
def _put(dialect: str) -> Prepared:
    kind: Any = sqlite if dialect == "sqlite" else postgresql
    return Prepared(kind.insert(COUPONS).on_conflict_do_nothing())


def put_coupon(
    connection: Connection,
    store: StoreName,
    pool: str,
    code: str,
    *,
    kind: str = SINGLE,
    person: PersonId | None = None,
    decision_key: int | None = None,
    given_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> bool:
    """Write a code; False where the store has it already."""
    row = {
        "store": store,
        "pool": pool,
        "code": code,
        "folded": fold(code),
        "kind": kind,
        "person": person,
        "decision_key": decision_key,
        "given_at": given_at,
        "expires_at": expires_at,
    }
    return _put(connection.dialect.name).run(connection, row) > 0


_NEXT = (
    select(COUPONS.c.key)
    .where(COUPONS.c.store == bindparam("of"), COUPONS.c.pool == bindparam("from_pool"), *_FREE)
    .order_by(COUPONS.c.key)
    .limit(1)
    # Two gateways that give at once take two codes, and neither waits for the other.
    .with_for_update(skip_locked=True)
)
_TAKE = Prepared(
    update(COUPONS)
    .where(COUPONS.c.key == _NEXT.scalar_subquery())
    .values(
        person=bindparam("whose"),
        decision_key=bindparam("by"),
        given_at=bindparam("now"),
        expires_at=bindparam("until"),
    )
    .returning(COUPONS.c.code)
)


def take_coupon(
    connection: Connection,
    store: StoreName,
    pool: str,
    *,
    person: PersonId,
    decision_key: int | None,
    now: datetime,
    expires_at: datetime | None,
) -> str | None:
    """Give the first free code of a pool to a person; None where none is left."""
    values = {
        "of": store,
        "from_pool": pool,
        "whose": person,
        "by": decision_key,
        "now": now,
        "until": expires_at,
    }
    row = _TAKE.first(connection, values)
    return None if row is None else str(row.code)


_FIND = Prepared(
    select(COUPONS).where(
        COUPONS.c.store == bindparam("store"), COUPONS.c.folded == bindparam("folded")
    )
)


def find_coupon(connection: Connection, store: StoreName, code: str) -> CouponRecord | None:
    """Return a code of a store, however it is written."""
    row = _FIND.first(connection, {"store": store, "folded": fold(code)})
    return None if row is None else _record(row)


_REFERRAL = Prepared(
    select(COUPONS).where(
        COUPONS.c.store == bindparam("store"),
        COUPONS.c.person == bindparam("person"),
        COUPONS.c.pool == bindparam("pool"),
        COUPONS.c.kind == REFERRAL,
        or_(COUPONS.c.expires_at.is_(None), COUPONS.c.expires_at > bindparam("now")),
    )
)


def find_referral_code(
    connection: Connection, store: StoreName, pool: str, person: PersonId, now: datetime
) -> CouponRecord | None:
    """Return the code that a person passes on, if it still holds."""
    asked = {"store": store, "person": person, "pool": pool, "now": now}
    row = _REFERRAL.first(connection, asked)
    return None if row is None else _record(row)


def _record(row: Any) -> CouponRecord:
    return CouponRecord(
        key=row.key,
        store=row.store,
        pool=row.pool,
        code=row.code,
        kind=row.kind,
        person=row.person,
        given_at=row.given_at,
        expires_at=row.expires_at,
        redeemed_at=row.redeemed_at,
        order_id=row.order_id,
    )


_REDEEM = Prepared(
    update(COUPONS)
    .where(
        COUPONS.c.key == bindparam("which"),
        # The first order that used it has used it up, in whatever order the two are told.
        or_(
            COUPONS.c.redeemed_at.is_(None),
            COUPONS.c.redeemed_at > bindparam("at"),
            (COUPONS.c.redeemed_at == bindparam("at")) & (COUPONS.c.order_id > bindparam("order")),
        ),
    )
    .values(
        redeemed_at=bindparam("at"), order_id=bindparam("order"), discount=bindparam("discount")
    )
)


def mark_redeemed(
    connection: Connection, key: int, order_id: str, at: datetime, discount: Decimal | None
) -> bool:
    """Write that an order used a code; False where an earlier one did, or this one is known."""
    values = {"which": key, "at": at, "order": order_id, "discount": discount}
    return _REDEEM.run(connection, values) > 0


def free_codes(connection: Connection, store: StoreName, pool: str, most: int) -> int:
    """Return how many codes a pool has left, and no more than ``most``."""
    some = (
        select(COUPONS.c.key)
        .where(COUPONS.c.store == store, COUPONS.c.pool == pool, *_FREE)
        .limit(most)
    )
    return int(connection.scalar(select(func.count()).select_from(some.subquery())) or 0)


def used_orders(connection: Connection, store: StoreName, codes: Sequence[str]) -> dict[str, Any]:
    """Return the first order that used each of some codes, by the code as it is compared."""
    typed = func.upper(ORDERS.c.coupon)
    query = (
        select(ORDERS.c.coupon, ORDERS.c.order_id, ORDERS.c.placed_at)
        .where(
            ORDERS.c.store == store,
            ORDERS.c.placed_at.is_not(None),
            typed.in_([fold(code) for code in codes]),
        )
        .order_by(ORDERS.c.placed_at.desc())
    )
    return {fold(row.coupon): row for row in connection.execute(query)}


def count_pools(connection: Connection, store: StoreName) -> list[PoolCount]:
    """Return how many codes each pool of a store has, in the order of their names."""
    free = case((COUPONS.c.given_at.is_(None) & COUPONS.c.redeemed_at.is_(None), 1), else_=0)
    credited = (
        select(COUPONS.c.pool, func.count().label("number"))
        .join(REFERRALS, REFERRALS.c.coupon_key == COUPONS.c.key)
        .where(COUPONS.c.store == store)
        .group_by(COUPONS.c.pool)
    )
    friends = {row.pool: row.number for row in connection.execute(credited)}
    query = (
        select(
            COUPONS.c.pool,
            func.sum(free).label("free"),
            func.count(COUPONS.c.given_at).label("given"),
            func.count(COUPONS.c.redeemed_at).label("redeemed"),
        )
        .where(COUPONS.c.store == store)
        .group_by(COUPONS.c.pool)
        .order_by(COUPONS.c.pool)
    )
    return [
        PoolCount(
            pool=row.pool,
            free=int(row.free),
            given=row.given,
            redeemed=row.redeemed,
            credited=friends.get(row.pool, 0),
        )
        for row in connection.execute(query)
    ]
