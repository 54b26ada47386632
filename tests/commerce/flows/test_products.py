"""Something about a product: told to those who asked or looked, once, while it is still so."""

from __future__ import annotations

from typing import Any

import pytest
from support.events import CUSTOMER, ORDER, PRODUCT, VIEWED
from support.flows import Flowing, Shop, failing
from support.serving import served, until
from support.world import RECIPIENT

from gateway.commerce.flows.spreading import LOT
from gateway.domain.errors import StorageError

OTHER = "+447700900456"
BACK = "back-in-stock for Ada"


async def restock(flowing: Flowing, **fields: Any) -> None:
    await flowing.happens(PRODUCT, **{"change": "restocked", "inventory_quantity": 5} | fields)


async def asks(flowing: Flowing, *preferences: str) -> None:
    """Let the person ask for something."""
    await flowing.happens(CUSTOMER, phone=RECIPIENT, preferences=list(preferences))


async def persons(flowing: Flowing) -> list[tuple[str, str | None]]:
    """Return what became of the runs of persons."""
    runs = [run for run in reversed(await flowing.runs()) if run.person is not None]
    return [(run.state.value, run.reason) for run in runs]


async def test_who_asked_and_who_looked_is_told_once(shop: Shop) -> None:
    flowing = await shop("back-in-stock")
    await asks(flowing, "product:p1")
    await flowing.knows(OTHER, "9000")
    await flowing.world.allow(number=OTHER, person=flowing.person(OTHER))
    await flowing.happens(VIEWED, at=flowing.now(days=-20), customer="9000")
    await flowing.happens(VIEWED, at=flowing.now(days=-2))
    await restock(flowing)
    await flowing.passes(minutes=1)
    assert await flowing.sent() == [BACK, BACK]
    await flowing.passes(days=1)
    await restock(flowing)
    await flowing.passes(minutes=1)
    assert await flowing.sent() == [BACK, BACK]
    assert ("dropped", "too_soon") in await persons(flowing)


async def test_who_looked_too_long_ago_or_never_is_not_told(shop: Shop) -> None:
    flowing = await shop("back-in-stock")
    await flowing.happens(VIEWED, at=flowing.now(days=-31))
    await flowing.happens(VIEWED, product_id="p2")
    await restock(flowing)
    await flowing.passes(minutes=1)
    assert (await flowing.sent(), await persons(flowing)) == ([], [])


async def test_who_bought_it_meanwhile_is_not_told(shop: Shop) -> None:
    flowing = await shop("back-in-stock")
    await flowing.happens(VIEWED, at=flowing.now(days=-2))
    await flowing.happens(ORDER, at=flowing.now(days=-1))
    await restock(flowing)
    await flowing.passes(minutes=1)
    assert await persons(flowing) == [("dropped", "bought_product")]


@pytest.mark.parametrize(
    "change", [{"inventory_quantity": 0, "change": "restocked"}, {"change": "discontinued"}]
)
async def test_what_is_gone_again_when_a_line_is_free_is_not_spoken_of(
    shop: Shop, change: dict[str, Any]
) -> None:
    flowing = await shop("back-in-stock")
    await asks(flowing, "product:p1")
    await restock(flowing)
    await flowing.passes(minutes=1)
    assert await flowing.sent() == [BACK]
    await flowing.happens(PRODUCT, **change)
    assert await refused(flowing) == "out_of_stock"


async def test_a_price_has_to_fall_enough_and_to_stay_down(shop: Shop) -> None:
    flowing = await shop("price-drop")
    await asks(flowing, "product:p1")
    cheaper = {"change": "price_drop", "previous_price": "20.00"}
    await flowing.happens(PRODUCT, **cheaper, price="18.01")
    await flowing.happens(PRODUCT, change="price_drop", price="9.00")
    await flowing.passes(minutes=1)
    assert await flowing.runs() == []
    await flowing.happens(PRODUCT, **cheaper, price="18.00")
    await flowing.passes(minutes=1)
    assert await flowing.sent() == ["price-drop for Ada"]
    await flowing.world.advance(minutes=1)
    await flowing.happens(PRODUCT, change="restocked", price="19.00")
    assert await refused(flowing) == "dearer"


async def test_something_new_is_told_to_who_likes_its_category(shop: Shop) -> None:
    flowing = await shop("new-arrivals")
    await asks(flowing, "Kitchen")
    await flowing.happens(PRODUCT, change="new", category="Garden", tags=["summer"])
    await flowing.passes(hours=1)
    assert await persons(flowing) == []
    await flowing.happens(PRODUCT, product_id="p2", change="new", category="Kitchen")
    await flowing.passes(hours=1)
    assert await flowing.sent() == ["new-arrivals for Ada"]


async def test_many_new_things_at_once_are_told_in_one_message(shop: Shop) -> None:
    """A new collection is no flood: what is new is of one kind, whatever the products."""
    flowing = await shop("new-arrivals")
    await asks(flowing, "Kitchen")
    for name in ("p2", "p3", "p4"):
        await flowing.happens(PRODUCT, product_id=name, change="new", category="Kitchen")
    await flowing.passes(hours=1)
    assert await flowing.sent() == ["new-arrivals for Ada"]
    assert (await persons(flowing)).count(("dropped", "too_soon")) == 2


async def test_many_are_told_in_lots_and_each_once(shop: Shop) -> None:
    """A restart between two lots goes on with the next; none is left out, none comes twice."""
    flowing = await shop("back-in-stock")
    await asks(flowing, "product:p1")
    numbers = [f"+4477009{number:05d}" for number in range(200, LOT + 220)]
    for place, number in enumerate(numbers):
        await flowing.knows(number, f"c{place}", preferences=["product:p1"])
    await restock(flowing)
    with failing(flowing, at=3), pytest.raises(StorageError):
        await flowing.engine.tick()
    begun = len(await persons(flowing))
    assert 0 < begun < len(numbers) + 1
    flowing.restart()
    await flowing.passes(minutes=1)
    assert len(await persons(flowing)) == len(numbers) + 1
    assert await flowing.sent() == [BACK]  # the others allowed nothing


async def refused(flowing: Flowing) -> str | None:
    """Let a line serve until the newest job is cancelled, and return what its decision says."""
    run = next(run for run in await flowing.runs() if run.person is not None)
    job = (await flowing.decision(run)).job or ""

    async def cancelled() -> bool:
        return "cancelled" in await flowing.world.states(job)

    async with served(flowing.world):
        await until(cancelled)
    return (await flowing.decision(run)).reason
