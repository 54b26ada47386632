"""The events of what happens in a shop, for the document."""

from __future__ import annotations

from typing import Any, Final

from gateway.mqtt.asyncapi.cloud import CLOUD_EVENTS, TITLES, event, without
from gateway.mqtt.asyncapi.message import Example, Message, Refused
from gateway.mqtt.events import EVENTS

_VIEWED: Final = "shop.product.viewed.v1"
_PRODUCT: Final = "shop.product.updated.v1"
_CART: Final = "shop.cart.updated.v1"
_CHECKOUT: Final = "shop.checkout.started.v1"
_ORDER: Final = "shop.order.completed.v1"
_STATUS: Final = "shop.order.updated.v1"
_CANCELLED: Final = "shop.order.cancelled.v1"
_REFUNDED: Final = "shop.order.refunded.v1"
_SHIPMENT: Final = "shop.shipment.updated.v1"
_COUPON: Final = "shop.coupon.applied.v1"
_RECONCILE: Final = "shop.reconcile.v1"

_POT: Final[dict[str, Any]] = {
    "product_id": "p1",
    "sku": "45790-32",
    "name": "Tea pot",
    "brand": "Acme",
    "category": "Kitchen",
    "variant": "blue",
    "price": "23.90",
    "quantity": 2,
    "url": "https://shop.example/p1",
}
_BASKET: Final[dict[str, Any]] = {
    "cart_id": "k-551",
    "products": [_POT],
    "value": "47.80",
    "currency": "GBP",
}
_PAYING: Final[dict[str, Any]] = _BASKET | {
    "checkout_id": "c-551",
    "checkout_url": "https://shop.example/r/c-551",
}
_ORDERED: Final[dict[str, Any]] = {
    "order_id": "1001",
    "checkout_id": "c-551",
    "cart_id": "k-551",
    "total": "51.75",
    "revenue": "47.80",
    "currency": "GBP",
    "products": [_POT],
    "is_first_order": True,
}
_BACK: Final[dict[str, Any]] = {"order_id": "1001", "total": "51.75", "currency": "GBP"}
_PARCEL: Final[dict[str, Any]] = {
    "order_id": "1001",
    "shipment_id": "1001-1",
    "shipment_status": "out_for_delivery",
    "tracking_company": "Royal Mail",
    "tracking_number": "AB123456789GB",
    "tracking_url": "https://track.example/AB123456789GB",
    "estimated_delivery_at": "2026-11-21T18:00:00Z",
}
_SEEN: Final[dict[str, Any]] = {
    "product_id": "p1",
    "name": "Tea pot",
    "category": "Kitchen",
    "price": 23.9,
    "currency": "GBP",
    "url": "https://shop.example/p1",
}
_CHANGED: Final[dict[str, Any]] = {
    "product_id": "p1",
    "change": "price_drop",
    "price": "19.90",
    "previous_price": "23.90",
    "currency": "GBP",
    "name": "Tea pot",
    "category": "Kitchen",
    "tags": ["sale"],
    "inventory_quantity": 12,
    "url": "https://shop.example/p1",
}


_QUIET: Final[dict[str, Any]] = {"day": "2026-11-19", "types": {}}


def _message(kind: str, summary: str, examples: tuple[Example, ...], *refused: Refused) -> Message:
    return Message(
        name=kind,
        title=TITLES[kind],
        summary=summary,
        model=EVENTS[kind],
        content_type=CLOUD_EVENTS,
        examples=examples,
        refused=refused,
    )


def _refused(summary: str, payload: dict[str, Any], code: str, field: str) -> Refused:
    return Refused(summary=summary, payload=payload, code=code, field=f"data.properties.{field}")


def _one(name: str, summary: str, payload: dict[str, Any]) -> Example:
    return Example(name=name, summary=summary, payload=payload)


def _nobodys(payload: dict[str, Any]) -> dict[str, Any]:
    """Return an event of somebody whom the store has no name for."""
    return payload | {"subject": None, "data": without(payload["data"], "userId")}


VIEWED: Final = _message(
    _VIEWED,
    "Somebody looked at a product; who it is may be unknown.",
    (_one("viewed", "A customer who is logged in", event(_VIEWED, 20, **_SEEN)),),
    _refused(
        "An address that opens no page",
        event(_VIEWED, 120, **_SEEN | {"url": "javascript:alert(1)"}),
        "invalid_value",
        "url",
    ),
)

PRODUCT_UPDATED: Final = _message(
    _PRODUCT,
    "A product is new, back in stock, cheaper or gone.",
    (
        _one("price_drop", "It is cheaper", event(_PRODUCT, 21, **_CHANGED)),
        _one(
            "restocked",
            "It is to be had again",
            event(_PRODUCT, 22, **without(_CHANGED, "previous_price") | {"change": "restocked"}),
        ),
    ),
    _refused(
        "A change that there is not",
        event(_PRODUCT, 121, **_CHANGED | {"change": "cheaper"}),
        "invalid_value",
        "change",
    ),
)

CART_UPDATED: Final = _message(
    _CART,
    "A whole cart, as it is now; the newest by `time` holds.",
    (
        _one(
            "filled",
            "Two tea pots",
            event(_CART, 23, **_BASKET, cart_url="https://shop.example/r/k-551"),
        ),
        _one(
            "cleared",
            "Nothing is in it any more",
            event(
                _CART,
                24,
                **_BASKET | {"cart_id": "k-552", "products": [], "value": 0},
                cart_url="https://shop.example/r/k-552",
            ),
        ),
    ),
    _refused(
        "Money in no currency",
        event(_CART, 122, **without(_BASKET, "currency"), cart_url="https://shop.example/r/k"),
        "missing_field",
        "currency",
    ),
)

CHECKOUT_STARTED: Final = _message(
    _CHECKOUT,
    "Somebody began to pay. When no order follows, the cart was abandoned.",
    (
        _one("started", "With where the person goes on", event(_CHECKOUT, 25, **_PAYING)),
        _one(
            "guest",
            "A guest is known by the number",
            _nobodys(event(_CHECKOUT, 26, **_PAYING, phone="07700 900127")),
        ),
    ),
    _refused("Nobody's", _nobodys(event(_CHECKOUT, 123, **_PAYING)), "missing_field", "phone"),
)

ORDER_COMPLETED: Final = _message(
    _ORDER,
    "An order was placed; it ends what was to be said about its cart.",
    (_one("placed", "Two tea pots", event(_ORDER, 27, **_ORDERED)),),
    _refused(
        "Less than nothing",
        event(_ORDER, 124, **_ORDERED | {"total": "-1.00"}),
        "invalid_value",
        "total",
    ),
    _refused(
        "A currency that there is not",
        event(_ORDER, 125, **_ORDERED | {"currency": "EURO"}),
        "invalid_value",
        "currency",
    ),
    _refused(
        "A product without its id",
        event(_ORDER, 126, **_ORDERED | {"products": [without(_POT, "product_id")]}),
        "missing_field",
        "products.0.product_id",
    ),
    Refused(
        summary="A type that is misspelt",
        payload=event(_ORDER, 127, **_ORDERED) | {"type": "shop.order.complete.v1"},
        code="unknown_type",
        field="type",
    ),
)

ORDER_UPDATED: Final = _message(
    _STATUS,
    "An order has another status, in the store's own word.",
    (_one("paid", "It was paid", event(_STATUS, 28, order_id="1001", status="processing")),),
    _refused("No status", event(_STATUS, 128, order_id="1001"), "missing_field", "status"),
)

ORDER_CANCELLED: Final = _message(
    _CANCELLED,
    "An order was cancelled.",
    (_one("cancelled", "All is given back", event(_CANCELLED, 29, **_BACK)),),
    _refused(
        "Of no order",
        event(_CANCELLED, 129, **without(_BACK, "order_id")),
        "missing_field",
        "order_id",
    ),
)

ORDER_REFUNDED: Final = _message(
    _REFUNDED,
    "Money of an order was given back, all or some; `total` is all of it so far.",
    (_one("half", "One of the two", event(_REFUNDED, 30, **_BACK | {"total": "23.90"})),),
    _refused(
        "Of what amount?",
        event(_REFUNDED, 130, **_BACK | {"total": "some"}),
        "invalid_value",
        "total",
    ),
)

SHIPMENT_UPDATED: Final = _message(
    _SHIPMENT,
    "A parcel is somewhere else.",
    (
        _one("out_for_delivery", "It comes today", event(_SHIPMENT, 31, **_PARCEL)),
        _one(
            "delivered",
            "It is there",
            event(_SHIPMENT, 32, **_PARCEL | {"shipment_status": "delivered"})
            | {"time": "2026-11-20T15:12:00Z"},
        ),
    ),
    _refused(
        "A status that there is not",
        event(_SHIPMENT, 131, **_PARCEL | {"shipment_status": "lost"}),
        "invalid_value",
        "shipment_status",
    ),
)

COUPON_APPLIED: Final = _message(
    _COUPON,
    "A code was entered and taken.",
    (
        _one(
            "in_cart",
            "In a cart",
            event(_COUPON, 33, coupon_id="TEA10", discount="4.78", cart_id="k-551"),
        ),
    ),
    _refused(
        "Of no order and no cart",
        event(_COUPON, 132, coupon_id="TEA10", discount="4.78"),
        "missing_field",
        "order_id",
    ),
)

RECONCILE: Final = _message(
    _RECONCILE,
    "How many events of each type a store told of a day, to find what got lost.",
    (_one("quiet_day", "A day of which nothing was told", event(_RECONCILE, 34, **_QUIET)),),
    _refused(
        "More was told than came",
        event(_RECONCILE, 133, **_QUIET | {"types": {_ORDER: {"events": 3, "digest": "0" * 16}}}),
        "events_missing",
        f"types.{_ORDER}",
    ),
    _refused(
        "A day that there is not",
        event(_RECONCILE, 134, **_QUIET | {"day": "2026-02-30"}),
        "invalid_value",
        "day",
    ),
)

HAPPENINGS: Final = (
    VIEWED,
    PRODUCT_UPDATED,
    CART_UPDATED,
    CHECKOUT_STARTED,
    ORDER_COMPLETED,
    ORDER_UPDATED,
    ORDER_CANCELLED,
    ORDER_REFUNDED,
    SHIPMENT_UPDATED,
    COUPON_APPLIED,
    RECONCILE,
)
