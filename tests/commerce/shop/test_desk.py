"""What a shop tells is kept as EVENTS.md 2.2 says, and whoever listens hears of it."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select
from support.shop import at, cart, checkout, happened, item, order, rows, viewed
from support.world import ACME, IDENTITIES, RECIPIENT, START, World, change, request

from gateway.db import Database
from gateway.db.tables import COUPONS, FLOW_RUNS, ORDERS
from gateway.dispatch import ChangeRequest
from gateway.domain.consent import Action
from gateway.domain.event import CustomerUpdate, StoreEvent
from gateway.domain.ids import JobId, PersonId
from gateway.domain.purpose import Purpose
from gateway.domain.shop import (
    CouponApplied,
    OrderUpdated,
    ProductChange,
    ProductUpdated,
    ShipmentStatus,
    ShipmentUpdated,
)

ADA = IDENTITIES.of(RECIPIENT)
NEW = "+447700900456"
CUSTOMER = "8812"

Heard = list[tuple[str, PersonId | None, str | None]]


@pytest.fixture
def heard() -> Heard:
    return []


@pytest.fixture
async def world(database_url: str, heard: Heard) -> Any:
    """A queue where somebody listens."""

    def listen(
        connection: Connection,
        event: StoreEvent,
        person: PersonId | None,
        customer: str | None,
        now: datetime,
    ) -> None:
        assert connection.in_transaction()
        assert now == START
        heard.append((event.id, person, customer))

    async with Database.open(database_url) as database:
        yield World(database, listeners=[listen])


async def tell(world: World, *events: StoreEvent) -> None:
    assert set(await world.admit(*events)) == {None}


async def table(world: World, name: str) -> list[dict[str, Any]]:
    return await world.database.read(lambda c: rows(c, name))


async def one(world: World, name: str) -> dict[str, Any]:
    [row] = await table(world, name)
    return row


def known_as(number: str = RECIPIENT, **fields: Any) -> CustomerUpdate:
    return CustomerUpdate(phone=number, customer=CUSTOMER, **fields)


class TestOrders:
    async def test_an_order_is_kept_whole(self, world: World) -> None:
        items = (item("p1", "10.10", quantity=2), item("p2", "3.7000", category=None))
        await tell(world, happened(order("1", phone=RECIPIENT, items=items, coupon="X"), 5))
        row = await one(world, "orders")
        assert (row["person"], row["placed_at"], row["status"]) == (ADA, at(5), "placed")
        assert (row["total"], row["revenue"], row["currency"]) == (
            Decimal("28.80"),
            Decimal("23.90"),
            "EUR",
        )
        assert (row["items"], row["coupon"]) == (3, "X")
        lines = await table(world, "order_lines")
        assert [(one["product_id"], one["quantity"], one["price"]) for one in lines] == [
            ("p1", 2, Decimal("10.10")),
            ("p2", 1, Decimal("3.70")),
        ]

    async def test_a_status_that_comes_before_its_order_stands(self, world: World) -> None:
        said = OrderUpdated(order_id="1", status="processing")
        await tell(world, happened(said, 6), happened(order("1", phone=RECIPIENT), 5))
        row = await one(world, "orders")
        assert (row["status"], row["status_at"], row["placed_at"]) == ("processing", at(6), at(5))

    async def test_a_status_that_comes_late_does_not(self, world: World) -> None:
        await tell(
            world,
            happened(order("1", phone=RECIPIENT), 5),
            happened(OrderUpdated(order_id="1", status="completed"), 9),
            happened(OrderUpdated(order_id="1", status="processing"), 7),
        )
        assert (await one(world, "orders"))["status"] == "completed"

    async def test_a_guest_is_known_by_the_number(self, world: World) -> None:
        """And can be written to: the number is kept, in the one place for numbers."""
        await tell(world, happened(order("1", phone="07700 900123"), 5))
        assert (await one(world, "orders"))["person"] == ADA
        assert (await one(world, "persons"))["number"] == RECIPIENT

    async def test_a_coupon_of_ours_is_redeemed_once(self, world: World) -> None:
        code = {"store": ACME, "pool": "SAVE", "code": "SAVE-1", "folded": "SAVE-1"}
        kind = {"kind": "single", "given_at": at(0), "person": ADA}
        await world.database.write(lambda c: c.execute(insert(COUPONS), code | kind))
        await tell(
            world,
            happened(order("2", phone=RECIPIENT, coupon="save-1"), 9),
            happened(order("1", phone=RECIPIENT, coupon="SAVE-1", discount=Decimal(5)), 5),
            happened(order("3", phone=RECIPIENT, coupon="SAVE-1"), 11),
        )
        row = await one(world, "coupons")
        assert (row["order_id"], row["redeemed_at"]) == ("1", at(5))
        assert row["discount"] == Decimal(5)


class TestCarts:
    async def test_the_newest_snapshot_stands(self, world: World) -> None:
        await tell(
            world,
            happened(cart(items=(item("p2"),), phone=RECIPIENT), 9),
            happened(cart(items=(item("p1"),), phone=RECIPIENT), 5),
        )
        row = await one(world, "carts")
        assert [one["product_id"] for one in json.loads(row["products"])] == ["p2"]
        assert (row["active_at"], row["person"]) == (at(9), ADA)

    async def test_one_without_products_was_cleared(self, world: World) -> None:
        await tell(world, happened(cart(), 5), happened(cart(items=(), value=Decimal(0)), 6))
        assert (await one(world, "carts"))["products"] == "[]"

    @pytest.mark.parametrize(
        "bought",
        [
            {"cart_id": "k-1"},
            {"checkout_id": "c-1"},
            {"phone": RECIPIENT},
            {"customer": CUSTOMER},
        ],
        ids=["by cart", "by checkout", "by number", "by customer"],
    )
    @pytest.mark.parametrize("late", ["cart", "order"])
    async def test_an_order_buys_it_whichever_is_told_first(
        self, world: World, bought: dict[str, str], late: str
    ) -> None:
        began = happened(checkout(phone=RECIPIENT, customer=CUSTOMER), 5)
        ordered = happened(order(**bought), 10)
        await tell(world, *([began, ordered] if late == "order" else [ordered, began]))
        assert (await one(world, "carts"))["ordered_at"] == at(10)

    async def test_another_s_order_buys_nothing(self, world: World) -> None:
        await tell(world, happened(cart(phone=RECIPIENT), 5), happened(order("1", phone=NEW), 10))
        assert (await one(world, "carts"))["ordered_at"] is None

    async def test_an_order_of_before_buys_no_cart_of_after(self, world: World) -> None:
        await tell(
            world, happened(order("1", phone=RECIPIENT), 5), happened(cart(phone=RECIPIENT), 10)
        )
        assert (await one(world, "carts"))["ordered_at"] is None

    async def test_what_shops_say_of_a_cart_when_it_is_paid_opens_it_not_again(
        self, world: World
    ) -> None:
        """But one that is filled hours later under the same id is a new one."""
        await tell(
            world,
            happened(cart(phone=RECIPIENT), 5),
            happened(order("1", cart_id="k-1"), 10),
            happened(cart(phone=RECIPIENT), 11),
        )
        assert (await one(world, "carts"))["ordered_at"] == at(10)
        await tell(world, happened(cart(phone=RECIPIENT), 200))
        assert (await one(world, "carts"))["ordered_at"] is None


class TestProducts:
    async def test_what_a_shop_says_stands_before_what_an_order_has(self, world: World) -> None:
        said = ProductUpdated(
            product_id="p1",
            change=ProductChange.PRICE_DROP,
            price=Decimal(20),
            currency="EUR",
            name="Pot",
            tags=("sale",),
        )
        in_order = item("p1", "15", name="Pot (order)", brand="Acme")
        await tell(world, happened(order(items=(in_order,)), 9), happened(said, 5))
        row = await one(world, "products")
        assert (row["name"], row["price"], row["brand"]) == ("Pot", Decimal(20), "Acme")
        assert (row["first_seen_at"], row["changed_at"]) == (at(5), at(9))
        assert json.loads(row["tags"]) == ["sale"]

    async def test_a_view_of_nobody_teaches_the_product_alone(self, world: World) -> None:
        await tell(world, happened(viewed("p1"), 5))
        assert (await one(world, "products"))["price"] == Decimal("23.90")
        assert await table(world, "product_views") == []

    async def test_views_are_counted_to_the_last(self, world: World) -> None:
        one_more = [happened(viewed("p1", phone=RECIPIENT), minute) for minute in (7, 9, 5)]
        await tell(world, *one_more, one_more[0])
        row = await one(world, "product_views")
        assert (row["views"], row["viewed_at"], row["person"]) == (3, at(9), ADA)


class TestPersons:
    async def test_a_number_told_later_makes_what_was_done_the_person_s(self, world: World) -> None:
        run = {"flow": "f", "trigger": "cart:k-1", "topic": "cart:k-1", "customer": CUSTOMER}
        times = {"subject": "{}", "began_at": at(0), "due_at": at(1), "state": "waiting"}
        await world.database.write(
            lambda c: c.execute(insert(FLOW_RUNS), {"store": ACME, **run, **times})
        )
        await tell(
            world,
            happened(cart(customer=CUSTOMER), 5),
            happened(viewed(customer=CUSTOMER), 6),
            happened(order("1", phone=RECIPIENT), 7),
            happened(order("2", customer=CUSTOMER), 4),
        )
        assert (await one(world, "carts"))["ordered_at"] is None
        await tell(world, happened(known_as(), 8))
        for name in ("orders", "carts", "product_views", "flow_runs"):
            assert {row["person"] for row in await table(world, name)} == {ADA}, name
        assert (await one(world, "carts"))["ordered_at"] == at(7), "she had bought as a guest"

    @pytest.mark.rule("G-6")
    async def test_another_number_takes_what_is_the_customer_s_along(self, world: World) -> None:
        """And leaves what others did with the old number, which may be a stranger's by now."""
        await tell(
            world,
            happened(known_as(preferences=("Kitchen",)), 1),
            happened(order("1", customer=CUSTOMER), 5),
            happened(order("2", phone=RECIPIENT), 6),
            happened(known_as(NEW), 7),
        )
        query = select(ORDERS.c.person).order_by(ORDERS.c.order_id)
        owners = await world.database.read(lambda c: list(c.scalars(query)))
        assert owners == [IDENTITIES.of(NEW), ADA]
        assert await table(world, "person_words") == [], "what was told went with the old number"

    async def test_the_customer_s_number_rules_over_that_of_a_parcel(self, world: World) -> None:
        await tell(
            world,
            happened(known_as(), 1),
            happened(order("1", customer=CUSTOMER, phone=NEW), 5),
        )
        assert (await one(world, "orders"))["person"] == ADA
        assert [row["number"] for row in await table(world, "persons")] == [RECIPIENT]

    async def test_facts_come_in_any_order_each_for_itself(self, world: World) -> None:
        await tell(
            world,
            happened(known_as(language="de", tags=("vip",)), 9),
            happened(known_as(first_name="Ada", language="en", preferences=("Kitchen",)), 5),
            happened(known_as(preferences=("Garden", "product:p1"), birthday="11-26"), 6),
        )
        row = await one(world, "persons")
        assert (row["first_name"], row["language"], row["birthday"]) == ("Ada", "de", "11-26")
        assert row["changed_at"] == at(9)
        words = [(one["kind"], one["word"]) for one in await table(world, "person_words")]
        assert sorted(words) == [
            ("preference", "Garden"),
            ("preference", "product:p1"),
            ("tag", "vip"),
        ]

    async def test_words_are_replaced_as_a_whole_where_they_are_told(self, world: World) -> None:
        await tell(
            world,
            happened(known_as(preferences=("Kitchen",), tags=("vip",)), 5),
            happened(known_as(preferences=()), 6),
        )
        assert [one["kind"] for one in await table(world, "person_words")] == ["tag"]


class TestListening:
    async def test_each_event_is_heard_once_with_whom_it_is_about(
        self, world: World, heard: Heard
    ) -> None:
        bought = happened(order("1", phone=RECIPIENT, customer=CUSTOMER), 5, "order")
        parcel = ShipmentUpdated(order_id="1", shipment_id="s", status=ShipmentStatus.DELIVERED)
        code = CouponApplied(coupon="X", discount=Decimal(1), cart_id="k-1")
        await tell(
            world,
            bought,
            bought,
            happened(parcel, 6, "parcel"),
            happened(cart(customer="9"), 7, "cart"),
            happened(code, 8, "coupon"),
            happened(viewed(), 9, "view"),
        )
        assert heard == [
            ("order", ADA, CUSTOMER),
            ("parcel", ADA, CUSTOMER),
            ("cart", None, "9"),
            ("coupon", None, "9"),
            ("view", None, None),
        ]

    async def test_what_is_ignored_is_not_heard(self, world: World, heard: Heard) -> None:
        await world.allow(Action.ERASED)
        await tell(world, happened(order("1", phone=RECIPIENT), 600))
        assert heard == []
        assert world.shop.ignored == {"shop.OrderCompleted.v1": 1}
        assert await table(world, "orders") == []

    async def test_the_past_is_heard_too(self, world: World, heard: Heard) -> None:
        await tell(world, happened(order("1", phone=RECIPIENT), 5, "old", history=True))
        assert [name for name, *_ in heard] == ["old"]


@pytest.mark.rule("G-8", "G-10")
@pytest.mark.parametrize("action", [Action.RESTRICTED, Action.OBJECTED])
async def test_what_is_told_of_who_wants_no_profile_is_kept_and_sets_nothing_off(
    world: World, action: Action
) -> None:
    """The gate refuses what flows and campaigns would write; what was bought is a fact."""
    await world.allow(Action.GRANTED, purpose="marketing")
    said = change(action, at=START)
    await world.admit(ChangeRequest(store=ACME, id=JobId("wish"), changes=(said,)))
    await tell(world, happened(order("1", phone=RECIPIENT), 600))
    assert (await one(world, "orders"))["person"] == ADA
    message = request("flow.x.1", purpose=Purpose.MARKETING, own=True, campaign="flow.x")
    [refused] = await world.admit(message)
    assert refused is not None
    assert refused.code in ("restricted", "objected", "no_consent")
