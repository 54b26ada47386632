"""What Shopify's webhooks become: one row for each topic, and the traps of its bodies."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from support.hooks import (
    SHOPIFY_CART,
    SHOPIFY_CHECKOUT,
    SHOPIFY_CONSENT,
    SHOPIFY_CUSTOMER,
    SHOPIFY_FULFILLMENT,
    SHOPIFY_LINE,
    SHOPIFY_ORDER,
    SHOPIFY_PRIVACY,
    SHOPIFY_REFUND,
    Remembered,
    events_of,
    hook,
    ignored_of_shopify,
    shopify,
)

from gateway.bridge.hook import UntranslatableError
from gateway.bridge.shopify import TOPICS
from gateway.domain.consent import Action
from gateway.domain.event import ConsentUpdate, CustomerUpdate, PrivacyRequest, Right
from gateway.domain.shop import (
    CartUpdated,
    CheckoutStarted,
    Item,
    OrderCompleted,
    OrderReversed,
    OrderUpdated,
    Reversal,
    ShipmentStatus,
    ShipmentUpdated,
)

ADA = "115310627314723954"
ORDER = "820982911946154508"
POT = "788032119674292922"
PHONE = "+447700900123"
CART_TOKEN = "c1-68778783ad298f1c80c3bafcddeea02f"
ITEM = Item(
    product_id=POT,
    price=Decimal("23.9"),
    quantity=2,
    name="Tea pot",
    variant="blue",
    sku="45790-32",
    brand="Acme",
)


def test_an_order_is_read_to_the_last_field() -> None:
    event = shopify("orders/create", SHOPIFY_ORDER)
    assert event.content == OrderCompleted(
        phone=PHONE,
        customer=ADA,
        order_id=ORDER,
        items=(ITEM,),
        total=Decimal("51.75"),
        revenue=Decimal("39.83"),
        currency="GBP",
        checkout_id="bd5a8aa1ecd019dd3520ff791ee3a24c",
        cart_id=CART_TOKEN,
        coupon="TEA10",
        discount=Decimal("4.78"),
        first=True,
    )
    assert (event.id, event.source) == ("call-1", "acme.myshopify.example")
    assert event.time == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def test_a_cart_and_its_checkout_and_its_order_name_the_cart_alike() -> None:
    """Newer carts carry a key behind their token."""
    cart = shopify("carts/update", SHOPIFY_CART).content
    assert isinstance(cart, CartUpdated)
    checkout = shopify("checkouts/update", SHOPIFY_CHECKOUT).content
    assert isinstance(checkout, CheckoutStarted)
    order = shopify("orders/create", SHOPIFY_ORDER).content
    assert {cart.cart_id, checkout.cart_id, order.cart_id} == {CART_TOKEN}
    assert checkout.checkout_id == order.checkout_id
    assert (cart.value, cart.currency, cart.items) == (Decimal("47.8"), "GBP", (ITEM,))
    assert checkout.phone == PHONE
    assert checkout.url.endswith("recover?key=8a")


def test_a_cleared_cart_is_an_empty_one() -> None:
    cart = shopify("carts/update", SHOPIFY_CART | {"line_items": []}).content
    assert (cart.items, cart.value) == ((), 0)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"completed_at": "2026-11-23T03:30:00-05:00"}, "completed"),
        ({"phone": None}, "nobody"),
        ({"line_items": []}, "nothing in it"),
    ],
)
def test_a_checkout_that_says_nothing_new_is_passed_over(change: dict[str, Any], says: str) -> None:
    assert says in ignored_of_shopify("checkouts/update", SHOPIFY_CHECKOUT | change)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "paid"),
        ({"fulfillment_status": "fulfilled"}, "fulfilled"),
        ({"cancelled_at": "2026-11-23T04:00:00-05:00"}, "cancelled"),
        ({"financial_status": None}, "placed"),
    ],
)
def test_an_order_says_where_it_stands(change: dict[str, Any], status: str) -> None:
    content = shopify("orders/updated", SHOPIFY_ORDER | change).content
    assert content == OrderUpdated(customer=ADA, order_id=ORDER, status=status)


def test_a_cancelled_order() -> None:
    body = SHOPIFY_ORDER | {"cancelled_at": "2026-11-23T04:00:00-05:00"}
    event = shopify("orders/cancelled", body)
    assert event.content == OrderReversed(
        customer=ADA,
        order_id=ORDER,
        kind=Reversal.CANCELLED,
        total=Decimal("51.75"),
        currency="GBP",
    )
    assert event.time == datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_refunds_add_up_and_each_is_told_once() -> None:
    """Shopify tells of each by itself; the event has the sum of all so far."""
    first = shopify("refunds/create", SHOPIFY_REFUND).content
    assert isinstance(first, OrderReversed)
    assert (first.total, first.kind) == (Decimal("23.9"), Reversal.REFUNDED)
    known = Remembered(refunds={"890088186047892319": Decimal("23.90")})
    assert TOPICS["refunds/create"](hook("refunds/create", SHOPIFY_REFUND), known).told == ()
    second = SHOPIFY_REFUND | {"id": 2, "transactions": SHOPIFY_REFUND["transactions"][:1]}
    assert shopify("refunds/create", second, known).content.total == Decimal("47.8")
    order = SHOPIFY_ORDER | {"refunds": [SHOPIFY_REFUND, second]}
    status, refunded = events_of(TOPICS["orders/updated"], hook("orders/updated", order), known)
    assert isinstance(status.content, OrderUpdated)
    assert isinstance(refunded.content, OrderReversed)
    assert refunded.content.total == Decimal("47.8")
    assert (status.id, refunded.id) == ("call-1", "call-1.1")


def test_a_refund_of_nothing_is_passed_over() -> None:
    assert "no money" in ignored_of_shopify("refunds/create", SHOPIFY_REFUND | {"transactions": []})


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, ShipmentStatus.IN_TRANSIT),
        ({"shipment_status": "out_for_delivery"}, ShipmentStatus.OUT_FOR_DELIVERY),
        ({"shipment_status": "delivered"}, ShipmentStatus.DELIVERED),
        ({"shipment_status": "label_purchased"}, ShipmentStatus.LABEL_PRINTED),
        ({"status": "cancelled"}, ShipmentStatus.FAILURE),
        ({"shipment_status": "something new", "status": "open"}, ShipmentStatus.CONFIRMED),
    ],
)
def test_a_parcel(change: dict[str, Any], status: ShipmentStatus) -> None:
    assert shopify("fulfillments/create", SHOPIFY_FULFILLMENT | change).content == ShipmentUpdated(
        phone=PHONE,
        order_id=ORDER,
        shipment_id="255858046",
        status=status,
        company="Royal Mail",
        tracking_number="AB123456789GB",
        tracking_url="https://track.example/AB123456789GB",
    )


def test_what_a_carrier_reports() -> None:
    body = {
        "id": 1,
        "fulfillment_id": 255858046,
        "order_id": int(ORDER),
        "status": "delivered",
        "happened_at": "2026-11-23T03:55:00-05:00",
        "estimated_delivery_at": None,
    }
    event = shopify("fulfillment_events/create", body)
    assert event.content == ShipmentUpdated(
        order_id=ORDER, shipment_id="255858046", status=ShipmentStatus.DELIVERED
    )
    assert event.time == datetime(2026, 11, 23, 8, 55, tzinfo=UTC)


def test_a_customer() -> None:
    event = shopify("customers/update", SHOPIFY_CUSTOMER)
    assert event.content == CustomerUpdate(
        phone=PHONE,
        customer=ADA,
        country="GB",
        postal_code="EC1A 1BB",
        first_name="Ada",
        joined_at=datetime(2025, 10, 26, 18, 22, 2, tzinfo=UTC),
        tags=("wholesale", "tea"),
    )


def test_a_customer_without_a_number_is_nobody_for_sms() -> None:
    body = SHOPIFY_CUSTOMER | {"default_address": {"phone": "12", "country_code": "GB"}}
    assert "number" in ignored_of_shopify("customers/create", body)


@pytest.mark.rule("G-3")
@pytest.mark.parametrize(
    ("state", "action"),
    [
        ("subscribed", Action.GRANTED),
        ("unsubscribed", Action.WITHDRAWN),
        ("pending", Action.REQUESTED),
    ],
)
def test_a_consent_to_sms(state: str, action: Action) -> None:
    consent = SHOPIFY_CONSENT["sms_marketing_consent"] | {"state": state}
    body = SHOPIFY_CONSENT | {"sms_marketing_consent": consent}
    content = shopify("customers_marketing_consent/update", body).content
    assert isinstance(content, ConsentUpdate)
    assert (content.action, content.phone, content.customer) == (action, PHONE, ADA)
    assert content.purpose == "marketing"
    assert content.at == datetime(2026, 11, 23, 8, 31, tzinfo=UTC)
    assert content.text_version == "shopify-checkout"


@pytest.mark.parametrize("state", ["not_subscribed", "redacted", None])
def test_what_is_no_consent_to_sms_tells_nothing(state: str | None) -> None:
    """A person who never chose has taken nothing back."""
    body = {"id": 1, "phone": PHONE, "sms_marketing_consent": {"state": state}}
    assert ignored_of_shopify("customers_marketing_consent/update", body)
    email = {"id": 1, "email_marketing_consent": {"state": "subscribed"}}
    assert ignored_of_shopify("customers_marketing_consent/update", email)


@pytest.mark.rule("G-7")
@pytest.mark.parametrize(
    ("topic", "right"),
    [("customers/data_request", Right.ACCESS), ("customers/redact", Right.ERASE)],
)
def test_a_right_that_a_person_asked_the_shop_for(topic: str, right: Right) -> None:
    content = shopify(topic, SHOPIFY_PRIVACY).content
    assert isinstance(content, PrivacyRequest)
    assert (content.kind, content.phone, content.customer) == (right, PHONE, ADA)
    assert content.due_at.date() == date(2026, 12, 23)


def test_the_end_of_a_shop_is_the_operators_business() -> None:
    assert "operator" in ignored_of_shopify("shop/redact", {"shop_id": 1})


@pytest.mark.parametrize(
    ("topic", "body", "says"),
    [
        ("orders/create", {**SHOPIFY_ORDER, "id": None}, "id is required"),
        ("orders/create", {**SHOPIFY_ORDER, "total_price": "much"}, "total_price is required"),
        ("checkouts/create", SHOPIFY_CHECKOUT | {"abandoned_checkout_url": "x"}, "abandoned"),
        ("fulfillments/create", {**SHOPIFY_FULFILLMENT, "order_id": None}, "order_id is required"),
        ("carts/create", {"line_items": []}, "token is required"),
        ("products/update", {"title": "Tea pot"}, "id is required"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(
    topic: str, body: dict[str, Any], says: str
) -> None:
    with pytest.raises(UntranslatableError, match=says):
        TOPICS[topic](hook(topic, body), Remembered())


def test_money_without_a_currency_names_the_key_to_write() -> None:
    with pytest.raises(UntranslatableError, match="currency"):
        TOPICS["carts/update"](hook("carts/update", SHOPIFY_CART, currency=None), Remembered())


@pytest.mark.parametrize(
    ("change", "phone"),
    [
        ({"phone": "+1 202 555 0123"}, "+12025550123"),
        ({"shipping_address": None}, PHONE),
        ({"shipping_address": {"country_code": "FR", "phone": "06 39 98 12 34"}}, "+33639981234"),
        ({"shipping_address": None, "customer": {"id": 1}}, None),
        ({"shipping_address": "?", "customer": {"id": 1, "phone": 7}}, None),
    ],
)
def test_the_number_is_the_first_that_can_be_reached(
    change: dict[str, Any], phone: str | None
) -> None:
    """An order is not lost over what somebody typed for a number."""
    assert shopify("orders/create", SHOPIFY_ORDER | change).content.phone == phone


def test_an_order_of_nobody_and_a_test_order_tell_nothing() -> None:
    nobody = {**SHOPIFY_ORDER, "customer": None, "shipping_address": None}
    assert "nobody" in ignored_of_shopify("orders/create", nobody)
    assert "test" in ignored_of_shopify("orders/create", SHOPIFY_ORDER | {"test": True})


def test_a_line_that_is_no_product_is_left_out() -> None:
    body = SHOPIFY_ORDER | {
        "line_items": [
            SHOPIFY_LINE,
            {"title": "Tip", "price": None, "quantity": 1},
            SHOPIFY_LINE | {"quantity": 0},
            "nonsense",
        ]
    }
    assert shopify("orders/create", body).content.items == (ITEM,)
