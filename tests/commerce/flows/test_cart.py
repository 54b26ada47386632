"""A cart that is left: one reminder, soon, and none to who bought."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from support.events import CART, CHECKOUT, ORDER, event
from support.flows import Flowing, Shop
from support.serving import served, until
from support.world import START

TEXT = "abandoned-cart for Ada"
DROPPED = ("dropped", "bought_meanwhile")


async def job_of(flowing: Flowing) -> str:
    run = (await flowing.runs("abandoned-cart"))[0]
    job = (await flowing.decision(run)).job
    assert job is not None
    return job


async def test_it_goes_once_45_minutes_after_the_last_activity(shop: Shop) -> None:
    flowing = await shop("abandoned-cart")
    await flowing.happens(CART)
    await flowing.passes(minutes=30)
    await flowing.happens(CHECKOUT)
    await flowing.passes(minutes=44)
    assert await flowing.sent() == []
    await flowing.passes(minutes=1)
    assert await flowing.sent() == [TEXT]
    await flowing.passes(days=3)
    assert await flowing.sent() == [TEXT]
    assert await flowing.states() == [("decided", None)]


@pytest.mark.parametrize(
    "order",
    [
        {"cart_id": "k-551", "customer": "9000"},
        {"checkout_id": "c-551", "customer": "9000"},
        {"customer": "8812"},
    ],
    ids=["by its cart", "by its checkout", "by its person"],
)
async def test_the_purchase_ends_it(shop: Shop, order: dict[str, Any]) -> None:
    flowing = await shop("abandoned-cart")
    await flowing.happens(CHECKOUT)
    await flowing.world.advance(minutes=10)
    await flowing.happens(ORDER, **order)
    await flowing.passes(minutes=60)
    assert await flowing.sent() == []
    assert await flowing.states() == [DROPPED]


@pytest.mark.parametrize("places", list(permutations(range(4))))
async def test_events_may_come_in_any_order_and_twice(shop: Shop, places: tuple[int, ...]) -> None:
    """An order that was heard of before its cart still ends what waits about it."""
    flowing = await shop("abandoned-cart")
    tell = [
        (CART, 0, {}),
        (CHECKOUT, 5, {}),
        (ORDER, 9, {"cart_id": "k-551"}),
        (CART, 9, {"products": [], "value": "0"}),
    ]
    await flowing.world.advance(minutes=20)
    told = [
        event(kind, f"e{place}", time=(START + timedelta(minutes=at)).isoformat(), **said)
        for place, (kind, at, said) in enumerate(tell)
    ]
    for place in (*places, *places):
        assert await flowing.world.admit(told[place]) == [None]
        await flowing.engine.tick()
    await flowing.passes(minutes=60)
    assert await flowing.sent() == []
    assert {state for state, _ in await flowing.states()} <= {"dropped"}


async def test_an_older_event_that_comes_late_moves_nothing(shop: Shop) -> None:
    flowing = await shop("abandoned-cart")
    await flowing.happens(CHECKOUT)
    await flowing.world.advance(minutes=10)
    await flowing.happens(CART, at=START - timedelta(minutes=5))
    await flowing.passes(minutes=35)
    assert await flowing.sent() == [TEXT]


async def test_a_cart_that_is_emptied_is_not_reminded_of(shop: Shop) -> None:
    flowing = await shop("abandoned-cart")
    await flowing.happens(CART)
    await flowing.world.advance(minutes=10)
    await flowing.happens(CART, products=[], value="0")
    await flowing.passes(minutes=60)
    assert await flowing.sent() == []
    assert await flowing.states() == [("dropped", "cart_empty")]


async def test_a_purchase_between_the_decision_and_the_handing_over_stops_it(shop: Shop) -> None:
    flowing = await shop("abandoned-cart")
    await flowing.happens(CART)
    await flowing.passes(minutes=45)
    assert await flowing.sent() == [TEXT]
    await flowing.happens(ORDER, cart_id="k-551")
    await reaches(flowing, "cancelled")
    [run] = await flowing.runs()
    made = await flowing.decision(run)
    assert (made.outcome, made.reason) == ("sent", "bought_meanwhile")


async def test_who_goes_on_with_the_cart_is_reminded_of_it_as_it_is_then(shop: Shop) -> None:
    """What was queued before says what is not so any more; the new one takes its place."""
    flowing = await shop("abandoned-cart")
    await flowing.happens(CART)
    await flowing.passes(minutes=45)
    first = await job_of(flowing)
    await flowing.happens(CART, value="71.70")
    await flowing.passes(minutes=45)
    assert await flowing.world.states(first) == ["accepted", "cancelled"]
    assert await flowing.sent() == [TEXT, TEXT]
    await reaches(flowing, "sent")


async def test_a_cart_that_changed_is_not_spoken_of_as_it_was(shop: Shop) -> None:
    flowing = await shop("abandoned-cart")
    await flowing.happens(CART)
    await flowing.passes(minutes=45)
    await flowing.world.advance(minutes=1)
    await flowing.happens(CART, value="71.70")
    await reaches(flowing, "cancelled", run=-1)
    run = (await flowing.runs())[-1]
    assert (await flowing.decision(run)).reason == "cart_changed"


async def test_a_cart_that_is_emptied_before_a_line_is_free_is_not_spoken_of(shop: Shop) -> None:
    flowing = await shop("abandoned-cart")
    await flowing.happens(CART)
    await flowing.passes(minutes=45)
    await flowing.world.advance(minutes=1)
    await flowing.happens(CART, products=[], value="0")
    await reaches(flowing, "cancelled")
    assert (await flowing.decision((await flowing.runs())[0])).reason == "cart_empty"


async def test_a_reminder_that_went_out_is_the_only_one_in_two_days(shop: Shop) -> None:
    flowing = await shop("abandoned-cart")
    await flowing.happens(CART)
    await flowing.passes(minutes=45)
    await reaches(flowing, "sent")
    await flowing.happens(CART, value="71.70", cart_id="k-552")
    await flowing.passes(minutes=45)
    assert await flowing.states() == [("decided", None), ("dropped", "too_soon")]
    await flowing.passes(days=2)
    await flowing.happens(CART, cart_id="k-553")
    await flowing.passes(minutes=45)
    assert await flowing.sent() == [TEXT, TEXT]


async def test_what_a_store_fills_in_of_the_past_sets_off_nothing(shop: Shop) -> None:
    flowing = await shop("abandoned-cart")
    await flowing.happens(CART, history=True)
    await flowing.happens(CART, at=flowing.now(days=-3), cart_id="k-552")
    await flowing.passes(minutes=60)
    assert await flowing.runs() == []


async def test_whose_cart_it_is_may_be_told_later(shop: Shop) -> None:
    flowing = await shop("abandoned-cart")
    await flowing.happens(CART, customer="9000")
    await flowing.passes(minutes=45)
    assert await flowing.states() == [("waiting", None)]
    await flowing.knows("+447700900456", "9000")
    await flowing.world.allow(number="+447700900456", person=flowing.person("+447700900456"))
    await flowing.passes(minutes=15)
    assert await flowing.sent() == [TEXT]


async def test_a_cart_of_nobody_is_let_go_of(shop: Shop) -> None:
    flowing = await shop("abandoned-cart")
    await flowing.happens(CART, customer=None)
    for _ in range(20):
        await flowing.passes(hours=3)
    assert await flowing.states() == [("dropped", "too_late")]


async def test_another_person_who_orders_ends_nothing(shop: Shop) -> None:
    flowing = await shop("abandoned-cart")
    await flowing.happens(CART)
    await flowing.happens(ORDER, customer="9000")
    await flowing.passes(minutes=45)
    assert await flowing.sent() == [TEXT]


async def reaches(flowing: Flowing, state: str, run: int = 0) -> None:
    """Let a line serve until the job of a run, the newest unless said, is in a state."""
    decided = (await flowing.runs("abandoned-cart"))[run]
    job = (await flowing.decision(decided)).job
    assert job is not None

    async def reached() -> bool:
        return state in await flowing.world.states(job)

    async with served(flowing.world):
        await until(reached)
