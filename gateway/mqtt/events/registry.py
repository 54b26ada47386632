"""Which types of events are taken, and by which model."""

from __future__ import annotations

from typing import Final

from gateway.mqtt.events.consent import ConsentUpdatedEvent
from gateway.mqtt.events.customer import CustomerUpdatedEvent
from gateway.mqtt.events.envelope import CloudEvent
from gateway.mqtt.events.privacy import PrivacyRequestedEvent

EVENTS: Final[dict[str, type[CloudEvent]]] = {
    "shop.consent.updated.v1": ConsentUpdatedEvent,
    "shop.privacy.requested.v1": PrivacyRequestedEvent,
    "shop.customer.updated.v1": CustomerUpdatedEvent,
}
"""By ``type``; a field that goes or changes its meaning needs a ``.v2`` beside it."""
