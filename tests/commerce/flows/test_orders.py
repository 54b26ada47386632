"""What somebody is told of an order: each step once, in its turn, and nothing of one taken back."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from support.events import CANCELLED, ORDER, REFUNDED, SHIPMENT, event
from support.flows import Flowing, Shop
from support.serving import served, until
from support.world import START

from gateway.domain.purpose import Purpose

STEPS = ("order-placed", "order-shipped", "out-for-delivery", "order-delivered")
STATUSES = ("in_transit", "out_for_delivery", "delivered")


async def ship(flowing: Flowing, status: str, **fields: object) -> None:
    await flowing.happens(SHIPMENT, shipment_status=status, **fields)


async def test_each_step_of_an_order_is_told_once(shop: Shop) -> None:
    flowing = await shop(*STEPS)
    await flowing.happens(ORDER)
    await flowing.passes()
    for status in STATUSES:
        await flowing.world.advance(hours=1)
        await ship(flowing, status)
        await ship(flowing, status)
        await flowing.passes()
    assert await flowing.sent() == [f"{step} for Ada" for step in STEPS]
    job = await flowing.world.job((await flowing.decision((await flowing.runs())[0])).job or "")
    assert job.purpose is Purpose.TRANSACTIONAL


async def test_who_allows_no_marketing_is_told_all_the_same(shop: Shop) -> None:
    flowing = await shop(*STEPS)
    await flowing.knows("+447700900456", "9000")
    await flowing.happens(ORDER, customer="9000")
    await flowing.passes()
    assert await flowing.sent() == ["order-placed for Ada"]


@pytest.mark.parametrize("places", list(permutations(range(4))))
async def test_an_older_status_is_never_told_after_a_newer(
    shop: Shop, places: tuple[int, ...]
) -> None:
    """In whatever order events come, what is told rises with what happened."""
    flowing = await shop(*STEPS)
    told = [event(ORDER, "e0", time=START.isoformat())] + [
        event(
            SHIPMENT,
            f"e{place}",
            time=(START + timedelta(minutes=place)).isoformat(),
            shipment_status=status,
        )
        for place, status in enumerate(STATUSES, 1)
    ]
    flowing.world.clock.instant += timedelta(minutes=10)
    for place in places:
        assert await flowing.world.admit(told[place]) == [None]
        await flowing.engine.tick()
        flowing.world.clock.instant += timedelta(seconds=1)
    await flowing.passes(minutes=1)
    sent = [text for text in await flowing.sent() if "placed" not in text]
    ranks = [STEPS.index(text.removesuffix(" for Ada")) for text in sent]
    assert ranks == sorted(ranks)
    assert STEPS.index("order-delivered") in ranks
    assert (await flowing.sent()).count("order-placed for Ada") == 1


async def test_two_parcels_of_an_order_are_two(shop: Shop) -> None:
    flowing = await shop("order-shipped")
    await flowing.happens(ORDER)
    await ship(flowing, "in_transit", shipment_id="s-1")
    await ship(flowing, "in_transit", shipment_id="s-2")
    await flowing.passes()
    assert len(await flowing.sent()) == 2


@pytest.mark.parametrize("taken_back", [CANCELLED, REFUNDED])
async def test_nothing_is_told_of_an_order_that_was_taken_back(shop: Shop, taken_back: str) -> None:
    flowing = await shop(
        "order-shipped", later='on = "order_placed"\nwait = "1h"\ntemplate = "hello"'
    )
    await flowing.happens(ORDER)
    await flowing.happens(taken_back, total="51.75")
    await ship(flowing, "in_transit")
    await flowing.passes(hours=1)
    assert await flowing.sent() == []
    assert await flowing.states() == [("dropped", "order_cancelled")] * 2


async def test_an_order_that_is_cancelled_before_a_line_is_free_is_not_spoken_of(
    shop: Shop,
) -> None:
    flowing = await shop("order-placed")
    await flowing.happens(ORDER)
    await flowing.passes()
    await flowing.happens(CANCELLED)
    [run] = await flowing.runs()
    job = (await flowing.decision(run)).job or ""

    async def cancelled() -> bool:
        return "cancelled" in await flowing.world.states(job)

    async with served(flowing.world):
        await until(cancelled)
    assert (await flowing.decision(run)).reason == "order_cancelled"


async def test_a_parcel_that_is_told_of_before_its_order_waits_for_it(shop: Shop) -> None:
    flowing = await shop("order-shipped")
    await ship(flowing, "in_transit", customer=None)
    await flowing.passes(minutes=1)
    assert await flowing.states() == [("waiting", None)]
    await flowing.happens(ORDER, at=flowing.now(minutes=-30))
    await flowing.passes(minutes=1)
    assert await flowing.sent() == ["order-shipped for Ada"]


async def test_a_parcel_that_moved_on_while_its_message_waited_is_not_spoken_of(
    shop: Shop,
) -> None:
    flowing = await shop("order-shipped", "order-delivered")
    await flowing.happens(ORDER)
    await ship(flowing, "in_transit")
    await flowing.passes()
    await flowing.world.advance(hours=1)
    await ship(flowing, "delivered")
    await flowing.passes()
    first = (await flowing.decision((await flowing.runs("order-shipped"))[0])).job or ""
    last = (await flowing.decision((await flowing.runs("order-delivered"))[0])).job or ""

    async def settled() -> bool:
        states = [await flowing.world.states(job) for job in (first, last)]
        return "cancelled" in states[0] and "sent" in states[1]

    async with served(flowing.world) as modem:
        await until(settled)
    assert len(modem.written) == 1


async def test_a_review_is_asked_for_a_week_after_the_parcel(shop: Shop) -> None:
    flowing = await shop("review-request")
    await flowing.happens(ORDER)
    await ship(flowing, "delivered", shipment_id="s-1")
    await ship(flowing, "delivered", shipment_id="s-2")
    await flowing.passes(days=6, hours=23)
    assert await flowing.sent() == []
    await flowing.passes(hours=1)
    assert await flowing.sent() == ["review-request for Ada"]
    assert await flowing.states() == [("decided", None), ("dropped", "too_soon")]


async def test_the_first_order_can_be_told_from_others(shop: Shop) -> None:
    flowing = await shop(
        first='on = "order_placed"\ntemplate = "hello"\nwhen = ["first_order"]',
        later='on = "order_placed"\ntemplate = "hello"\nunless = ["first_order"]',
    )
    await flowing.happens(ORDER)
    await flowing.passes()
    await flowing.world.advance(days=1)
    await flowing.happens(ORDER, order_id="1002")
    await flowing.passes()
    assert await flowing.states("first") == [("decided", None), ("dropped", "not_first_order")]
    assert await flowing.states("later") == [("dropped", "first_order"), ("decided", None)]


async def test_what_follows_an_order_can_wait_for_the_last_one(shop: Shop) -> None:
    text = 'on = "order_placed"\nwait = "1d"\ntemplate = "hello"\nunless = ["ordered_since"]'
    flowing = await shop(later=text)
    await flowing.happens(ORDER)
    await flowing.world.advance(hours=1)
    await flowing.happens(ORDER, order_id="1002")
    await flowing.passes(days=1)
    assert await flowing.states() == [("dropped", "ordered_since"), ("decided", None)]


async def test_who_had_a_discount_can_be_told_from_others(shop: Shop) -> None:
    flowing = await shop(
        full='on = "order_placed"\ntemplate = "hello"\nunless = ["discounted"]',
        less='on = "order_placed"\ntemplate = "hello"\nwhen = ["discounted"]',
    )
    await flowing.happens(ORDER)
    await flowing.happens(ORDER, order_id="1002", coupon="TEN")
    await flowing.passes()
    assert await flowing.states("full") == [("decided", None), ("dropped", "discounted")]
    assert await flowing.states("less") == [("dropped", "not_discounted"), ("decided", None)]
