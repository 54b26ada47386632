"""What Segment's calls become: its names, its traits, and both sums of an order."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from support.events import ORDER, PROPERTIES, TEA_POT
from support.hooks import Remembered, events_of, hook, track

from gateway.bridge.segment import translate
from gateway.bridge.segment.tracked import KINDS
from gateway.domain.event import CustomerUpdate
from gateway.domain.shop import CartUpdated, CheckoutStarted, OrderCompleted, ProductViewed
from gateway.mqtt.asyncapi.cloud import TITLES


def one(message: dict[str, Any]) -> Any:
    [event] = events_of(translate, hook("track", message, "segment", id=message["messageId"]))
    return event


def ignored(message: dict[str, Any]) -> str:
    translation = translate(hook("track", message, "segment"), Remembered())
    assert translation.told == ()
    return translation.ignored or ""


@pytest.mark.parametrize("kind", sorted(set(KINDS.values())))
def test_every_event_that_our_vocabulary_names_is_taken_by_its_name(kind: str) -> None:
    event = one(track(TITLES[kind], **PROPERTIES[kind]))
    assert (event.type, event.id, event.source) == (kind, "m-1", "segment")
    assert event.time == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.mark.rule("G-3")
@pytest.mark.parametrize("name", ["Consent Updated", "Privacy Requested"])
def test_no_consent_is_taken_from_a_key_that_stands_in_every_page(name: str) -> None:
    assert "no event" in ignored(track(name))


@pytest.mark.parametrize("name", ["Product Added", "Signed Up", ""])
def test_what_is_tracked_for_others_is_passed_over(name: str) -> None:
    assert "no event" in ignored(track(name))
    assert "page" in ignored({"type": "page", "messageId": "m"})


@pytest.mark.parametrize(
    ("sums", "total", "revenue"),
    [
        ({"total": 51.75, "shipping": 3.95, "tax": 0}, "51.75", "47.8"),
        ({"revenue": 47.8, "shipping": 3.95}, "51.75", "47.8"),
        ({"revenue": 40, "total": 50, "shipping": 3}, "50", "40"),
    ],
)
def test_an_order_has_both_sums(sums: dict[str, Any], total: str, revenue: str) -> None:
    said = {key: PROPERTIES[ORDER][key] for key in ("order_id", "currency", "products")}
    content = one(track("Order Completed", **said, **sums)).content
    assert isinstance(content, OrderCompleted)
    assert (content.total, content.revenue) == (Decimal(total), Decimal(revenue))


def test_ids_that_are_numbers_are_texts() -> None:
    said = PROPERTIES[ORDER] | {"order_id": 1001, "products": [TEA_POT | {"product_id": 7}]}
    content = one(track("Order Completed", **said)).content
    assert (content.order_id, content.items[0].product_id, content.customer) == (
        "1001",
        "7",
        "8812",
    )


def test_what_segment_says_elsewhere_is_found() -> None:
    """A checkout without an id of its own, and the page that the person was on."""
    said = {"order_id": "50314b8e", "revenue": 25.0, "currency": "GBP", "products": [TEA_POT]}
    checkout = one(track("Checkout Started", **said)).content
    assert isinstance(checkout, CheckoutStarted)
    assert (checkout.checkout_id, checkout.cart_id) == ("50314b8e", "50314b8e")
    assert (checkout.url, checkout.value) == ("https://shop.example/here", Decimal(25))
    cart = one(track("Cart Viewed", cart_id="k", currency="GBP", products=[TEA_POT])).content
    assert isinstance(cart, CartUpdated)
    assert (cart.url, cart.value) == ("https://shop.example/here", Decimal("47.8"))
    seen = {"product_id": "p1", "name": "Tea pot", "price": 1, "currency": "GBP"}
    viewed = one(track("Product Viewed", **seen)).content
    assert isinstance(viewed, ProductViewed)
    assert viewed.url == "https://shop.example/here"


def identify(**traits: Any) -> dict[str, Any]:
    return {"type": "identify", "userId": "8812", "messageId": "i-1", "traits": traits}


@pytest.mark.parametrize(
    ("created", "joined"),
    [
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02", datetime(2026, 1, 2, tzinfo=UTC)),
        (1767323045, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (1767323045000, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("soon", None),
    ],
)
def test_traits_are_a_customer(created: object, joined: datetime | None) -> None:
    message = identify(
        phone="07700 900123",
        firstName="Ada",
        birthday="1815-12-10T00:00:00.000Z",
        createdAt=created,
        address={"country": "GB", "postalCode": "EC1A 1BB"},
        preferences=["tea", "product:p1"],
        language="en_GB",
    )
    assert one(message).content == CustomerUpdate(
        phone="+447700900123",
        customer="8812",
        country="GB",
        postal_code="EC1A 1BB",
        language="en-GB",
        first_name="Ada",
        birthday="12-10",
        joined_at=joined,
        preferences=("tea", "product:p1"),
    )


def test_traits_without_a_number_are_nobody_for_sms() -> None:
    assert "number" in ignored(identify(firstName="Ada", phone="12"))
