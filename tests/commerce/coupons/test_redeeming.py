"""A code is used by the first order that used it, whatever is told when; a friend counts once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select
from support.world import ACME, START

from gateway.commerce.coupons import put_codes
from gateway.commerce.coupons.redeeming import Redemption, credit_late, redeem
from gateway.db import Database
from gateway.db.commerce.coupons import count_pools, find_coupon, put_coupon, take_coupon
from gateway.db.tables import COUPONS, ORDERS, REFERRALS
from gateway.domain.ids import PersonId

ADA, BOB, CYD = PersonId("ada"), PersonId("bob"), PersonId("cyd")
NEXT = START + timedelta(days=1)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with Database.open(database_url) as opened:
        await opened.write(lambda c: put_coupon(c, ACME, "sale", "Save-ABC", person=ADA))
        await opened.write(
            lambda c: put_coupon(c, ACME, "friends", "FRIEND-1", kind="referral", person=ADA)
        )
        yield opened


async def use(
    database: Database,
    code: str = "Save-ABC",
    order: str = "o1",
    person: PersonId | None = ADA,
    at: datetime = START,
    **more: Any,
) -> Redemption | None:
    return await database.write(lambda c: redeem(c, ACME, code, order, person, at, **more))


async def used(database: Database) -> tuple[str | None, datetime | None, Decimal | None]:
    query = select(COUPONS.c.order_id, COUPONS.c.redeemed_at, COUPONS.c.discount)
    row = await database.read(lambda c: c.execute(query.where(COUPONS.c.code == "Save-ABC")).one())
    return tuple(row)


async def ordered(database: Database, order: str, **fields: Any) -> None:
    row = {
        "store": ACME,
        "order_id": order,
        "person": BOB,
        "placed_at": START,
        "status": "placed",
        "status_at": START,
        "items": 1,
        "changed_at": START,
    }
    await database.write(lambda c: c.execute(ORDERS.insert(), row | fields))


@pytest.mark.parametrize("code", ["Save-ABC", "SAVE-ABC", "save-abc", " save-abc "])
async def test_a_code_is_known_in_whatever_capitals(database: Database, code: str) -> None:
    found = await use(database, code, discount=Decimal("4.20"))
    assert found is not None
    assert (found.counted, found.coupon.person, found.credited) == (True, ADA, None)
    assert await used(database) == ("o1", START, Decimal("4.20"))


async def test_a_code_of_the_shops_own_is_none_of_ours(database: Database) -> None:
    assert await use(database, "SUMMER") is None


async def test_the_same_order_again_changes_nothing(database: Database) -> None:
    await use(database)
    found = await use(database)
    assert found is not None
    assert not found.counted
    assert await used(database) == ("o1", START, None)


@pytest.mark.parametrize("told", list(permutations(range(3))))
async def test_the_first_order_has_used_it_in_whatever_order_they_are_told(
    database: Database, told: tuple[int, ...]
) -> None:
    orders = [("o2", START), ("o3", START), ("o1", NEXT)]
    for place in told:
        order, at = orders[place]
        await use(database, order=order, at=at)
    assert await used(database) == ("o2", START, None)


async def test_a_code_that_came_after_its_order_is_used_and_given_to_nobody(
    database: Database,
) -> None:
    await ordered(database, "o7", coupon="new-1")
    assert await database.write(lambda c: put_codes(c, ACME, "spring", ["NEW-1", "NEW-2"])) == 2
    found = await database.read(lambda c: find_coupon(c, ACME, "NEW-1"))
    assert found is not None
    assert (found.order_id, found.redeemed_at) == ("o7", START)

    def take(connection: Any) -> str | None:
        return take_coupon(
            connection,
            ACME,
            "spring",
            person=BOB,
            decision_key=None,
            now=START,
            expires_at=None,
        )

    assert await database.write(take) == "NEW-2"
    assert await database.write(take) is None


async def test_a_friends_first_order_credits_who_passed_the_code_on(database: Database) -> None:
    found = await use(database, "friend-1", person=BOB)
    assert found is not None
    assert found.credited == ADA
    count = {one.pool: one for one in await database.read(lambda c: count_pools(c, ACME))}
    assert (count["friends"].credited, count["sale"].credited) == (1, 0)


async def test_several_friends_count_and_each_once(database: Database) -> None:
    credited = [
        found.credited
        for person, order in ((BOB, "o1"), (CYD, "o2"), (BOB, "o3"), (BOB, "o1"))
        if (found := await use(database, "FRIEND-1", order, person)) is not None
    ]
    assert credited == [ADA, ADA, None, None]


@pytest.mark.parametrize(
    ("person", "more"), [(ADA, {}), (None, {}), (BOB, {"first": False})], ids=str
)
async def test_ones_own_order_a_strangers_and_a_customers_credit_nobody(
    database: Database, person: PersonId | None, more: dict[str, Any]
) -> None:
    found = await use(database, "FRIEND-1", person=person, **more)
    assert found is not None
    assert found.credited is None


async def test_who_ordered_before_is_no_new_friend(database: Database) -> None:
    await ordered(database, "o0", placed_at=START - timedelta(days=9))
    found = await use(database, "FRIEND-1", "o1", BOB)
    assert found is not None
    assert found.credited is None


async def test_a_friend_of_whom_it_is_told_later_is_credited_then(database: Database) -> None:
    await use(database, "FRIEND-1", "o1", None)
    await ordered(database, "o1", coupon="friend-1")
    await ordered(database, "o2", coupon=None, placed_at=NEXT)
    for _ in range(2):
        await database.write(lambda c: credit_late(c, ACME, BOB))
    rows = await database.read(lambda c: c.execute(select(REFERRALS.c.order_id)).all())
    assert [row.order_id for row in rows] == ["o1"]
