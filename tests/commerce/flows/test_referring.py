"""A code to pass on after the second order, and the reward when it brings somebody new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from support.events import CANCELLED, ORDER
from support.flows import Flowing, Shop
from support.world import ACME, RECIPIENT

from gateway.commerce.coupons import Coupons, parse_pools

FRIEND = "+447700900456"
POOLS = parse_pools(
    '[referral]\nkind = "referral"\npattern = "FRIEND-*****"\n[thanks]\npattern = "TY-*****"\n'
)


async def refers(shop: Shop) -> tuple[Flowing, str]:
    """Let the person order twice, and return the shop with the code that they got."""
    flowing = await shop("refer-a-friend", "referral-credit")
    flowing.deciding.decider._coupons = Coupons({ACME: POOLS})
    for number in (1, 2, 3):
        await flowing.happens(ORDER, order_id=f"o-{number}")
        await flowing.world.advance(hours=1)
    await flowing.passes(days=3)
    [run] = [run for run in await flowing.runs("refer-a-friend") if run.state == "decided"]
    assert run.subject["order_id"] == "o-2"
    code = (await flowing.decision(run)).coupon
    assert code is not None
    await flowing.knows(FRIEND, "9000")
    return flowing, code


async def test_a_code_is_given_after_the_second_order_and_its_use_is_rewarded(shop: Shop) -> None:
    flowing, code = await refers(shop)
    assert code.startswith("FRIEND-")
    await flowing.happens(ORDER, order_id="f-1", customer="9000", coupon=code.lower())
    await flowing.passes(days=13)
    assert await flowing.states("referral-credit") == [("waiting", None)]
    await flowing.passes(days=1)
    [run] = await flowing.runs("referral-credit")
    made = await flowing.decision(run)
    assert made.person == flowing.person(RECIPIENT)
    assert (made.coupon or "").startswith("TY-")


@pytest.mark.parametrize(
    ("orders", "reason"),
    [
        ([{"customer": "9000", "order_id": "f-0"}, {"customer": "9000"}], "not_credited"),
        ([{"customer": "8812"}], None),
    ],
    ids=["who ordered before", "oneself"],
)
async def test_a_code_that_brings_nobody_new_earns_nothing(
    shop: Shop, orders: list[Mapping[str, Any]], reason: str | None
) -> None:
    flowing, code = await refers(shop)
    *before, last = orders
    for order in before:
        await flowing.happens(ORDER, at=flowing.now(hours=-1), **order)
    await flowing.happens(ORDER, **{"order_id": "f-1", "coupon": code} | dict(last))
    await flowing.passes(days=14)
    expected = [] if reason is None else [("dropped", reason)]
    assert await flowing.states("referral-credit") == expected


async def test_an_order_that_is_taken_back_earns_nothing(shop: Shop) -> None:
    flowing, code = await refers(shop)
    await flowing.happens(ORDER, order_id="f-1", customer="9000", coupon=code)
    await flowing.world.advance(days=3)
    await flowing.happens(CANCELLED, order_id="f-1", customer="9000")
    await flowing.passes(days=11)
    assert await flowing.states("referral-credit") == [("dropped", "order_cancelled")]


async def test_a_friend_who_uses_it_twice_counts_once(shop: Shop) -> None:
    flowing, code = await refers(shop)
    for number in (1, 2):
        await flowing.happens(ORDER, order_id=f"f-{number}", customer="9000", coupon=code)
        await flowing.world.advance(minutes=5)
    await flowing.passes(days=14)
    assert sorted(await flowing.states("referral-credit")) == [
        ("decided", None),
        ("dropped", "not_credited"),
    ]
