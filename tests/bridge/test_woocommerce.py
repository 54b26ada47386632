"""What WooCommerce's webhooks become: guests, strings for money, and a cart that its core lacks."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from support.hooks import (
    WOO,
    WOO_CART,
    WOO_CUSTOMER,
    WOO_ORDER,
    WOO_PRODUCT,
    Remembered,
    events_of,
    hook,
)

from gateway.bridge.hook import ProductFact, UntranslatableError
from gateway.bridge.woocommerce import TOPICS
from gateway.domain.event import CustomerUpdate
from gateway.domain.shop import (
    CartUpdated,
    Item,
    OrderCompleted,
    OrderReversed,
    OrderUpdated,
    ProductChange,
    ProductUpdated,
    Reversal,
)

PHONE = "+33639981234"


def told(topic: str, body: dict[str, Any], known: Remembered | None = None) -> list[Any]:
    return events_of(TOPICS[topic], hook(topic, body, WOO), known)


def ignored(topic: str, body: dict[str, Any], known: Remembered | None = None) -> str:
    translation = TOPICS[topic](hook(topic, body, WOO), known or Remembered())
    assert translation.told == ()
    return translation.ignored or ""


def test_a_guests_order_is_read_to_the_last_field() -> None:
    """The price of a piece is what it cost before the coupon, rounded where Woo divides."""
    [event] = told("order.created", WOO_ORDER)
    assert event.content == OrderCompleted(
        phone=PHONE,
        order_id="727",
        items=(
            Item(
                product_id="93",
                price=Decimal("23.3333"),
                quantity=3,
                name="Tea pot",
                sku="45790-32",
                image_url="https://shop.example/pot.jpg",
            ),
        ),
        total=Decimal("79.35"),
        revenue=Decimal(65),
        currency="EUR",
        cart_id="w-551",
        coupon="tea10",
        discount=Decimal(5),
    )
    assert event.time == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def test_an_account_is_named() -> None:
    [event] = told("order.created", WOO_ORDER | {"customer_id": 25})
    assert event.content.customer == "25"


@pytest.mark.parametrize(
    ("billing", "phone"),
    [
        ({"phone": "0033 6 39 98 12 34", "country": "FR"}, PHONE),
        ({"phone": "07700 900123", "country": "GB"}, "+447700900123"),
        ({"phone": "07700 900123", "country": ""}, "+447700900123"),
        ({"phone": "+1 (202) 555-0123", "country": "FR"}, "+12025550123"),
    ],
)
def test_a_number_is_read_in_the_country_beside_it(billing: dict[str, str], phone: str) -> None:
    [event] = told("order.created", WOO_ORDER | {"billing": billing})
    assert event.content.phone == phone


@pytest.mark.parametrize("typed", ["", "n/a", "12", None, 7])
def test_a_guest_without_a_number_is_nobody(typed: object) -> None:
    assert "guest" in ignored("order.created", WOO_ORDER | {"billing": {"phone": typed}})


@pytest.mark.parametrize("status", ["checkout-draft", "failed", "trash"])
def test_what_is_not_placed_is_no_order(status: str) -> None:
    assert "not placed" in ignored("order.created", WOO_ORDER | {"status": status})


@pytest.mark.parametrize("status", ["pending", "processing", "on-hold", "completed", "failed"])
def test_each_status_is_told_in_the_shops_word(status: str) -> None:
    [event] = told("order.updated", WOO_ORDER | {"status": status})
    assert event.content == OrderUpdated(order_id="727", status=status)
    assert event.time == datetime(2026, 11, 23, 8, 35, tzinfo=UTC)


def test_a_cancelled_order_is_told_as_both() -> None:
    status, cancelled = told("order.updated", WOO_ORDER | {"status": "cancelled"})
    assert isinstance(status.content, OrderUpdated)
    assert cancelled.content == OrderReversed(
        order_id="727", kind=Reversal.CANCELLED, total=Decimal("79.35"), currency="EUR"
    )


def test_refunds_are_in_the_order_and_less_than_nothing() -> None:
    refunds = [
        {"id": 1, "reason": "", "total": "-10.00"},
        {"id": 2, "reason": "", "total": "-5.5"},
    ]
    body = WOO_ORDER | {"refunds": refunds}
    _, refunded = told("order.updated", body)
    assert (refunded.content.kind, refunded.content.total) == (Reversal.REFUNDED, Decimal("15.5"))
    known = Remembered(refunds={"1": Decimal("10.00"), "2": Decimal("5.5000")})
    assert len(told("order.updated", body, known)) == 1, "told before"


def test_a_cart_by_the_filter_in_the_shop() -> None:
    [event] = told("action.woocommerce_add_to_cart", WOO_CART)
    assert event.content == CartUpdated(
        phone=PHONE,
        customer="25",
        cart_id="w-551",
        items=(Item(product_id="93", price=Decimal("23.9"), quantity=2, name="Tea pot"),),
        value=Decimal("47.8"),
        currency="EUR",
        url="https://shop.example/cart/",
    )


def test_the_bare_hook_says_what_is_missing() -> None:
    bare = {key: value for key, value in WOO_CART.items() if key != "cart"}
    with pytest.raises(UntranslatableError, match=r"filter of docs/bridge\.md"):
        told("action.woocommerce_add_to_cart", bare)


def test_a_product() -> None:
    [event] = told("product.created", WOO_PRODUCT)
    assert event.content == ProductUpdated(
        product_id="93",
        change=ProductChange.NEW,
        price=Decimal("23.9"),
        currency="GBP",
        name="Tea pot",
        inventory=4,
        category="Kitchen",
        tags=("blue",),
        url="https://shop.example/product/tea-pot/",
        image_url="https://shop.example/pot.jpg",
    )


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({}, [("new", True)]),
        ({"price": "19.90"}, [("price_drop", False)]),
        ({"stock_status": "outofstock"}, [("new", True)]),
        ({"status": "draft"}, [("discontinued", False)]),
    ],
)
def test_what_changed_of_a_product(change: dict[str, str], seen: list[tuple[str, bool]]) -> None:
    known = Remembered(ProductFact(product="93", price=Decimal("23.90"), available=True))
    events = told("product.updated", WOO_PRODUCT | change, known)
    assert [(event.content.change, event.history) for event in events] == seen


def test_a_product_that_is_back() -> None:
    gone = ProductFact(product="93", price=Decimal("23.90"), available=False, gone=True)
    [event] = told("product.restored", WOO_PRODUCT, Remembered(gone))
    assert event.content.change is ProductChange.RESTOCKED
    [event] = told(
        "product.deleted",
        {"id": 93},
        Remembered(ProductFact(product="93", price=Decimal("23.90"), available=True)),
    )
    assert event.content.change is ProductChange.DISCONTINUED


def test_a_product_without_a_price_is_none_yet() -> None:
    assert "price" in ignored("product.updated", WOO_PRODUCT | {"price": ""})


def test_a_customer() -> None:
    [event] = told("customer.updated", WOO_CUSTOMER)
    assert event.content == CustomerUpdate(
        phone=PHONE,
        customer="25",
        country="FR",
        postal_code="75001",
        first_name="Ada",
        joined_at=datetime(2026, 1, 5, 10, tzinfo=UTC),
    )
