"""Events as shops publish them."""

from __future__ import annotations

import json
from typing import Any

from support.world import ACME

from gateway.domain.event import StoreEvent
from gateway.mqtt.events import parse_event

CONSENT = "shop.consent.updated.v1"
PRIVACY = "shop.privacy.requested.v1"
CUSTOMER = "shop.customer.updated.v1"

PHONE = "+447700900123"
TIME = "2026-11-23T08:30:00Z"
"""Half an hour before the tests' clock."""

PROPERTIES: dict[str, dict[str, Any]] = {
    CONSENT: {
        "phone": PHONE,
        "channel": "sms",
        "purpose": "marketing.offers",
        "state": "subscribed",
        "consent_updated_at": TIME,
        "consent_collected_from": "https://shop.example/checkout",
        "text_version": "sms-2026-03",
    },
    PRIVACY: {"phone": PHONE, "kind": "object", "due_at": "2026-12-23T00:00:00Z"},
    CUSTOMER: {"phone": PHONE, "country": "GB", "timezone": "Europe/London"},
}
"""What each type needs."""

LEFT_OUT = "(left out)"


def document(
    kind: str,
    name: str = "event-1",
    /,
    *,
    time: str = TIME,
    customer: str | None = "8812",
    envelope: dict[str, Any] | None = None,
    **properties: Any,
) -> dict[str, Any]:
    """An event; `LEFT_OUT` takes a property out."""
    said = PROPERTIES[kind] | properties
    data: dict[str, Any] = {
        "properties": {key: value for key, value in said.items() if value != LEFT_OUT}
    }
    if customer is not None:
        data["userId"] = customer
    return {
        "specversion": "1.0",
        "id": name,
        "source": "//shop.example/main",
        "type": kind,
        "time": time,
        "data": data,
    } | (envelope or {})


def event(kind: str, name: str = "event-1", /, **changes: Any) -> StoreEvent:
    """The same, as it comes from the door."""
    return parse_event(ACME, json.dumps(document(kind, name, **changes)).encode())
