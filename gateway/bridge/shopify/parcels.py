"""Shopify's fulfillments, and what carriers report of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.bridge.hook import Hook, Json, Known, Told, Translation, ignore, tell
from gateway.bridge.reading import instant, required_ident, text, web
from gateway.bridge.shopify.people import phone_of
from gateway.domain.shop import ShipmentStatus

_OTHER_WORDS: Final[Mapping[str, ShipmentStatus]] = {
    "label_purchased": ShipmentStatus.LABEL_PRINTED,
    "submitted": ShipmentStatus.CONFIRMED,
    "carrier_picked_up": ShipmentStatus.IN_TRANSIT,
    "delayed": ShipmentStatus.IN_TRANSIT,
    "picked_up": ShipmentStatus.DELIVERED,
    "not_delivered": ShipmentStatus.FAILURE,
}
_OF_FULFILLMENT: Final[Mapping[str, ShipmentStatus]] = {
    "pending": ShipmentStatus.CONFIRMED,
    "open": ShipmentStatus.CONFIRMED,
    # The shop itself writes "is on its way" then, whether or not a carrier has looked at it.
    "success": ShipmentStatus.IN_TRANSIT,
    "cancelled": ShipmentStatus.FAILURE,
    "error": ShipmentStatus.FAILURE,
    "failure": ShipmentStatus.FAILURE,
}


def fulfillment(hook: Hook, _: Known) -> Translation:
    """Translate ``fulfillments/create`` and ``fulfillments/update``."""
    body = hook.body
    status = _carriers_word(text(body, "shipment_status"))
    if status is None:
        status = _OF_FULFILLMENT.get(text(body, "status") or "")
    if status is None:
        return ignore("it has no status that says where the parcel is")
    properties = {
        "phone": phone_of(body, hook.country),
        "order_id": required_ident(body, "order_id"),
        "shipment_id": required_ident(body, "id"),
        "shipment_status": status.value,
        "tracking_company": text(body, "tracking_company"),
        "tracking_number": text(body, "tracking_number") or _first(body, "tracking_numbers"),
        "tracking_url": web(body.get("tracking_url")) or web(_first(body, "tracking_urls")),
        "estimated_delivery_at": instant(body.get("estimated_delivery_at")),
    }
    time = instant(body.get("updated_at"))
    return tell(Told(kind="shop.shipment.updated.v1", properties=properties, time=time))


def fulfillment_event(hook: Hook, _: Known) -> Translation:
    """Translate ``fulfillment_events/create``: a carrier looked at the parcel."""
    body = hook.body
    status = _carriers_word(text(body, "status"))
    if status is None:
        return ignore("its status says nothing of where the parcel is")
    properties = {
        "order_id": required_ident(body, "order_id"),
        "shipment_id": required_ident(body, "fulfillment_id"),
        "shipment_status": status.value,
        "estimated_delivery_at": instant(body.get("estimated_delivery_at")),
    }
    time = instant(body.get("happened_at"))
    return tell(Told(kind="shop.shipment.updated.v1", properties=properties, time=time))


def _carriers_word(word: str | None) -> ShipmentStatus | None:
    if word is None:
        return None
    known = {status.value: status for status in ShipmentStatus}
    return known.get(word) or _OTHER_WORDS.get(word)


def _first(body: Json, key: str) -> str | None:
    found = body.get(key)
    first = found[0] if isinstance(found, list) and found else None
    return first if isinstance(first, str) and first else None
