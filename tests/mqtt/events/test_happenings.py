"""What happens in a shop, at the door: exact amounts, and a reason for whatever is refused."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.events import (
    CANCELLED,
    CART,
    CHECKOUT,
    COUPON,
    CUSTOMER,
    LEFT_OUT,
    ORDER,
    PRODUCT,
    RECONCILE,
    REFUNDED,
    SHIPMENT,
    STATUS,
    TEA_POT,
    VIEWED,
    document,
    event,
    refusal_of,
)
from support.mqtt import ACME

from gateway.domain.errors import RejectedError
from gateway.domain.event import Content
from gateway.domain.shop import (
    CartUpdated,
    CheckoutStarted,
    CouponApplied,
    Item,
    OrderCompleted,
    OrderReversed,
    OrderUpdated,
    ProductChange,
    ProductUpdated,
    ProductViewed,
    Reconcile,
    Reversal,
    ShipmentStatus,
    ShipmentUpdated,
    Tally,
)
from gateway.mqtt.events import EVENTS, parse_event
from gateway.mqtt.faults import Fault

POT = Item(product_id="p1", name="Tea pot", price=Decimal("23.9"), quantity=2)
ABOUT: dict[str, Any] = {"customer": "8812", "phone": "07700 900123"}
DIGEST = "00ff" * 4

READ: list[tuple[str, dict[str, Any], Content]] = [
    (
        VIEWED,
        {"category": "", "image_url": "https://shop.example/p1.jpg"},
        ProductViewed(
            **ABOUT,
            product_id="p1",
            name="Tea pot",
            price=Decimal("23.9"),
            currency="GBP",
            url="https://shop.example/p1",
            image_url="https://shop.example/p1.jpg",
        ),
    ),
    (
        PRODUCT,
        {"change": "price_drop", "previous_price": 25, "inventory_quantity": -2, "tags": ["a", ""]},
        ProductUpdated(
            product_id="p1",
            change=ProductChange.PRICE_DROP,
            price=Decimal("23.9"),
            currency="GBP",
            previous_price=Decimal(25),
            inventory=-2,
            tags=("a",),
        ),
    ),
    (
        CART,
        {},
        CartUpdated(
            **ABOUT,
            cart_id="k-551",
            items=(POT,),
            value=Decimal("47.8"),
            currency="GBP",
            url="https://shop.example/r/k-551",
        ),
    ),
    (
        CHECKOUT,
        {"products": [TEA_POT | {"sku": "45790-32", "variant": "blue", "brand": "Acme"}]},
        CheckoutStarted(
            **ABOUT,
            checkout_id="c-551",
            cart_id="k-551",
            items=(
                Item(
                    product_id="p1",
                    name="Tea pot",
                    price=Decimal("23.9"),
                    quantity=2,
                    sku="45790-32",
                    variant="blue",
                    brand="Acme",
                ),
            ),
            value=Decimal("47.8"),
            currency="GBP",
            url="https://shop.example/r/c-551",
        ),
    ),
    (
        ORDER,
        {"checkout_id": "c-551", "coupon": "TEA10", "discount": 4.78, "is_first_order": True},
        OrderCompleted(
            **ABOUT,
            order_id="1001",
            items=(POT,),
            total=Decimal("51.75"),
            revenue=Decimal("47.8"),
            currency="GBP",
            checkout_id="c-551",
            coupon="TEA10",
            discount=Decimal("4.78"),
            first=True,
        ),
    ),
    (STATUS, {}, OrderUpdated(**ABOUT, order_id="1001", status="processing")),
    (
        CANCELLED,
        {},
        OrderReversed(
            **ABOUT,
            order_id="1001",
            kind=Reversal.CANCELLED,
            total=Decimal("51.75"),
            currency="GBP",
        ),
    ),
    (
        REFUNDED,
        {},
        OrderReversed(
            **ABOUT, order_id="1001", kind=Reversal.REFUNDED, total=Decimal("23.9"), currency="GBP"
        ),
    ),
    (
        SHIPMENT,
        {
            "tracking_company": "Royal Mail",
            "tracking_number": "",
            "tracking_url": "https://track.example/1",
            "estimated_delivery_at": "2026-11-25T18:00:00+01:00",
        },
        ShipmentUpdated(
            **ABOUT,
            order_id="1001",
            shipment_id="s-1",
            status=ShipmentStatus.IN_TRANSIT,
            company="Royal Mail",
            tracking_url="https://track.example/1",
            estimated_at=datetime(2026, 11, 25, 17, tzinfo=UTC),
        ),
    ),
    (
        COUPON,
        {},
        CouponApplied(**ABOUT, coupon="TEA10", discount=Decimal("4.78"), cart_id="k-551"),
    ),
    (
        RECONCILE,
        {"types": {ORDER: {"events": 3, "digest": DIGEST}}},
        Reconcile(day=date(2026, 11, 22), tallies={ORDER: Tally(events=3, digest=DIGEST)}),
    ),
]


@pytest.mark.parametrize(("kind", "changes", "content"), READ, ids=[kind for kind, *_ in READ])
def test_an_event_is_read_field_by_field(
    kind: str, changes: dict[str, Any], content: Content
) -> None:
    """With a number and fields of the shop's own beside what we know."""
    read = event(kind, phone="07700 900123", their_own={"x": [1.5]}, **changes)
    assert read.content == content
    assert not read.history
    assert event(kind, envelope={"history": True}, **changes).history


def test_every_type_of_the_vocabulary_is_read_here_or_beside() -> None:
    beside = {"shop.consent.updated.v1", "shop.privacy.requested.v1", CUSTOMER}
    assert {kind for kind, *_ in READ} | beside == set(EVENTS)


THINGS = [
    (CART, "cart_id"),
    (CHECKOUT, "checkout_id"),
    (ORDER, "order_id"),
    (SHIPMENT, "shipment_id"),
    (VIEWED, "product_id"),
    (COUPON, "coupon_id"),
]

FAULTS: list[tuple[str, dict[str, Any], Fault, str, str]] = [
    *(
        (kind, {field: LEFT_OUT}, Fault.MISSING_FIELD, field, "is required")
        for kind, field in THINGS
    ),
    *((kind, {field: 7}, Fault.WRONG_TYPE, field, "not a number") for kind, field in THINGS),
    *(
        (kind, {field: "x" * 129}, Fault.INVALID_VALUE, field, "at most 128")
        for kind, field in THINGS
    ),
    (VIEWED, {"url": "javascript:alert(1)"}, Fault.INVALID_VALUE, "url", "http or https"),
    (VIEWED, {"url": "https://a b"}, Fault.INVALID_VALUE, "url", "http or https"),
    (VIEWED, {"url": "https://" + "x" * 1024}, Fault.INVALID_VALUE, "url", "1024"),
    (CART, {"cart_url": LEFT_OUT}, Fault.MISSING_FIELD, "cart_url", "is required"),
    (CART, {"cart_url": "/cart"}, Fault.INVALID_VALUE, "cart_url", "http or https"),
    (CART, {"products": LEFT_OUT}, Fault.MISSING_FIELD, "products", "is required"),
    (CART, {"products": [{}]}, Fault.MISSING_FIELD, "products.0.product_id", "is required"),
    (
        CART,
        {"products": [TEA_POT | {"quantity": 0}]},
        Fault.INVALID_VALUE,
        "products.0.quantity",
        "1",
    ),
    (
        CART,
        {"products": [TEA_POT | {"quantity": 1.5}]},
        Fault.WRONG_TYPE,
        "products.0.quantity",
        "a whole number, not a number",
    ),
    (
        ORDER,
        {"products": [TEA_POT, {"product_id": "p", "price": "x"}]},
        Fault.INVALID_VALUE,
        "products.1.price",
        "such as 23.90",
    ),
    (ORDER, {"total": LEFT_OUT}, Fault.MISSING_FIELD, "total", "is required"),
    (ORDER, {"revenue": LEFT_OUT}, Fault.MISSING_FIELD, "revenue", "is required"),
    (ORDER, {"is_first_order": "yes"}, Fault.WRONG_TYPE, "is_first_order", "true or false"),
    (STATUS, {"status": "x" * 33}, Fault.INVALID_VALUE, "status", "at most 32"),
    (SHIPMENT, {"shipment_status": "lost"}, Fault.INVALID_VALUE, "shipment_status", "'delivered'"),
    (SHIPMENT, {"shipment_status": 1}, Fault.WRONG_TYPE, "shipment_status", "a string"),
    (
        SHIPMENT,
        {"estimated_delivery_at": "soon"},
        Fault.INVALID_VALUE,
        "estimated_delivery_at",
        "zone",
    ),
    (SHIPMENT, {"tracking_url": "ftp://x"}, Fault.INVALID_VALUE, "tracking_url", "https"),
    (PRODUCT, {"change": "cheaper"}, Fault.INVALID_VALUE, "change", "'price_drop'"),
    (
        PRODUCT,
        {"inventory_quantity": "3"},
        Fault.WRONG_TYPE,
        "inventory_quantity",
        "a whole number",
    ),
    (PRODUCT, {"tags": "tea"}, Fault.WRONG_TYPE, "tags", "an array"),
    (PRODUCT, {"tags": ["t"] * 101}, Fault.INVALID_VALUE, "tags", "at most 100"),
    (COUPON, {"cart_id": LEFT_OUT}, Fault.MISSING_FIELD, "order_id", "or data.properties.cart_id"),
    (CUSTOMER, {"birthday": "02-30"}, Fault.INVALID_VALUE, "birthday", "like 11-26"),
    (CUSTOMER, {"birthday": "26.11."}, Fault.INVALID_VALUE, "birthday", "like 11-26"),
    (CUSTOMER, {"preferences": "tea"}, Fault.WRONG_TYPE, "preferences", "an array"),
    (CUSTOMER, {"createdAt": "2026"}, Fault.INVALID_VALUE, "createdAt", "zone"),
    (RECONCILE, {"day": "2026-02-30"}, Fault.INVALID_VALUE, "day", "a day, like"),
    (
        RECONCILE,
        {"types": {ORDER: {"events": -1, "digest": DIGEST}}},
        Fault.INVALID_VALUE,
        "types",
        "0",
    ),
    (
        RECONCILE,
        {"types": {ORDER: {"events": 1, "digest": "x"}}},
        Fault.INVALID_VALUE,
        "types",
        "16",
    ),
]


@pytest.mark.parametrize(
    ("kind", "changes", "code", "field", "says"), FAULTS, ids=lambda value: repr(value)[:40]
)
def test_each_fault_has_its_code_its_place_and_its_rule(
    kind: str, changes: dict[str, Any], code: Fault, field: str, says: str
) -> None:
    refused = refusal_of(kind, **changes)
    assert (refused.code, refused.field) == (code, f"data.properties.{field}")
    assert says in str(refused)
    assert (refused.job, refused.source) == ("event-1", "//shop.example/main")


NOBODYS = [VIEWED, PRODUCT, CART, STATUS, CANCELLED, REFUNDED, SHIPMENT, COUPON, RECONCILE]


@pytest.mark.parametrize("kind", NOBODYS)
def test_what_names_its_order_or_cart_needs_no_person(kind: str) -> None:
    read = event(kind, customer=None).content
    assert (read.customer, read.phone) == (None, None)


@pytest.mark.parametrize("kind", [CHECKOUT, ORDER, CUSTOMER])
def test_who_buys_is_somebody(kind: str) -> None:
    refused = refusal_of(kind, customer=None, phone=LEFT_OUT)
    assert (refused.code, refused.field) == (Fault.MISSING_FIELD, "data.properties.phone")
    guest = event(kind, customer=None, phone="+447700900123").content
    assert guest.phone == "+447700900123"
    assert event(kind, customer="8812", phone=LEFT_OUT).content.customer == "8812"


def test_a_type_that_nobody_takes_is_refused_with_the_nearest_one() -> None:
    refused = refusal_of(ORDER, envelope={"type": "shop.order.complete.v1"})
    assert (refused.code, refused.field) == (Fault.UNKNOWN_TYPE, "type")
    assert "shop.order.complete.v1" in str(refused)
    assert "did you mean shop.order.completed.v1?" in str(refused)


def test_a_long_name_is_cut_where_it_is_kept() -> None:
    read = event(ORDER, products=[TEA_POT | {"name": "x" * 300, "category": "y" * 200}]).content
    assert isinstance(read, OrderCompleted)
    assert (len(read.items[0].name or ""), len(read.items[0].category or "")) == (256, 128)


@example(amount=Decimal("999999999999.0003"), as_text=False)
@given(amount=st.decimals(0, 10**12 - 1, places=4), as_text=st.booleans())
def test_no_amount_loses_anything_on_its_way(amount: Decimal, as_text: bool) -> None:
    """Twelve digits before the point and four behind are more than a binary fraction holds."""
    text = json.dumps(document(REFUNDED, total="AMOUNT"))
    written = text.replace('"AMOUNT"', f'"{amount:f}"' if as_text else f"{amount:f}")
    read = parse_event(ACME, written.encode()).content
    assert isinstance(read, OrderReversed)
    assert read.total == amount


def test_an_exponent_that_is_no_number_is_refused() -> None:
    text = json.dumps(document(REFUNDED, total="AMOUNT"))
    for amount in ("1e99999999999999999999", "1e999999"):
        with pytest.raises(RejectedError):
            parse_event(ACME, text.replace('"AMOUNT"', amount).encode())


def test_an_event_is_the_same_however_its_amount_is_written() -> None:
    """A shop's serialiser may say 23.9 today and 23.90 tomorrow."""
    text = json.dumps(document(REFUNDED, total="AMOUNT"))
    first, second = (
        parse_event(ACME, text.replace('"AMOUNT"', amount).encode()) for amount in ("23.9", "23.90")
    )
    assert first.digest == second.digest
