"""Every flow that is shipped says something to somebody, in the words that are shipped with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from support.deciding import LONDON
from support.events import CART, CUSTOMER, ORDER, PRODUCT, SHIPMENT
from support.flows import Flowing, Shop
from support.scores import score
from support.world import ACME, RECIPIENT

from gateway.commerce.coupons import Coupons, parse_pools
from gateway.commerce.deciding import Shop as Says
from gateway.commerce.deciding import Voice
from gateway.commerce.flows.loading import shipped_flows
from gateway.commerce.templates import SHIPPED, load_templates
from gateway.db.scores import put_scores

TRACKED = "https://track.example/77"
POOLS = parse_pools(
    '[referral]\nkind = "referral"\npattern = "FRIEND-*****"\n[thanks]\npattern = "TY-*****"\n'
)
MUG = {"product_id": "p9", "name": "Blue mug", "price": "9.00", "quantity": 1}


async def _ordered(flowing: Flowing, **said: object) -> None:
    await flowing.happens(ORDER, **said)


async def _cart(flowing: Flowing) -> None:
    await flowing.happens(CART)


def _parcel(status: str) -> Callable[[Flowing], Awaitable[None]]:
    async def tell(flowing: Flowing) -> None:
        await flowing.happens(ORDER)
        await flowing.happens(
            SHIPMENT,
            shipment_status=status,
            tracking_company="DHL",
            tracking_number="77",
            tracking_url=TRACKED,
        )

    return tell


def _product(change: str, **said: object) -> Callable[[Flowing], Awaitable[None]]:
    async def tell(flowing: Flowing) -> None:
        wanted = ["product:p1", "Kitchen"]
        await flowing.happens(CUSTOMER, phone=RECIPIENT, preferences=wanted)
        about = {"name": "Tea pot", "category": "Kitchen", "url": "https://shop.example/p1"}
        await flowing.happens(PRODUCT, change=change, inventory_quantity=3, **about, **said)

    return tell


async def _cross(flowing: Flowing) -> None:
    """Others bought a mug with the tea pot, long enough ago to tell."""
    for number in range(6):
        await flowing.knows(f"+4477009{number:05d}", f"c{number}")
        tea = {"product_id": "p1", "name": "Tea pot", "price": "23.90", "quantity": 1}
        await flowing.happens(
            ORDER,
            at=flowing.now(days=-20),
            order_id=f"o-{number}",
            customer=f"c{number}",
            products=[tea, MUG],
            history=True,
        )
    await flowing.happens(
        PRODUCT,
        product_id="p9",
        change="restocked",
        name="Blue mug",
        url="https://shop.example/p9",
        inventory_quantity=9,
        at=flowing.now(days=-19),
        history=True,
    )
    await flowing.happens(ORDER)


async def _lost(flowing: Flowing) -> None:
    now = flowing.now()
    made = score(flowing.person(RECIPIENT), churn=0.9, made_at=now)
    await flowing.world.database.write(lambda c: put_scores(c, [made], now))


async def _born(flowing: Flowing) -> None:
    await flowing.happens(CUSTOMER, phone=RECIPIENT, birthday="11-23")


async def _twice(flowing: Flowing) -> None:
    await flowing.happens(ORDER, order_id="1", at=flowing.now(minutes=-5))
    await flowing.happens(ORDER, order_id="2")


async def _referred(flowing: Flowing) -> None:
    given = await flowing.world.database.write(
        lambda c: Coupons({ACME: POOLS}).give(
            c,
            "referral",
            store=ACME,
            person=flowing.person(RECIPIENT),
            decision_key=None,
            now=flowing.now(),
        )
    )
    assert given is not None
    await flowing.knows("+447700900456", "9000")
    await flowing.happens(ORDER, order_id="f-1", customer="9000", coupon=given[0])


SETS_OFF: dict[str, tuple[Callable[[Flowing], Awaitable[None]], str]] = {
    "abandoned-cart": (_cart, "Tea pot"),
    "order-placed": (_ordered, "1001"),
    "order-shipped": (_parcel("in_transit"), "s.example/l/1"),
    "out-for-delivery": (_parcel("out_for_delivery"), "s.example/l/1"),
    "order-delivered": (_parcel("delivered"), "1001"),
    "back-in-stock": (_product("restocked"), "Tea pot"),
    "price-drop": (_product("price_drop", previous_price="40.00"), "Tea pot"),
    "new-arrivals": (_product("new"), "Tea pot"),
    "cross-sell": (_cross, "Blue mug"),
    "win-back": (_lost, "Acme"),
    "birthday": (_born, "Ada"),
    "review-request": (_parcel("delivered"), "Acme"),
    "refer-a-friend": (_twice, "FRIEND-"),
    "referral-credit": (_referred, "TY-"),
}
"""What sets each off, and something that its text has to say."""


def test_each_has_its_scenario() -> None:
    assert set(SETS_OFF) == set(shipped_flows())


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", SETS_OFF)
async def test_it_is_said_in_the_words_that_are_shipped(
    shop: Shop, name: str, language: str
) -> None:
    flowing = await shop(name)
    library, faults = load_templates(Path(SHIPPED), language="en", country="GB")
    assert faults == []
    decider = flowing.deciding.decider
    decider.shops = {ACME: Says(voice=Voice(brand="Acme"), zone=LONDON, library=library)}
    decider._coupons = Coupons({ACME: POOLS})
    await flowing.happens(CUSTOMER, phone=RECIPIENT, locale=language, at=flowing.now(days=-1))
    tell, says = SETS_OFF[name]
    await tell(flowing)
    flow = flowing.book.flows[ACME].known[name]
    await flowing.passes(hours=1)
    await flowing.passes(seconds=flow.wait.total_seconds())
    [text] = await flowing.sent()
    assert says in text
    assert ("STOP" in text) == (flow.message.purpose == "marketing")
    assert flow.within > timedelta()
